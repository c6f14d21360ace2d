"""Builds the application, the session and the window, and runs them."""

from __future__ import annotations

import gc
import signal
import sys
from pathlib import Path
from types import TracebackType

from PySide6.QtCore import (
    QMessageLogContext,
    QObject,
    QSettings,
    Qt,
    QTemporaryDir,
    QTimer,
    QtMsgType,
    qInstallMessageHandler,
)
from PySide6.QtWidgets import QApplication

from inspector.crash_log import write_crash_log
from inspector.sources import Find, demo_sources
from inspector.user_folders import login_name
from widgets.reviewing import Reviewing
from widgets.session import Session
from widgets.theme import Theme
from widgets.window.main_window import MainWindow
from widgets.window.settings import Settings

_SCREENSHOT_SIZE = (1600, 1000)
_SETTLED_CHECKS = 3
"""How often in a row nothing may be left to load before the picture is taken."""


def run(
    find: Find | None, screenshot: Path | None, review: Path | None = None, split: str | None = None
) -> int:
    """Show the window until the person closes it, or only until its picture is taken.

    `find` names what is opened at once; if that fails, the reason goes to standard error and the status is 2.
    `review`: where verdicts on it are kept, or will be. `split`: which of its splits is shown first.
    """
    application = make_application()
    # A shell's Ctrl+C ends the program; Qt alone would only notice it at the next event.
    signal.signal(signal.SIGINT, lambda *_: application.quit())
    folder = QTemporaryDir()
    format_ = QSettings.Format.IniFormat
    store = (
        QSettings(folder.filePath("settings.ini"), format_)  # a picture shows the standard layout
        if screenshot
        else QSettings(format_, QSettings.Scope.UserScope, "detection-inspector", "detection-inspector")
    )
    settings = Settings(store)
    theme = Theme(settings.theme)
    session = Session()
    reviewing = Reviewing(session, settings.reviewer or login_name(), settings)
    if review is not None:
        reviewing.use(review)
    window = MainWindow(session, reviewing, theme, settings, demo_sources)
    _report_unexpected_errors(session)
    if find is not None:
        ending = _FirstOpening(session, application)
        window.open_found(find, split)
        if screenshot is not None:
            window.resize(*_SCREENSHOT_SIZE)
            window.setAttribute(Qt.WidgetAttribute.WA_DontShowOnScreen)
            ending.take_picture(window, screenshot)
    window.show()
    status = application.exec()
    window.close()
    return status


def make_application() -> QApplication:
    """The application object, and how the interpreter serves a window whose workers run Python."""
    application = QApplication([sys.argv[0]])
    application.setApplicationName("detection-inspector")
    application.setOrganizationName("detection-inspector")
    application.setApplicationDisplayName("Detection Inspector")
    application.setStyle("Fusion")
    if application.platformName() == "offscreen":
        qInstallMessageHandler(_print_what_matters)
    # Painting takes and gives back the interpreter hundreds of times; with the usual 5 ms to wait each time,
    # a busy worker would hold up a paint for a tenth of a second.
    sys.setswitchinterval(0.0005)
    # What is imported by now stays: without it, a full collection takes some 10 ms instead of 50.
    gc.freeze()
    return application


def _print_what_matters(_kind: QtMsgType, _context: QMessageLogContext, text: str) -> None:
    """The platform without a screen remarks at every window that it has none."""
    if not text.startswith("This plugin does not support"):
        print(text, file=sys.stderr)


class _FirstOpening(QObject):
    """Ends the program when the files of the command line cannot be opened, or when the picture is taken."""

    def __init__(self, session: Session, parent: QObject) -> None:
        super().__init__(parent)
        self._session = session
        session.failed.connect(self._on_failed)

    def take_picture(self, window: MainWindow, path: Path) -> None:
        self._window, self._path, self._settled = window, path, 0
        self._timer = QTimer(self, interval=50)
        self._timer.timeout.connect(self._look)
        self._session.results_changed.connect(self._timer.start)

    def _on_failed(self, text: str) -> None:
        if self._session.dataset is None:
            print(text, file=sys.stderr)
            QApplication.exit(2)

    def _look(self) -> None:
        workspace = self._window.workspace
        picture = self._window.grab()  # painting also asks for what is visible
        self._settled = self._settled + 1 if workspace and workspace.is_idle() else 0
        if self._settled < _SETTLED_CHECKS:
            return
        self._timer.stop()
        saved = picture.save(str(self._path), "PNG")
        if not saved:
            print(f"{self._path}: cannot be written", file=sys.stderr)
        QApplication.exit(0 if saved else 2)


def _report_unexpected_errors(session: Session) -> None:
    """People get one line and a file to send, never a traceback."""

    def report(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        text = f"Unexpected {kind.__name__}: {error} ({write_crash_log(error.with_traceback(trace))})"
        print(text, file=sys.stderr)
        session.failed.emit(text)

    sys.excepthook = report
