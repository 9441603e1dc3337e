"""Readers: find the exact words in retrieved passages."""
