"""The catalogue of stored queries: the help of one query, Markdown in three languages, RDF."""

from __future__ import annotations

import rdflib

from engine.query.library import StoredQuery, markdown, query_help, read, turtle

HEADER = """#+ summary: Money of `granted` kind
#+ summary_fi: Rahaa
#+ summary_sv: Pengar
#+ description: >-
#+   One row a theme. The sum counts each project once, whatever the number of documents that state it, and leaves out what is
#+   only planned.
#+ tags: [themes, money]
#+ question: Q7
#+ sources: [eura]
#+ params:
#+   - name: theme
#+     type: theme
#+     description: only this one
#+   - name: phase
#+     type: text
#+     default: granted
#+     allowed: [granted, paid]
#+ limits: What no document says is not counted, and a project of two themes is counted in both of them, so rows do not add up.
#+ view: table
"""
BODY = """PREFIX tg: <https://w3id.org/teemagraafi/def#>
SELECT ?theme WHERE {
  VALUES ?theme { UNDEF }
  VALUES ?phase { "granted" }
  ?theme a tg:Theme ; tg:phase ?phase
}"""
PLAIN = """#+ summary: Is there a theme?
#+ summary_fi: Onko?
#+ summary_sv: Finns?
#+ tags: [a]
#+ view: table
ASK { ?theme a <urn:t> }"""


def money() -> StoredQuery:
    return read(f"{HEADER}{BODY}\n", "money")


def test_the_help_of_a_query_says_all_that_its_header_says() -> None:
    assert (
        query_help(money())
        == """money

  Money of `granted` kind
  Rahaa
  Pengar

  One row a theme. The sum counts each project once, whatever the number of documents that state
  it, and leaves out what is only planned.

Parameters
  -p theme=…  theme (any unless given): only this one
  -p phase=…  text (default granted; one of granted, paid)

Limits: What no document says is not counted, and a project of two themes is counted in both of
  them, so rows do not add up.

Needs: eura

Tags: themes, money
Question: Q7

Example: teemagraafi query money -p theme="…\""""
    )


def test_a_query_without_more_has_a_short_help() -> None:
    query = read(PLAIN, "any")
    assert (
        query_help(query)
        == "any\n\n  Is there a theme?\n  Onko?\n  Finns?\n\nTags: a\n\nExample: teemagraafi query any"
    )


def test_the_page_of_queries_has_a_table_and_a_section_each() -> None:
    assert (
        markdown([money()])
        == f"""# Stored queries

| Query | Answers |
| --- | --- |
| [money](#money) | Money of \\`granted\\` kind |

## money

Money of \\`granted\\` kind (Q7)

One row a theme. The sum counts each project once, whatever the number of documents that state it, and leaves out what is only planned.

Parameters:

- `theme` – theme, any: only this one
- `phase` – text (granted | paid), `granted`

Limitations: What no document says is not counted, and a project of two themes is counted in both of them, so rows do not add up.

Needs: eura

```sparql
{BODY}
```
"""  # noqa: E501
    )


def test_the_page_is_in_the_language_asked_for() -> None:
    assert (
        markdown([money()], "fi")
        == f"""# Valmiit kysymykset

| Kysely | Mihin vastaa |
| --- | --- |
| [money](#money) | Rahaa |

## money

Rahaa (Q7)

Parametrit:

- `theme` – teema, mikä tahansa
- `phase` – teksti (granted | paid), `granted`

Tarvitsee: eura

```sparql
{BODY}
```
"""
    )
    sections = markdown([read(PLAIN, "any"), money()], "sv").split("\n## ")
    assert [section.splitlines()[0] for section in sections[1:]] == ["any", "money"]
    assert sections[1] == "any\n\nFinns?\n\n```sparql\nASK { ?theme a <urn:t> }\n```\n"


def test_the_catalogue_in_rdf_can_be_run_from() -> None:
    graph = rdflib.Graph().parse(data=turtle([money()], "https://example.org/sparql"), format="turtle")
    expected = rdflib.Graph().parse(
        data=f"""
        @prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
        @prefix sh: <http://www.w3.org/ns/shacl#> .
        @prefix dct: <http://purl.org/dc/terms/> .
        @prefix schema: <https://schema.org/> .
        @prefix q: <https://w3id.org/teemagraafi/queries/> .
        q:money a sh:SPARQLExecutable, sh:SPARQLSelectExecutable ;
            dct:identifier "Q7" ;
            rdfs:comment "Money of `granted` kind"@en, "Pengar"@sv, "Rahaa"@fi ;
            sh:prefixes <https://w3id.org/teemagraafi/queries/prefixes/tg> ;
            sh:select '''{BODY}''' ;
            schema:keywords "money", "themes" ;
            schema:target <https://example.org/sparql> .
        <https://w3id.org/teemagraafi/queries/prefixes/tg>
            sh:declare <https://w3id.org/teemagraafi/queries/prefixes/tg#declaration> .
        <https://w3id.org/teemagraafi/queries/prefixes/tg#declaration> sh:prefix "tg" ;
            sh:namespace "https://w3id.org/teemagraafi/def#"^^<http://www.w3.org/2001/XMLSchema#anyURI> .
        """,
        format="turtle",
    )
    assert set(graph) == set(expected)


def test_other_forms_and_no_endpoint() -> None:
    graph = rdflib.Graph().parse(data=turtle([read(PLAIN, "any")]), format="turtle")
    text = {(p.split("#")[-1].split("/")[-1], str(o).split("#")[-1]) for _, p, o in graph}
    assert text == {
        ("type", "SPARQLExecutable"), ("type", "SPARQLAskExecutable"), ("ask", "ASK { ?theme a <urn:t> }"),
        ("comment", "Is there a theme?"), ("comment", "Onko?"), ("comment", "Finns?"), ("keywords", "a"),
    }  # fmt: skip
