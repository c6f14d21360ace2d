from __future__ import annotations

import sys
from pathlib import Path

import pytest

from inspector.user_folders import user_cache_folder


def test_linux_uses_the_xdg_variable_where_it_is_absolute(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert user_cache_folder() == tmp_path


@pytest.mark.parametrize("value", ["", "relative/folder"])
def test_linux_falls_back_to_the_home_folder(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setenv("XDG_CACHE_HOME", value)
    assert user_cache_folder() == Path.home() / ".cache"


def test_macos_uses_library_caches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "darwin")
    assert user_cache_folder() == Path.home() / "Library" / "Caches"


def test_windows_uses_local_application_data(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(sys, "platform", "win32")
    monkeypatch.setenv("LOCALAPPDATA", str(tmp_path))
    assert user_cache_folder() == tmp_path
    monkeypatch.delenv("LOCALAPPDATA")
    assert user_cache_folder() == Path.home() / "AppData" / "Local"
