"""Who the user is, and where the operating system wants programs to keep files of the user."""

from __future__ import annotations

import getpass
import os
import sys
from pathlib import Path


def user_cache_folder() -> Path:
    """The folder for files that can be made again; it may not exist yet.

    Linux: XDG_CACHE_HOME or ~/.cache; macOS: ~/Library/Caches; Windows: LOCALAPPDATA.
    """
    if sys.platform == "win32":
        local = os.environ.get("LOCALAPPDATA", "")
        return Path(local) if local else Path.home() / "AppData" / "Local"
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Caches"
    named = Path(os.environ.get("XDG_CACHE_HOME", ""))
    # The XDG specification wants relative paths to be ignored.
    return named if named.is_absolute() else Path.home() / ".cache"


def login_name() -> str:
    """What the system calls the user; "someone" where it does not say."""
    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):  # Python before 3.13 raises whatever it came across
        return "someone"
