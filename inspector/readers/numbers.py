"""Numbers in text files, read as people mean them and never as something else."""

from __future__ import annotations


def number(text: str | None, *, decimal_comma: bool = False) -> float | None:
    """A number, also "nan" or "inf" (who asks has to look); None where the text is none.

    `decimal_comma`: "0,5" is 0.5.
    """
    if text is None or "_" in text:  # Python takes "1_0" for 10
        return None
    try:
        return float(text.replace(",", ".") if decimal_comma else text)
    except ValueError:
        return None


def whole_size(width: float | None, height: float | None) -> tuple[int, int] | None:
    """Width and height of an image in pixels; None where they are not two positive whole numbers."""
    if width is None or height is None or not (1 <= width < 2**31 and 1 <= height < 2**31):
        return None
    return (int(width), int(height)) if float(width).is_integer() and float(height).is_integer() else None


def is_true(text: str | None) -> bool:
    """Whether a mark such as "1" or "true" is set; a missing or empty one is not."""
    return text is not None and text.strip().lower() in ("1", "true", "yes", "y", "t", "1.0")
