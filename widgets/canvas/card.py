"""The card that says what a box is and why."""

from __future__ import annotations

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

    def tell(self, facts: Facts, colours: Colours) -> None:
        """Say this, in as little room as it needs."""
        text = card_text(facts, colours)
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


def place_card(size: QSize, room: QRect, avoid: QRect, cursor: QPoint) -> QPoint:
    """Where a card of this size hides neither the box nor the cursor, within the room where possible."""
    right, bottom = room.right() + 1 - size.width(), room.bottom() + 1 - size.height()

    def inside(x: int, y: int) -> QPoint:
        return QPoint(max(room.left(), min(x, right)), max(room.top(), min(y, bottom)))

    beside_y, beside_x = cursor.y() - size.height() // 2, cursor.x() - size.width() // 2
    choices = [
        inside(avoid.right() + _GAP, beside_y),
        inside(avoid.left() - _GAP - size.width(), beside_y),
        inside(beside_x, avoid.bottom() + 2 * _GAP),
        inside(beside_x, avoid.top() - 2 * _GAP - size.height()),
    ]
    near_cursor = QRect(cursor, QSize(1, 1)).adjusted(-_GAP, -_GAP, _GAP, _GAP)
    free = [at for at in choices if not QRect(at, size).intersects(avoid | near_cursor)]
    if free:
        return min(free, key=lambda at: (QRect(at, size).center() - cursor).manhattanLength())
    # The box fills the room: beside the cursor then.
    x = cursor.x() + _GAP if cursor.x() + _GAP <= right else cursor.x() - _GAP - size.width()
    y = cursor.y() + _GAP if cursor.y() + _GAP <= bottom else cursor.y() - _GAP - size.height()
    return inside(x, y)


def dock_card(size: QSize, room: QRect, avoid: QRect) -> QPoint:
    """The corner of the room, the lower ones first, where a card hides the least of the box."""
    left, top = room.left() + _GAP, room.top() + _GAP
    right, bottom = room.right() + 1 - _GAP - size.width(), room.bottom() + 1 - _GAP - size.height()
    corners = [QPoint(left, bottom), QPoint(right, bottom), QPoint(right, top), QPoint(left, top)]

    def hidden(at: QPoint) -> int:
        shared = QRect(at, size) & avoid
        return shared.width() * shared.height() if shared.isValid() else 0

    return min(corners, key=hidden)
