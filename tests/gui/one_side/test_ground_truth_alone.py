"""Ground truth without detections, in the whole window."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtWidgets import QApplication, QLabel, QWidget

from inspector.export.handoff import Form, hand_off
from inspector.refs import BoxRef, Side
from inspector.review.attaching import attach
from inspector.review.verdicts import Judgement, Kind
from inspector.sources import Sources
from tests.gui.conftest import LONG, Program
from widgets.canvas.header import CanvasHeader
from widgets.canvas.hint_bar import HintBar
from widgets.curves import CurvePanel
from widgets.missing_side import MissingBar
from widgets.tables import TablesPanel
from widgets.window.protocol_button import ProtocolButton
from widgets.window.tool_bar import ConfidenceField, IouField
from widgets.window.workspace import Workspace


@pytest.fixture
def labelled(program: Program, sources: Sources) -> Program:
    """The program with ground truth alone."""
    program.open(replace(sources, detections=None))
    return program


def _texts(widget: QWidget) -> str:
    return " ".join(label.text() for label in widget.findChildren(QLabel) if label.isVisible())


def test_ground_truth_alone_is_counted_and_not_evaluated(labelled: Program) -> None:
    session = labelled.session
    assert (session.missing, session.results) == (Side.DETECTION, None)
    assert "No detections are open, so nothing is evaluated" in labelled.status()
    assert "12 images · 72 objects" in labelled.status()
    assert "0 detections" not in labelled.status()
    assert session.activity is None


def test_only_keys_and_filters_that_work_are_proposed(labelled: Program, sources: Sources) -> None:
    keys, filtering = labelled.part(HintBar), labelled.workspace.gallery.filter_line
    assert not [word for word in ("suspect", "agree", "predictions") if word in keys.accessibleName()]
    assert "label wrong" in keys.accessibleName()
    assert filtering.placeholderText() == "area<1024"
    labelled.open(sources)
    assert "agree" in keys.accessibleName()
    assert filtering.placeholderText() == "iou<0.3"


def test_every_view_says_what_is_missing_and_offers_to_add_it(labelled: Program) -> None:
    curves, tables = labelled.part(CurvePanel), labelled.part(TablesPanel)
    labelled.window.show_tables()
    assert "No detections are open, so there are no curves." in _texts(curves)
    assert "No detections are open, so there are no tables." in _texts(tables)
    for view in (curves, tables, labelled.part(MissingBar)):
        assert "Add detections…" in labelled.buttons(view)
    labelled.workspace.show_what_if()
    assert "there are no numbers that flags could change" in _texts(labelled.workspace.what_if)
    assert "nothing is matched" in labelled.part(IouField).toolTip()
    assert not labelled.part(IouField).isEnabled()


def test_objects_are_counted_by_image_and_class_and_the_rest_says_why_not(labelled: Program) -> None:
    model = labelled.workspace.images.table.model()
    titles = [model.headerData(column, Qt.Orientation.Horizontal) for column in range(model.columnCount())]
    objects, tp = titles.index("Objects"), titles.index("TP")
    assert model.index(0, objects).data() == "6"
    assert model.index(0, tp).data() == "n/a"
    assert "no detections are open" in model.index(0, tp).data(Qt.ItemDataRole.ToolTipRole)
    assert sum(int(count) for count in labelled.class_texts(1)) == 72
    assert set(labelled.class_texts(2)) == {"n/a"}
    tip = labelled.class_table.model().index(0, 2).data(Qt.ItemDataRole.ToolTipRole)
    assert tip == "n/a: no detections are open"


def test_the_canvas_draws_the_objects_and_says_nothing_of_detections(labelled: Program) -> None:
    legend = labelled.part(CanvasHeader).accessibleName()
    assert "objects 6" in legend
    assert "detections" not in legend
    assert "not evaluated yet" not in legend


def test_a_filter_by_what_takes_both_sides_says_why_it_matches_nothing(labelled: Program) -> None:
    images = labelled.workspace.images
    images.set_filter("fp>0")
    labelled.settle()
    assert images.image_rows() == []
    assert "no detections are open" in images.table.empty_text
    images.set_filter("objects>0 class:apple")
    labelled.settle()
    assert len(images.image_rows()) > 0


def test_a_key_that_leads_to_suspects_says_why_there_are_none(labelled: Program) -> None:
    labelled.key(Qt.Key.Key_E)
    assert "so there are neither suspect labels nor errors" in labelled.window.statusBar().currentMessage()


def test_the_button_opens_the_dialog(labelled: Program) -> None:
    labelled.click(labelled.buttons(labelled.part(MissingBar))["Add detections…"])
    dialogs = [dialog for dialog in labelled.window.findChildren(QWidget) if dialog.windowTitle() == "Open"]
    assert dialogs
    assert dialogs[0].isVisible()
    dialogs[0].close()


def test_what_was_judged_and_where_the_person_was_stays_when_detections_are_added(
    labelled: Program, sources: Sources, tmp_path: Path
) -> None:
    assert sources.detections is not None
    elsewhere = tmp_path / "model" / "found.json"
    elsewhere.parent.mkdir()
    elsewhere.write_bytes(sources.detections.read_bytes())
    labelled.session.select(BoxRef(Side.OBJECT, 20))
    labelled.reviewing.judge([BoxRef(Side.OBJECT, 20)], Judgement.MODEL)
    labelled.keep()
    labelled.workspace.images.set_filter("class:apple")
    kept, image_row = labelled.reviewing.path, labelled.session.image_row
    with labelled.bot.waitSignal(labelled.session.results_changed, timeout=LONG):
        assert labelled.drop(elsewhere)
    labelled.settle()
    assert labelled.session.missing is None
    assert labelled.counts().tp > 0
    assert labelled.reviewing.path == kept
    assert labelled.reviewing.verdict(BoxRef(Side.OBJECT, 20)).judgement is Judgement.MODEL
    assert labelled.session.image_row == image_row
    assert labelled.workspace.images.filter_line.text() == "class:apple"
    assert not labelled.part(MissingBar).isVisible()
    assert labelled.buttons(labelled.part(CurvePanel)) == {}


def test_another_program_finds_the_verdicts_beside_the_ground_truth(
    labelled: Program, start: Callable[[], Program], sources: Sources, settings_file: Path, tmp_path: Path
) -> None:
    assert sources.detections is not None
    elsewhere = tmp_path / "model" / "found.json"
    elsewhere.parent.mkdir()
    elsewhere.write_bytes(sources.detections.read_bytes())
    labelled.reviewing.judge([BoxRef(Side.OBJECT, 3)], Judgement.MODEL)
    labelled.keep()
    labelled.window.close()
    settings_file.unlink(missing_ok=True)
    another = start()
    another.open(replace(sources, detections=elsewhere))
    assert another.reviewing.verdict(BoxRef(Side.OBJECT, 3)).judgement is Judgement.MODEL


def test_only_the_listed_images_can_be_shown(labelled: Program) -> None:
    labelled.workspace.images.set_filter("shot_03")
    labelled.settle()
    labelled.key(Qt.Key.Key_L, Qt.KeyboardModifier.ControlModifier)
    labelled.bot.waitUntil(lambda: labelled.session.is_restricted, timeout=LONG)
    labelled.settle()
    assert "1 image · 6 objects" in labelled.status()


def test_what_takes_detections_says_why_it_does_nothing(labelled: Program) -> None:
    field = labelled.part(ConfidenceField)
    assert not field.isEnabled()
    assert "No detections are open, so there is nothing to hide." in field.toolTip()
    assert "nothing is evaluated so far" in labelled.part(ProtocolButton).toolTip()
    labelled.choose("Tune", "Next IoU threshold")
    assert "nothing is matched" in labelled.window.statusBar().currentMessage()


def test_a_label_is_flagged_and_handed_off_without_detections(labelled: Program, tmp_path: Path) -> None:
    labelled.key(Qt.Key.Key_S)
    labelled.key(Qt.Key.Key_1)
    menu = QApplication.activePopupWidget()
    assert menu is not None
    labelled.bot.keyClick(menu, Qt.Key.Key_2)
    labelled.keep()
    opened, entries = labelled.session.opened, labelled.reviewing.everything
    assert opened is not None
    assert [entry.verdict.kind for entry in entries] == [Kind.SPURIOUS]
    done = hand_off(Form.CORRECTED, opened, attach(opened, entries), tmp_path / "out")
    left = json.loads(done.path.read_text(encoding="utf-8"))["annotations"]
    assert len(left) == 71


class _Windows(QObject):
    """Everything that is shown as a window."""

    def __init__(self) -> None:
        super().__init__()
        self.shown: set[str] = set()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Show and isinstance(watched, QWidget) and watched.isWindow():
            self.shown.add(type(watched).__name__)
        return False


def test_nothing_becomes_a_window_of_its_own_where_the_views_are_built_late(
    program: Program, sources: Sources, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("widgets.window.main_window._LONGEST_BUILD", 0.0)
    monkeypatch.setattr(Workspace, "_build_next", lambda _workspace: None)  # all at once, when it is read
    windows, application = _Windows(), QApplication.instance()
    assert application is not None
    application.installEventFilter(windows)
    program.open(replace(sources, detections=None))
    application.removeEventFilter(windows)
    assert not {"MissingSide", "MissingBar", "AlertBar"} & windows.shown
