"""The installed program."""

from __future__ import annotations

import tomllib
from pathlib import Path

from resources import icon, style_sheet


def test_the_entry_point_is_the_function_that_main_py_runs() -> None:
    project = tomllib.loads((Path(__file__).parents[2] / "pyproject.toml").read_text(encoding="utf-8"))
    assert project["project"]["scripts"] == {"detection-inspector": "main:entry_point"}
    assert project["tool"]["setuptools"]["py-modules"] == ["main"]


def test_resources_are_found_wherever_the_package_lies() -> None:
    from widgets.theme import DARK, LIGHT

    assert icon("application").startswith(b"<svg")
    for colours in (DARK, LIGHT):
        sheet = style_sheet(colours)
        assert colours.panel in sheet
        assert "$panel" not in sheet
