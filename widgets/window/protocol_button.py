"""What is evaluated, in short: the protocol, and which images; both can be pressed."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QPushButton, QSizePolicy, QToolButton, QWidget

from inspector.evaluation.options import describe_sizes
from inspector.evaluation.protocol import Protocol
from inspector.export.report import one_line
from inspector.one_side import why_not
from inspector.selection import split_sizes
from widgets.session import Session

_LEAST, _USUAL = 60, 250
"""Pixels: in a narrow window, and where there is room."""
_FRAME = 28
_MARK = "● "
"""Before a protocol that is not COCO's default: it is remembered for the next files."""
_LONGEST = 200
"""Characters of the size ranges in the tooltip."""
_LONGEST_NAME = 20
"""Characters of a split."""


class ProtocolButton(QToolButton):
    """Describes the protocol of the results, as far as there is room for it."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("field")
        self._session, self._whole = session, ""
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        session.results_changed.connect(self._show)
        session.dataset_changed.connect(self._show)
        self._show()

    def sizeHint(self) -> QSize:
        return QSize(min(_USUAL, self._natural_width()), super().sizeHint().height())

    def minimumSizeHint(self) -> QSize:
        return QSize(min(_LEAST, self.sizeHint().width()), super().sizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _show(self) -> None:
        protocol = self._session.protocol
        described = "" if protocol is None else protocol.describe()
        changed = protocol is not None and protocol != Protocol()
        self._whole = f"{_MARK}{described}" if changed else described
        missing = self._session.missing
        tips = [described, f"Object sizes: {self._sizes()}", "Ctrl+P changes the protocol."]
        tips += [] if missing is None else [why_not(missing, "nothing is evaluated so far")]
        if changed:
            tips.insert(0, "Not COCO's default for boxes:")
        self.setToolTip("\n".join(tips))
        self.setAccessibleName(f"{described} (not COCO's default)" if changed else described)
        if self.property("changed") is not changed:
            self.setProperty("changed", changed)
            self.style().unpolish(self)
            self.style().polish(self)
        self.setMaximumWidth(self._natural_width())
        self.updateGeometry()
        self._fit()

    def _sizes(self) -> str:
        sizes = describe_sizes(self._session.options.sizes)
        return "COCO's" if sizes == "coco" else one_line(sizes, _LONGEST)

    def _fit(self) -> None:
        room = self.width() - _FRAME
        self.setText(self.fontMetrics().elidedText(self._whole, Qt.TextElideMode.ElideRight, room))

    def _natural_width(self) -> int:
        return self.fontMetrics().horizontalAdvance(self._whole) + _FRAME + 2  # it is rounded


class ListedButton(QPushButton):
    """Says that only some images are evaluated, whenever that is so; pressed, all of them are again."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFlat(True)
        self.setObjectName("remarks")
        self._session = session
        self.setToolTip("Only these images are evaluated and listed. Press for all of them.")
        self.clicked.connect(lambda: session.restrict(None))
        session.dataset_changed.connect(self._show)
        self._show()

    def _show(self) -> None:
        dataset, opened = self._session.dataset, self._session.opened
        if dataset is not None and opened is not None:
            split = self._session.split
            whole = len(opened.images) if split is None else split_sizes(opened).get(split, 0)
            of = "" if split is None else f" of {one_line(split, _LONGEST_NAME)}"
            self.setText(f"{len(dataset.images):,} of {whole:,} images{of}  ✕")
        self.setVisible(self._session.is_restricted)
