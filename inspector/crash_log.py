"""Keeps the traceback of an unexpected error in a file: people see one line, and can send the file."""

from __future__ import annotations

import traceback

from inspector.user_folders import user_cache_folder


def write_crash_log(error: BaseException) -> str:
    """Write the traceback; returns a phrase that says where it is."""
    path = user_cache_folder() / "detection-inspector" / "last-error.txt"
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("".join(traceback.format_exception(error)), encoding="utf-8")
    except OSError as failure:
        return f"details could not be written to {path}: {failure.strerror}"
    return f"details are in {path}"
