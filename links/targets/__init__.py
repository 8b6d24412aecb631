"""The targets: each reads reference tables and proposes one or more link sets."""
