"""The version of the program, which every document it read carries."""

VERSION = "0.1.0"
