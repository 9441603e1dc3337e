"""Public question sets, one format a file: folder or file in, Dataset out."""
