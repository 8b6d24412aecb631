"""The HTTP side: a read-only SPARQL endpoint, pages, an API and a static site, given an opened graph."""
