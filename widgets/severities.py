"""How severe a finding is, as people see it: a symbol, a word and a colour, never one of them alone."""

from __future__ import annotations

from typing import Final

from inspector.doctor.findings import Severity
from inspector.export.report import counted
from widgets.theme import Colours

_SYMBOLS: Final = {Severity.ERROR: "■", Severity.WARNING: "▲", Severity.NOTE: "●"}


def marked(severity: Severity, count: int | None = None) -> str:
    """ "■ error", or "■ 2 errors"."""
    word = severity.value if count is None else counted(count, severity.value)
    return f"{_SYMBOLS[severity]} {word}"


def severity_colour(severity: Severity, colours: Colours) -> str:
    """As #rrggbb, to be read on a panel."""
    return {
        Severity.ERROR: colours.fp_text,
        Severity.WARNING: colours.warning_text,
        Severity.NOTE: colours.fn_text,
    }[severity]
