"""Question in, Answer or NoAnswer out."""
