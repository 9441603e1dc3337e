"""The examples in the docstrings of this room are run."""

import doctest
import importlib
import pkgutil

import pytest

import qa

MODULES = [f"qa.{module.name}" for module in pkgutil.iter_modules(qa.__path__) if not module.ispkg]


@pytest.mark.parametrize("name", MODULES)
def test_examples(name: str) -> None:
    assert doctest.testmod(importlib.import_module(name)).failed == 0
