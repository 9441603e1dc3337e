"""Formats in, articles out: parsing, sentence boundaries, boilerplate and the bundled sample."""
