"""Which class a label should have: some letters and Enter, also among a thousand classes."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QModelIndex, QStringListModel, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLabel, QLineEdit, QListView, QWidget

from widgets.judging.popup import Popup

_ROWS = 12
_NO_MATCH = 3
_NARROWEST, _WIDEST = 200, 420
_MOVING = frozenset((Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_PageUp, Qt.Key.Key_PageDown))


def ordered(names: Sequence[str], first: Sequence[str]) -> list[str]:
    """What comes to mind first, then all others by name."""
    known = set(names)
    early = [name for name in dict.fromkeys(first) if name in known]
    return early + sorted(known.difference(early), key=lambda name: (name.casefold(), name))


def matching(names: Sequence[str], typed: str) -> list[str]:
    """Those that begin with what was typed, then those with a word that does, then those that hold it."""
    wanted = typed.strip().casefold()

    def rank(name: str) -> int:
        folded = name.casefold()
        if folded.startswith(wanted):
            return 0
        words = folded.replace("_", " ").replace("-", " ").split()
        if any(word.startswith(wanted) for word in words):
            return 1
        return 2 if wanted in folded else _NO_MATCH

    ranked = sorted((rank(name), place) for place, name in enumerate(names))
    return [names[place] for at, place in ranked if at < _NO_MATCH]


class ClassChooser(Popup):
    """The first of the list is chosen until another one is."""

    chosen = Signal(str)

    def __init__(self, names: Sequence[str], now: str, parent: QWidget) -> None:
        """`names` in the order in which they are offered; `now` is what the label says."""
        super().__init__("Which class is it?", parent)
        self._names = list(names)
        self._field = QLineEdit()
        self._field.setPlaceholderText(f"instead of {now}" if now else "the right class")
        self._field.setAccessibleName("Right class")
        self._field.textChanged.connect(self._filter)
        self._model = QStringListModel(self)
        self.list = QListView()
        self.list.setModel(self._model)
        self.list.setUniformItemSizes(True)
        self.list.setEditTriggers(QListView.EditTrigger.NoEditTriggers)
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.clicked.connect(self._on_click)
        self._nothing = QLabel("No class is called so.")
        self._nothing.setObjectName("muted")
        for part in (self._field, self.list, self._nothing):
            self.column.addWidget(part)
        self._filter("")
        self._fit()

    @property
    def field(self) -> QLineEdit:
        return self._field

    @property
    def current(self) -> str:
        """What Enter takes; "" where nothing matches."""
        return str(self.list.currentIndex().data() or "")

    @property
    def offered(self) -> list[str]:
        """What is listed."""
        return self._model.stringList()

    def take(self) -> None:
        if name := self.current:
            self.close()
            self.chosen.emit(name)

    def on_key(self, event: QKeyEvent) -> bool:
        if event.key() in _MOVING:
            self.list.event(event)
            return True
        return super().on_key(event)

    def _filter(self, typed: str) -> None:
        self._model.setStringList(matching(self._names, typed))
        self.list.setCurrentIndex(self._model.index(0))
        self._nothing.setVisible(not self._model.rowCount())

    def _on_click(self, index: QModelIndex) -> None:
        self.list.setCurrentIndex(index)
        self.take()

    def _fit(self) -> None:
        """As wide as the names, up to a point; the list scrolls."""
        metrics = self.list.fontMetrics()
        longest = sorted(self._names, key=len)[-20:]
        width = max((metrics.horizontalAdvance(name) for name in longest), default=0) + 40
        self.list.setFixedWidth(max(_NARROWEST, min(width, _WIDEST)))
        rows = min(_ROWS, max(3, len(self._names)))
        self.list.setFixedHeight(rows * max(1, self.list.sizeHintForRow(0)) + 4)
