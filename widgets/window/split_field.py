"""Chooses the split that is evaluated and shown: in the tool bar, and in a menu."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QMenu, QSizePolicy, QWidget

from inspector.export.report import one_line
from inspector.selection import split_sizes
from widgets.drop_down import DropDown
from widgets.session import Session

_LONGEST_NAME = 20
"""Characters of a split in the tool bar, which is narrow."""


def _entries(session: Session) -> Sequence[tuple[str, str | None]]:
    """What to choose from: what it is called, and the split; nothing where there are no two."""
    opened = session.opened
    sizes = {} if opened is None else split_sizes(opened)
    if opened is None or not sizes:
        return ()
    each = [(f"{one_line(name, _LONGEST_NAME)} ({count:,})", name) for name, count in sizes.items()]
    return [(f"All splits ({len(opened.images):,})", None), *each]


class SplitField(DropDown):
    """Only where a data set has splits; it says what was asked for last."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__((), parent)
        self._session = session
        self.place: QAction | None = None
        """What shows and hides it, where it stands in a tool bar."""
        self._shown: Sequence[tuple[str, str | None]] = ()
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self.setAccessibleName("Split")
        self.setToolTip("Of which split images are evaluated and shown (Ctrl+T: the next)")
        self.activated.connect(lambda place: session.choose_split(self._shown[place][1]))
        session.dataset_changed.connect(self._show)
        session.activity_changed.connect(self._follow)
        self._show()

    def _show(self) -> None:
        entries = _entries(self._session)
        if entries != self._shown:
            self._shown = entries
            self.clear()
            self.addItems([text for text, _ in entries])
            self.setMinimumWidth(self.sizeHint().width())
        if self.place is not None:
            self.place.setVisible(bool(entries))
        self._follow()

    def _follow(self) -> None:
        """Also where it was given up: then it is what it was before."""
        splits = [split for _, split in self._shown]
        if self._session.split in splits:
            self.setCurrentIndex(splits.index(self._session.split))


class SplitMenu(QMenu):
    """The same as a menu, made when it is opened."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__("Split", parent)
        self._session = session
        session.dataset_changed.connect(self._show)
        self.aboutToShow.connect(self._show)
        self._show()

    def _show(self) -> None:
        self.clear()
        entries = _entries(self._session)
        self.setEnabled(bool(entries))
        group = QActionGroup(self)
        for text, split in entries:
            action = self.addAction(text.replace("&", "&&"))
            action.setCheckable(True)
            action.setChecked(split == self._session.split)
            action.triggered.connect(lambda _on=False, chosen=split: self._session.choose_split(chosen))
            group.addAction(action)
