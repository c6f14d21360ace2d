"""What is wrong with a filter line, told right below it."""

from __future__ import annotations

from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QLabel, QWidget


class ProblemNote(QLabel):
    """Lies over what is below the line, and takes neither the focus nor the mouse."""

    def __init__(self, line: QWidget) -> None:
        super().__init__(line)
        self._line = line
        self.setObjectName("filter_problem")
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setWordWrap(True)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.hide()

    def tell(self, problem: str) -> None:
        """An empty text hides it."""
        if not problem:
            self.hide()
            return
        window = self._line.window()
        if self.parentWidget() is not window:
            self.setParent(window)
        self.setText(problem)
        corner = self._line.mapTo(window, QPoint(0, self._line.height() + 2))
        longest = self.fontMetrics().horizontalAdvance(problem) + 24
        width = min(longest, max(self._line.width(), 480), window.width() - 8)
        left = max(4, min(corner.x(), window.width() - width - 4))
        self.setGeometry(left, corner.y(), width, self.heightForWidth(width))
        self.show()
        self.raise_()
