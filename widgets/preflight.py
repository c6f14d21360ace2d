"""Checks what Qt needs before Qt is loaded, because Qt aborts the process where something is missing.

Imports no Qt.
"""

from __future__ import annotations

import ctypes
import os
import sys
from importlib.util import find_spec
from pathlib import Path

_PACKAGES = "libxcb-cursor0 libxcb-icccm4 libxcb-keysyms1 libxkbcommon-x11-0 libegl1 libgl1 libfontconfig1"


def has_display() -> bool:
    """Whether a window can be shown. Only Linux and its kin can be without a display."""
    if sys.platform in ("win32", "darwin") or os.environ.get("QT_QPA_PLATFORM"):
        return True
    return bool(os.environ.get("WAYLAND_DISPLAY")) or (
        bool(os.environ.get("DISPLAY")) and _x_server_answers()
    )


def missing_library() -> str | None:
    """One line that names what Qt cannot load and the packages that bring it; None where all is well."""
    try:
        import PySide6.QtWidgets  # noqa: F401
    except ImportError as error:
        return _advice(error)
    if sys.platform.startswith("linux") and _will_use_xcb():
        try:
            ctypes.CDLL(str(_xcb_plugin()))
        except OSError as error:
            return _advice(error)
    return None


def _advice(error: Exception) -> str:
    return f"Qt cannot load ({error}). On Debian or Ubuntu: apt install {_PACKAGES}"


def _will_use_xcb() -> bool:
    chosen = os.environ.get("QT_QPA_PLATFORM", "")
    if chosen:
        return chosen.startswith("xcb")
    return bool(os.environ.get("DISPLAY")) and not os.environ.get("WAYLAND_DISPLAY")


def _xcb_plugin() -> Path:
    specification = find_spec("PySide6")
    assert specification is not None
    assert specification.origin is not None
    return Path(specification.origin).parent / "Qt" / "plugins" / "platforms" / "libqxcb.so"


def _x_server_answers() -> bool:
    """Ask as Qt will; without the library to ask with, let `missing_library` say so."""
    try:
        xcb = ctypes.CDLL("libxcb.so.1")
    except OSError:
        return True
    xcb.xcb_connect.restype = ctypes.c_void_p
    xcb.xcb_connect.argtypes = [ctypes.c_char_p, ctypes.c_void_p]
    xcb.xcb_connection_has_error.argtypes = [ctypes.c_void_p]
    xcb.xcb_disconnect.argtypes = [ctypes.c_void_p]
    connection = xcb.xcb_connect(None, None)
    try:
        return int(xcb.xcb_connection_has_error(connection)) == 0
    finally:
        xcb.xcb_disconnect(connection)
