"""The tool bar's fields for the IoU threshold and the confidence."""

from __future__ import annotations

from PySide6.QtCore import QLocale, QSize, Qt
from PySide6.QtGui import QMouseEvent, QValidator
from PySide6.QtWidgets import (
    QDoubleSpinBox,
    QHBoxLayout,
    QLabel,
    QSizePolicy,
    QSlider,
    QStyle,
    QStyleOptionSlider,
    QToolBar,
    QWidget,
)

from inspector.evaluation.protocol import short_iou
from inspector.one_side import why_not
from inspector.refs import Side
from widgets.session import Session

_STEPS = 1000
"""The confidence slider's resolution."""


class _Slider(QSlider):
    """A horizontal slider whose handle comes to where it is pressed.

    It is `width` wide, or less in a narrow window: what does not fit leaves the tool bar.
    """

    def __init__(self, width: int) -> None:
        super().__init__(Qt.Orientation.Horizontal)
        self._width = width
        self.setMaximumWidth(width)

    def sizeHint(self) -> QSize:
        return QSize(self._width, super().sizeHint().height())

    def mousePressEvent(self, event: QMouseEvent) -> None:
        option = QStyleOptionSlider()
        self.initStyleOption(option)
        handle = self.style().subControlRect(
            QStyle.ComplexControl.CC_Slider, option, QStyle.SubControl.SC_SliderHandle, self
        )
        position = event.position().toPoint()
        if event.button() is Qt.MouseButton.LeftButton and not handle.contains(position):
            span = self.width() - handle.width()
            left = position.x() - handle.width() // 2
            self.setValue(QStyle.sliderValueFromPosition(self.minimum(), self.maximum(), left, span))
        super().mousePressEvent(event)  # which takes hold of the handle


class _Number(QDoubleSpinBox):
    """Shows a decimal point, as everything else here, and takes a comma for one."""

    def __init__(self) -> None:
        super().__init__(decimals=3, minimum=0.0, maximum=1.0, singleStep=0.01)
        plain = QLocale.c()
        plain.setNumberOptions(QLocale.NumberOption.RejectGroupSeparator)
        self.setLocale(plain)

    def validate(self, text: str, position: int) -> tuple[QValidator.State, str, int]:
        return super().validate(text.replace(",", "."), position)

    def valueFromText(self, text: str) -> float:
        return super().valueFromText(text.replace(",", "."))


class ConfidenceField(QWidget):
    """A slider and a number for the confidence threshold."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._slider = _Slider(180)
        self._slider.setRange(0, _STEPS)
        self._slider.setSingleStep(10)
        self._slider.setPageStep(50)
        self._number = _Number()
        self._number.setButtonSymbols(QDoubleSpinBox.ButtonSymbols.NoButtons)
        self._number.setKeyboardTracking(False)
        # What was typed is done: the keys go through the images again.
        self._number.lineEdit().returnPressed.connect(self._number.clearFocus)
        _in_a_row(self, QLabel("Confidence"), self._slider, self._number)
        self._slider.valueChanged.connect(self._on_slider)
        self._number.valueChanged.connect(self._on_number)
        session.operating_point_changed.connect(self._show)
        session.dataset_changed.connect(self._tell)
        self._tell()
        self._show()

    def _tell(self) -> None:
        """What it is for, or why it changes nothing."""
        missing, tip = self._session.missing, "Detections with at least this score are shown and counted"
        without = missing is Side.DETECTION
        lacks = f"\n{why_not(Side.DETECTION, 'there is nothing to hide')}" if without else ""
        self.setEnabled(not without)
        self.setToolTip(f"{tip} ([ and ] by 0.01){lacks}")

    def _show(self) -> None:
        confidence = self._session.wish.confidence
        self._number.setValue(round(confidence, 3))
        self._slider.setValue(round(confidence * _STEPS))

    # Both fields are coarser than the confidence itself: what only rounds it is no wish for another one.

    def _on_slider(self, value: int) -> None:
        if value != round(self._session.wish.confidence * _STEPS):
            self._session.set_confidence(value / _STEPS)

    def _on_number(self, value: float) -> None:
        if value != round(self._session.wish.confidence, 3):
            self._session.set_confidence(value)


class IouField(QWidget):
    """A slider over the IoU thresholds that were matched."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._slider = _Slider(90)
        self._slider.setPageStep(1)
        self._value = QLabel()
        self._value.setMinimumWidth(self.fontMetrics().horizontalAdvance("0.00") + 4)
        _in_a_row(self, QLabel("IoU"), self._slider, self._value)
        self._slider.valueChanged.connect(session.set_iou_index)
        session.results_changed.connect(self._show)
        session.dataset_changed.connect(self._show)
        session.operating_point_changed.connect(self._show)
        self._show()

    def _show(self) -> None:
        results, wish = self._session.results, self._session.wish
        thresholds = results.evaluation.protocol.iou_thresholds if results is not None else ()
        self.setEnabled(len(thresholds) > 0)
        missing = self._session.missing
        lacks = "" if missing is None else f"\n{why_not(missing, 'nothing is matched')}"
        self.setToolTip(f"How well a detection must overlap an object to match it ({{ and }}){lacks}")
        self._slider.setEnabled(len(thresholds) > 1)  # of a single one there is nothing to choose
        last = len(thresholds) - 1 if thresholds else self._slider.maximum()
        # The value first: a range that ends before it would move it, which would be a wish of the slider's.
        self._slider.setMaximum(max(last, wish.iou_index, self._slider.value()))
        self._slider.setValue(wish.iou_index)
        self._slider.setMaximum(max(last, wish.iou_index))
        if thresholds:
            text = short_iou(thresholds[wish.iou_index])
            width = self.fontMetrics().horizontalAdvance(text) + 4
            self._value.setMinimumWidth(max(width, self._value.minimumWidth()))  # so nothing moves about
            self._value.setText(text)


def least_width(bar: QToolBar) -> int:
    """Where all widgets of a tool bar still fit, each as narrow as it can be."""
    widgets = [bar.widgetForAction(action) for action in bar.actions() if action.isVisible()]
    widths = [max(widget.minimumWidth(), widget.minimumSizeHint().width()) for widget in widgets]
    layout = bar.layout()
    assert layout is not None
    margins, gaps = layout.contentsMargins(), layout.spacing() * (len(widths) + 1)
    return sum(widths) + gaps + margins.left() + margins.right()


def _in_a_row(parent: QWidget, label: QLabel, *parts: QWidget) -> None:
    label.setObjectName("muted")
    layout = QHBoxLayout(parent)
    layout.setContentsMargins(4, 0, 4, 0)
    layout.setSpacing(8)
    for part in (label, *parts):
        layout.addWidget(part)
    parent.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Preferred)
