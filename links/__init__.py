"""Links to other datasets: proposed by rule, decided by persons, checked against newer references.

The sets themselves lie beside this module as ``<set>.sssom.tsv``; ``links.sets`` reads them into the graph.
"""
