"""SHACL compiled to SPARQL: shapes checked against a graph by queries."""
