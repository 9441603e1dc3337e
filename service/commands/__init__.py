"""The commands, a file for each kind; each has `register(app)` and imports heavy things only when run."""
