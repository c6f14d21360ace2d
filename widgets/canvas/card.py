"""The card that says what a box is and why."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtWidgets import QLabel, QWidget

from inspector.review.verdicts import Entry
from inspector.review.words import box_words, judgement_words
from widgets.canvas.facts import Facts
from widgets.strokes import Look
from widgets.theme import Colours

_GAP = 12
_WIDEST = 300
_LITTLE = 0.1
"""The share of a large box that a card may hide."""
_LONGEST_NOTE = 300
"""Characters of a note that the card shows."""


class InfoCard(QLabel):
    """Text only: it takes no clicks, and lies where it hides as little as possible."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("canvasCard")
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setTextFormat(Qt.TextFormat.RichText)
        self.setWordWrap(True)
        self.setMargin(8)
        self.hide()

    def dress(self, colours: Colours) -> None:
        """Take the theme's colours."""
        self.setStyleSheet(
            f"#canvasCard {{ background: {colours.raised}; color: {colours.text};"
            f" border: 1px solid {colours.border}; border-radius: 4px; }}"
        )

    def tell(self, facts: Facts, colours: Colours, *, briefly: bool = False) -> None:
        """Say this, in as little room as it needs; `briefly` the first line alone."""
        text = card_text(facts, colours)
        text = text.split("<br>", 1)[0] if briefly else text
        if text != self.text():
            self.setText(text)
            self.setWordWrap(False)
            natural = self.sizeHint()
            self.setWordWrap(True)
            width = min(natural.width(), _WIDEST)
            self.resize(width, max(self.heightForWidth(width), 0))


def card_text(facts: Facts, colours: Colours) -> str:
    """Rich text: the class with its score and outcome, the reason, the partner, the size, the verdict."""
    outcome_colours = {
        Look.TP: colours.tp_text,
        Look.MATCHED: colours.tp_text,
        Look.FP: colours.fp_text,
        Look.FN: colours.fn_text,
    }
    colour = colours.muted if facts.look is None else outcome_colours.get(facts.look, colours.muted)
    title = escape(facts.class_name) + ("" if facts.score is None else f" {facts.score:.3f}")
    lines = [f'<b>{title}</b>&nbsp;&nbsp;<span style="color:{colour}"><b>{facts.outcome}</b></span>']
    if facts.reason:
        lines.append(escape(facts.reason))
    muted = []
    if facts.iou is not None:
        muted.append(f"{facts.iou_name} {facts.iou:.3f} with {escape(facts.partner_words)}")
    width, height = (f"{side:,.0f}" if side < 1e9 else f"{side:.3g}" for side in facts.size)
    muted.append(f"{width} × {height} px")
    lines += [f'<span style="color:{colours.muted}">{line}</span>' for line in muted]
    if facts.entry is not None:
        lines += _verdict_lines(facts.entry, colours)
    return "<br>".join(lines)


def _verdict_lines(entry: Entry, colours: Colours) -> list[str]:
    """What was said, the note, and who said it when."""
    verdict, lines = entry.verdict, []
    if words := judgement_words(verdict):
        lines.append(f'<span style="color:{colours.verdict_text}"><b>{escape(words)}</b></span>')
    if verdict.right_box is not None:
        lines.append(f"should be at {box_words(verdict.right_box)}")
    if verdict.note:
        note = verdict.note if len(verdict.note) <= _LONGEST_NOTE else verdict.note[:_LONGEST_NOTE] + "…"
        lines.append(f"<i>{escape(note).replace(chr(10), '<br>')}</i>")
    when = entry.time.astimezone().strftime("%Y-%m-%d %H:%M")
    lines.append(f'<span style="color:{colours.muted}">{escape(entry.author)}, {when}</span>')
    return lines


def place_card(size: QSize, room: QRect, spared: Sequence[QRect], cursor: QPoint | None) -> QPoint | None:
    """Where a card of this size hides none of some boxes, nor the cursor; None where there is no such place.

    Without a cursor a corner of the room comes first, the lower ones before the upper ones. Of boxes so large
    that nothing is free beside them, a little may be hidden.
    """
    area = room.adjusted(_GAP, _GAP, -_GAP, -_GAP)
    right, bottom = area.right() + 1 - size.width(), area.bottom() + 1 - size.height()
    if right < room.left() or bottom < room.top():
        return None

    def inside(x: int, y: int) -> QPoint:
        return QPoint(max(area.left(), min(x, right)), max(area.top(), min(y, bottom)))

    seen = [box & room for box in spared if box.intersects(room)]
    places = [inside(x, y) for y in (bottom, area.top()) for x in (area.left(), right)]
    for box in seen:
        middle = box.center() if cursor is None else cursor
        x, y = middle.x() - size.width() // 2, middle.y() - size.height() // 2
        places += [
            inside(box.right() + _GAP, y),
            inside(box.left() - _GAP - size.width(), y),
            inside(x, box.bottom() + 2 * _GAP),
            inside(x, box.top() - 2 * _GAP - size.height()),
        ]
    if cursor is not None:
        places.sort(key=lambda at: (QRect(at, size).center() - cursor).manhattanLength())
        seen.append(QRect(cursor, QSize(1, 1)).adjusted(-_GAP, -_GAP, _GAP, _GAP))
    at = min(places, key=lambda at: max((_hidden(QRect(at, size), box) for box in seen), default=0.0))
    return at if all(_hidden(QRect(at, size), box) <= _LITTLE for box in seen) else None


def _hidden(card: QRect, box: QRect) -> float:
    """The share of the box."""
    shared = card & box
    return shared.width() * shared.height() / (box.width() * box.height()) if shared.isValid() else 0.0
