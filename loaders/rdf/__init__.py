"""Records and rows as quads. The only package that mints IRIs."""
