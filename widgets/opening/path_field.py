"""One path: typed, browsed for, dropped, or chosen from what was found; with its format and what is wrong."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, Qt, Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import (
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QSizePolicy,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from inspector.readers.formats import Format
from inspector.sniffing import Candidate
from widgets.drop_down import DropDown

_FORMAT_WIDTH: Final = 240
_MARGIN: Final = 8
_TOLD: Final = Qt.ItemDataRole.UserRole


class PathField(QWidget):
    """Says nothing by itself: whoever owns it looks at the path on a worker and tells the result."""

    changed = Signal()
    """The path or the format is another one."""
    browsed = Signal(list)
    """Paths that were browsed for or dropped here: they may hold more than this field asks for."""

    def __init__(
        self, title: str, hint: str, formats: Sequence[Format] = (), *, files: bool, folders: bool
    ) -> None:
        """`title` may hold an ampersand before its key; `hint` stands in the empty field."""
        super().__init__()
        self.title = title.replace("&", "")
        self._formats = formats
        self._choice = ""
        self.path_box = _PathBox(hint, self.title)
        self.label = QLabel(title)
        self.label.setBuddy(self.path_box)
        self._format = DropDown(["", *(known.title for known in formats)])
        self._format.setAccessibleName(f"Format of {self.title.lower()}")
        self._format.setToolTip(
            "The format that was recognised by the content; choose another to override it"
        )
        self._format.setFixedWidth(_FORMAT_WIDTH)
        self._format.view().setMinimumWidth(self._format.view().sizeHintForColumn(0) + 2 * _MARGIN)
        self._remark = QLabel(wordWrap=True)
        self._remark.setTextFormat(Qt.TextFormat.PlainText)
        self._remark.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        policy = self._remark.sizePolicy()
        policy.setHorizontalPolicy(QSizePolicy.Policy.Ignored)  # a long path must not widen the dialog
        self._remark.setSizePolicy(policy)
        self._lay_out(files, folders)
        self.setAcceptDrops(True)
        self.path_box.editTextChanged.connect(self._on_path)
        self._format.currentIndexChanged.connect(self.changed)
        self.tell("")
        self._show_recognised("")

    def _lay_out(self, files: bool, folders: bool) -> None:
        line = QHBoxLayout()
        line.setSpacing(6)
        line.addWidget(self.path_box, 1)
        for is_wanted, text, ask in (
            (files, "File…", self._ask_for_file),
            (folders, "Folder…", self._ask_for_folder),
        ):
            if is_wanted:
                button = QPushButton(text, autoDefault=False)
                button.setAccessibleName(f"{text[:-1]} of {self.title.lower()}")
                button.setToolTip(f"Choose a {text[:-1].lower()}: {self.title.lower()}")
                button.clicked.connect(ask)
                line.addWidget(button)
        self._format.setVisible(bool(self._formats))
        line.addWidget(self._format)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        column.addLayout(line)
        column.addWidget(self._remark)

    # --- what it holds ---

    @property
    def path(self) -> Path | None:
        text = self.path_box.currentText().strip().strip('"')
        return Path(text) if text else None

    @property
    def format_name(self) -> str | None:
        """The chosen format; None where the content decides."""
        at = self._format.currentIndex()
        return self._formats[at - 1].name if at > 0 else None

    def set_path(self, path: Path | None) -> None:
        self.path_box.setEditText("" if path is None else str(path))

    def set_format(self, name: str | None) -> None:
        names = [known.name for known in self._formats]
        self._format.setCurrentIndex(names.index(name) + 1 if name in names else 0)

    def offer(self, candidates: Sequence[Candidate], roots: Sequence[Path]) -> None:
        """What to choose from, the best first; the path stays."""
        self.path_box.offer(candidates, roots)
        where = ", ".join(root.name or str(root) for root in roots)
        few = len(candidates) < 2
        self._choice = "" if few else f"{len(candidates)} found in {where}: the list has the others"

    # --- what it says ---

    def tell(self, text: str, *, is_problem: bool = False) -> None:
        """Below the path; empty: nothing."""
        self._remark.setObjectName("problem" if is_problem else "muted")
        self._remark.style().unpolish(self._remark)
        self._remark.style().polish(self._remark)
        self._remark.setText(text)
        self._remark.setVisible(bool(text))
        edit = self.path_box.edit
        edit.setProperty("invalid", is_problem)
        edit.style().unpolish(edit)
        edit.style().polish(edit)

    def tell_format(self, title: str) -> None:
        """The format that was recognised, and that there is a choice."""
        self._show_recognised(title)
        self.tell(self._choice)

    def _show_recognised(self, title: str) -> None:
        self._format.setItemText(0, title or "found by its content")

    # --- what the person does ---

    def _on_path(self) -> None:
        self._format.blockSignals(True)  # another path, and its own format: one change
        self._format.setCurrentIndex(0)
        self._format.blockSignals(False)
        self._show_recognised("")
        self.changed.emit()

    def _ask_for_file(self) -> None:
        found, _ = QFileDialog.getOpenFileName(self, self.title, str(self.path or ""))
        if found:
            self.browsed.emit([Path(found)])

    def _ask_for_folder(self) -> None:
        found = QFileDialog.getExistingDirectory(self, self.title, str(self.path or ""))
        if found:
            self.browsed.emit([Path(found)])

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if any(url.isLocalFile() for url in event.mimeData().urls()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        event.acceptProposedAction()
        self.browsed.emit([Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()])


class _PathBox(DropDown):
    """A path that is typed or chosen; the list tells of each what it is."""

    def __init__(self, hint: str, name: str) -> None:
        super().__init__()
        self.edit = QLineEdit()
        self.setLineEdit(self.edit)
        self.setInsertPolicy(DropDown.InsertPolicy.NoInsert)
        self.setSizeAdjustPolicy(DropDown.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setMinimumContentsLength(34)
        self.setCompleter(None)  # type: ignore[arg-type]  # it would finish a path with one of another folder
        self.setItemDelegate(_Told(self))
        self.edit.setPlaceholderText(hint)
        self.edit.setAccessibleName(name)
        self.edit.setAcceptDrops(False)  # it would put in the link; the field takes the path

    def offer(self, candidates: Sequence[Candidate], roots: Sequence[Path]) -> None:
        text = self.currentText()
        self.blockSignals(True)
        self.clear()
        for item in candidates:
            self.addItem(str(item.path))
            self.setItemData(self.count() - 1, f"{_short(item.path, roots)}   {item.told}", _TOLD)
            self.setItemData(
                self.count() - 1, f"{item.path}\n{item.told}, {item.why}", Qt.ItemDataRole.ToolTipRole
            )
        self.setEditText(text)
        self.blockSignals(False)
        self.view().setMinimumWidth(self.view().sizeHintForColumn(0) + 2 * _MARGIN)


class _Told(QStyledItemDelegate):
    """Paints in the list what a path is, where the line shows the path alone."""

    def initStyleOption(
        self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        super().initStyleOption(option, index)
        option.text = index.data(_TOLD) or option.text


def _short(path: Path, roots: Sequence[Path]) -> str:
    """A path below what was dropped."""
    for root in roots:
        if path != root and path.is_relative_to(root):
            return path.relative_to(root).as_posix()
    return path.name
