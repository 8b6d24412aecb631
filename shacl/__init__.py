"""SHACL compiled to SPARQL: validates RDF data of any size with pyoxigraph, and gives the results of the recommendation.

>>> from shacl import validate
>>> report = validate("data.ttl", "shapes.ttl")  # doctest: +SKIP
>>> report.conforms, len(report.results)  # doctest: +SKIP
(False, 3)

The sections that docstrings name are those of https://www.w3.org/TR/shacl/.
"""

from shacl.data import Data
from shacl.run import Report, load_shapes, validate
from shacl.shapes import Result, Shape, Shapes
from shacl.terms import DataError, ShapesError

__all__ = ["Data", "DataError", "Report", "Result", "Shape", "Shapes", "ShapesError", "load_shapes", "validate"]
