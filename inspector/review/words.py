"""Verdicts in words, the same everywhere."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from inspector.review.verdicts import Box, Entry, Judgement, Kind, Verdict

JUDGEMENTS: Final[Mapping[Judgement, str]] = MappingProxyType(
    {
        Judgement.LABEL: "label wrong",
        Judgement.MODEL: "model wrong",
        Judgement.AMBIGUOUS: "ambiguous",
        Judgement.FINE: "nothing wrong",
    }
)
KINDS: Final[Mapping[Kind, str]] = MappingProxyType(
    {
        Kind.MISSING: "missing label",
        Kind.SPURIOUS: "spurious",
        Kind.WRONG_CLASS: "wrong class",
        Kind.BADLY_PLACED: "badly placed",
        Kind.DUPLICATE: "duplicate",
        Kind.IGNORE: "crowd or ignored",
    }
)


def kind_words(verdict: Verdict) -> str:
    """How the label is wrong, with the right class: "wrong class: car"; "" where nobody said."""
    if verdict.kind is None:
        return ""
    kind = KINDS[verdict.kind]
    return f"{kind}: {verdict.right_class}" if verdict.right_class else kind


def judgement_words(verdict: Verdict) -> str:
    """In full: "label wrong: spurious", or "label wrong: wrong class, should be car"; "" where nothing is."""
    if verdict.judgement is None:
        return ""
    parts = [JUDGEMENTS[verdict.judgement]]
    if verdict.kind is not None:
        parts.append(KINDS[verdict.kind])
    words = ": ".join(parts)
    return f"{words}, should be {verdict.right_class}" if verdict.right_class else words


def short_words(verdict: Verdict) -> str:
    """For a mark beside a box: how the label is wrong, or else who is; "note" where there is only a note."""
    if verdict.judgement is None:
        return "note" if verdict.note else ""
    return kind_words(verdict) or JUDGEMENTS[verdict.judgement]


def image_words(entry: Entry) -> str:
    """What was said of an image, in short: "reviewed by Ada · flagged · a note"."""
    verdict = entry.verdict
    said = ["reviewed"] if verdict.reviewed else []
    if verdict.judgement is not None:
        said.append("flagged" if verdict.is_flag else JUDGEMENTS[verdict.judgement])
    if said:
        said[0] += f" by {entry.author}"
    return " · ".join([*said, *([" ".join(verdict.note.split())] if verdict.note else [])])


def box_words(box: Box) -> str:
    """x, y and size in whole pixels: "12, 30, 40 × 50"."""
    x, y, width, height = (f"{value:.0f}" for value in box)
    return f"{x}, {y}, {width} × {height}"
