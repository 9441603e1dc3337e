"""Settings: from an injected mapping, with errors that name key, value and expectation."""

from dataclasses import replace
from pathlib import Path

import pytest

from service.settings import Settings
from sources.errors import SettingsError


def test_the_empty_environment_gives_the_defaults() -> None:
    settings = Settings.from_mapping({"HOME": "/somewhere", "XDG_CACHE_HOME": "/cache"})
    assert (settings.data, settings.cache) == (Path(".quotary"), Path("/cache/quotary"))
    assert (settings.host, settings.port, settings.model) == ("127.0.0.1", 8000, "all-MiniLM-L6-v2")
    assert settings.reader == "default"
    assert settings.threads is None
    assert settings.workers == 1


def test_a_process_works_on_one_request_more_than_its_share_of_the_cores_at_a_time() -> None:
    alone = Settings(Path("d"), Path("c"))
    assert alone.at_a_time >= 2
    assert replace(alone, workers=64).at_a_time <= alone.at_a_time
    assert replace(alone, workers=10_000).at_a_time == 2
    assert replace(alone, threads=7, workers=2).at_a_time == 7


def test_quick_requests_are_worked_on_in_place_where_each_of_several_processes_has_a_core() -> None:
    alone = Settings(Path("d"), Path("c"))
    assert not alone.in_place
    assert replace(alone, workers=10_000).in_place


def test_every_setting_can_be_given() -> None:
    given = {
        "DATA": "d",
        "CACHE": "c",
        "HOST": "::1",
        "PORT": "81",
        "MODEL": "m",
        "READER": "none",
        "THREADS": "3",
        "WORKERS": "2",
    }
    settings = Settings.from_mapping({f"QUOTARY_{name}": value for name, value in given.items()})
    assert settings == Settings(Path("d"), Path("c"), "::1", 81, "m", "none", 3, 2)


@pytest.mark.parametrize(
    ("key", "value", "expected"),
    [
        ("QUOTARY_PORT", "eighty", "a whole number from 0 to 65535"),
        ("QUOTARY_PORT", "70000", "a whole number from 0 to 65535"),
        ("QUOTARY_THREADS", "0", "a whole number from 1 to 256"),
        ("QUOTARY_WORKERS", "0", "a whole number from 1 to 64"),
        ("QUOTARY_DATA", " ", "a directory"),
    ],
)
def test_a_wrong_value_is_named_with_what_would_be_right(key: str, value: str, expected: str) -> None:
    with pytest.raises(SettingsError) as raised:
        Settings.from_mapping({key: value})
    assert str(raised.value) == f"{key}={value!r} is not allowed; give {expected}"


def test_a_misspelt_name_is_not_ignored() -> None:
    with pytest.raises(SettingsError, match="QUOTARY_PROT is not a setting; there are QUOTARY_CACHE, QUOTARY_DATA"):
        Settings.from_mapping({"QUOTARY_PROT": "80"})
