"""Benchmarks: each module is a command that prints figures and their ratio to a baseline run in the same call."""
