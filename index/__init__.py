"""Passages, vectors, terms and the store that is their single truth."""
