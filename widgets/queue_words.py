"""What is said where a step leads nowhere, or round to the other end."""

from __future__ import annotations

from inspector.export.report import counted
from inspector.one_side import why_not
from inspector.refs import Side

_LAST = {1: "last", -1: "first"}


def suspects_end(step: int, where: str, left: int, before: int, outside: int) -> str:
    """`where` the steps are restricted to, or ""; how many without a verdict are `left` there, how many of
    them come `before`, and how many are `outside`."""
    end = f"That was the {_LAST[step]} suspect{where and f' {where}'}"
    others = f"; {outside:,} elsewhere without one" if outside else ""
    if step < 0:
        return f"{end}."
    if not left:
        return f"{end}: all of them have a verdict{others}."
    have = "has" if before == 1 else "have"
    return end + (f"; {before:,} before it {have} no verdict" if before else "") + f"{others}."


def errors_end(step: int, outside: int, *, all_classes: bool) -> str:
    """`outside`: how many there are in images that are not listed."""
    of_classes = "" if all_classes else " and chosen classes"
    others = f"; {counted(outside, 'other')} in images that are not listed" if outside else ""
    return f"That was the {_LAST[step]} unreviewed error of the listed images{of_classes}{others}."


def images_end(step: int, left: int, outside: int) -> str:
    """How many unreviewed images are `left` of those listed, besides the one that was left."""
    others = f"; {outside:,} more are not listed" if outside else ""
    if not left:
        return f"All other listed images are reviewed{others}."
    end = "beginning" if step > 0 else "end"
    return f"On from the {end}: {counted(left, 'unreviewed image')} left{others}."


def nothing_evaluated(missing: Side | None, *, is_looking: bool = False) -> str:
    """Why there is nothing to step to at all."""
    if missing is not None:
        return why_not(missing, "there are neither suspect labels nor errors")
    return "Suspect labels are being looked for…" if is_looking else "Nothing is evaluated."
