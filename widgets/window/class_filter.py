"""The button in the tool bar that chooses classes."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from widgets.session import Session

_CHECKED, _UNCHECKED = Qt.CheckState.Checked, Qt.CheckState.Unchecked


class ClassFilter(QToolButton):
    """Says which classes are chosen; pressed, it opens the list to choose from."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("field")
        self.setFixedWidth(190)  # its text must not push the sliders about
        self.setToolTip("Choose the classes that everything is shown for (C)")
        self._session = session
        self._popup = _ClassPopup(session, self)
        self.clicked.connect(self.open_list)
        session.dataset_changed.connect(self._show)
        session.operating_point_changed.connect(self._show)
        self._show()

    def open_list(self) -> None:
        """Show the list below the button, ready to type into."""
        if self._session.dataset is not None:
            self._popup.open_at(self)

    def _show(self) -> None:
        dataset, rows = self._session.dataset, self._session.wish.class_rows
        total = len(dataset.classes) if dataset else 0
        if rows is None or dataset is None:
            text = f"All classes ({total})"
        elif len(rows) == 1:
            text = dataset.classes.names[next(iter(rows))]
        else:
            text = f"{len(rows)} of {total} classes"
        self.setText(f"{self.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, 150)} ▾")


class _ClassPopup(QFrame):
    """A searchable list with a box to tick for each class."""

    def __init__(self, session: Session, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self.setFrameShape(QFrame.Shape.StyledPanel)
        self._session = session
        self._search = QLineEdit(placeholderText="Type to find a class")
        self._search.setClearButtonEnabled(True)
        self._search.textChanged.connect(self._find)
        self._search.installEventFilter(self)
        self._list = QListWidget()
        self._list.setToolTip("Tick several; Enter or a double click shows one class alone")
        self._list.itemChanged.connect(self._on_ticked)
        self._list.itemActivated.connect(self._show_alone)
        every, none = QPushButton("All"), QPushButton("None")
        every.clicked.connect(lambda: self._choose(None))
        none.clicked.connect(lambda: self._choose(frozenset()))
        buttons = QHBoxLayout()
        buttons.addWidget(every)
        buttons.addWidget(none)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(6, 6, 6, 6)
        for part in (self._search, self._list):
            layout.addWidget(part)
        layout.addLayout(buttons)
        self.resize(260, 380)
        session.dataset_changed.connect(self._fill)
        self._fill()

    def open_at(self, button: QWidget) -> None:
        self._search.clear()
        self._show_ticks()
        self.move(button.mapToGlobal(button.rect().bottomLeft()))
        self.show()
        self._search.setFocus()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Down moves from the search into the list; Enter shows the first class found alone."""
        if watched is self._search and isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            found = [item for item in self._items() if not item.isHidden()]
            if event.key() == Qt.Key.Key_Down and found:
                self._list.setCurrentItem(found[0])
                self._list.setFocus()
                return True
            if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and found:
                self._show_alone(found[0])
                return True
        return super().eventFilter(watched, event)

    def _items(self) -> list[QListWidgetItem]:
        return [self._list.item(row) for row in range(self._list.count())]

    def _fill(self) -> None:
        self._list.clear()
        dataset = self._session.dataset
        for name in dataset.classes.names if dataset else ():
            self._list.addItem(QListWidgetItem(name))
        self._show_ticks()

    def _show_ticks(self) -> None:
        rows = self._session.wish.class_rows
        for row, item in enumerate(self._items()):
            state = _CHECKED if rows is None or row in rows else _UNCHECKED
            if item.data(Qt.ItemDataRole.CheckStateRole) != state.value:
                item.setCheckState(state)

    def _find(self, text: str) -> None:
        for item in self._items():
            item.setHidden(text.casefold() not in item.text().casefold())

    def _on_ticked(self, changed: QListWidgetItem) -> None:
        rows = self._session.wish.class_rows
        row = self._list.row(changed)
        ticked = changed.checkState() is _CHECKED
        if ticked == (rows is None or row in rows):
            return  # the list follows the session
        everything = frozenset(range(self._list.count()))
        wanted = (everything if rows is None else rows) ^ {row}
        self._session.set_class_rows(None if wanted == everything else wanted)

    def _choose(self, rows: frozenset[int] | None) -> None:
        self._session.set_class_rows(rows)
        self._show_ticks()

    def _show_alone(self, item: QListWidgetItem) -> None:
        self._session.set_class_rows(frozenset({self._list.row(item)}))
        self.hide()
