"""Choosing constants on training questions: `python -m eval.tuning.fusion`, `python -m eval.tuning.confidence`."""
