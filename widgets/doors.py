"""Numbers that lead to what they count."""

from __future__ import annotations

from html import escape


def door(filter_text: str, shown: str, colour: str) -> str:
    """For a QLabel, as rich text: a press on `shown` (plain text) activates the link `filter_text`."""
    style = f"color:{colour}; text-decoration:none"
    return f'<a href="{escape(filter_text)}" style="{style}">{escape(shown)}</a>'
