"""Light and dark: the colours of the window and of the outcomes."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QColor, QGuiApplication, QPalette
from PySide6.QtWidgets import QApplication

from resources import style_sheet

# Okabe & Ito's palette, which stays apart for every kind of colour vision.
GREEN, VERMILION, BLUE, SKY, PURPLE = "#009E73", "#D55E00", "#0072B2", "#56B4E9", "#CC79A7"


class Mode(StrEnum):
    """What the person chose; SYSTEM follows the desktop."""

    SYSTEM = "system"
    LIGHT = "light"
    DARK = "dark"


@dataclass(frozen=True, slots=True)
class Colours:
    """Every colour that a view paints with, as #rrggbb."""

    window: str
    panel: str
    raised: str
    """Headers, buttons, bars."""
    border: str
    text: str
    muted: str
    accent: str
    selection: str
    canvas: str
    """Behind the image."""
    blank: str
    """The page in place of an image that cannot be shown."""
    tp_text: str
    fp_text: str
    fn_text: str
    verdict_text: str
    warning_text: str
    ignored: str
    tp: str = GREEN
    fp: str = VERMILION
    fn: str = BLUE
    verdict: str = PURPLE
    """What a person said."""


DARK = Colours(
    window="#1e2227",
    panel="#23272e",
    raised="#2c313a",
    border="#3b414b",
    text="#e6e9ee",
    muted="#9aa2ad",
    accent=SKY,
    selection="#34506b",
    canvas="#1e2227",
    blank="#2f343c",
    tp_text="#1fbf93",
    fp_text="#f0803a",
    fn_text="#5aaee6",
    verdict_text="#e295bf",
    warning_text="#e6b13a",
    ignored="#9a9a9a",
)
LIGHT = Colours(
    window="#f1f3f6",
    panel="#ffffff",
    raised="#ebedf1",
    border="#d3d7dd",
    text="#1d2126",
    muted="#5d6570",
    accent=BLUE,
    selection="#d5e5f4",
    canvas="#f1f3f6",
    blank="#e3e6ea",
    tp_text="#00795a",
    fp_text="#b84f00",
    fn_text="#0072B2",
    verdict_text="#9a3f74",
    warning_text="#805600",
    ignored="#707070",
)


_EQUALLY_READ = (1.05 * 0.05) ** 0.5 - 0.05
"""The relative luminance on which white and black have the same contrast.

WCAG 2.2, "contrast ratio": (lighter + 0.05) / (darker + 0.05).
"""


def ink_on(colour: str) -> str:
    """White or black, whichever is easier to read: the contrast is 4.5 to 1 at least."""
    parsed = QColor(colour)
    channels = [
        channel / 12.92 if channel <= 0.04045 else ((channel + 0.055) / 1.055) ** 2.4
        for channel in (parsed.redF(), parsed.greenF(), parsed.blueF())
    ]
    luminance = 0.2126 * channels[0] + 0.7152 * channels[1] + 0.0722 * channels[2]
    return "#ffffff" if luminance < _EQUALLY_READ else "#000000"


class Theme(QObject):
    """Owns the mode, dresses the application, and tells the views that paint themselves."""

    changed = Signal()

    def __init__(self, mode: Mode = Mode.SYSTEM, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._mode = mode
        self._colours = self._resolve()
        self._dress()
        QGuiApplication.styleHints().colorSchemeChanged.connect(self._refresh)

    @property
    def mode(self) -> Mode:
        return self._mode

    @property
    def colours(self) -> Colours:
        return self._colours

    @property
    def is_dark(self) -> bool:
        return self._colours is DARK

    def set_mode(self, mode: Mode) -> None:
        self._mode = mode
        self._refresh()

    def _refresh(self) -> None:
        colours = self._resolve()
        if colours is not self._colours:
            self._colours = colours
            self._dress()
            self.changed.emit()

    def _resolve(self) -> Colours:
        if self._mode is Mode.SYSTEM:
            scheme = QGuiApplication.styleHints().colorScheme()
            return DARK if scheme == Qt.ColorScheme.Dark else LIGHT
        return DARK if self._mode is Mode.DARK else LIGHT

    def _dress(self) -> None:
        application = QApplication.instance()
        assert isinstance(application, QApplication)
        application.setPalette(_palette(self._colours))
        application.setStyleSheet(style_sheet(self._colours))


def _palette(colours: Colours) -> QPalette:
    palette = QPalette()
    roles = {
        QPalette.ColorRole.Window: colours.window,
        QPalette.ColorRole.WindowText: colours.text,
        QPalette.ColorRole.Base: colours.panel,
        QPalette.ColorRole.AlternateBase: colours.raised,
        QPalette.ColorRole.Text: colours.text,
        QPalette.ColorRole.Button: colours.raised,
        QPalette.ColorRole.ButtonText: colours.text,
        QPalette.ColorRole.ToolTipBase: colours.raised,
        QPalette.ColorRole.ToolTipText: colours.text,
        QPalette.ColorRole.PlaceholderText: colours.muted,
        QPalette.ColorRole.Highlight: colours.selection,
        QPalette.ColorRole.HighlightedText: colours.text,
        QPalette.ColorRole.Link: colours.accent,
        QPalette.ColorRole.Accent: colours.accent,
        QPalette.ColorRole.Mid: colours.border,
        QPalette.ColorRole.Dark: colours.border,
        QPalette.ColorRole.Light: colours.raised,
    }
    for role, colour in roles.items():
        palette.setColor(role, QColor(colour))
    for role in (QPalette.ColorRole.Text, QPalette.ColorRole.WindowText, QPalette.ColorRole.ButtonText):
        palette.setColor(QPalette.ColorGroup.Disabled, role, QColor(colours.muted))
    return palette
