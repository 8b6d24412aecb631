"""Stored queries and SPARQL of the user: read, answered, cited."""
