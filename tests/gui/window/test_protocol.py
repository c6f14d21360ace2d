"""Choosing the protocol: the dialog, its button, and what is remembered."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import (
    QAbstractButton,
    QCheckBox,
    QComboBox,
    QDialogButtonBox,
    QLabel,
    QLineEdit,
    QRadioButton,
    QSlider,
)

from inspector.evaluation.options import PERCENTILE_SIZES, Options, parse_ious, parse_sizes
from inspector.sources import Sources
from tests.gui.conftest import LONG, Program, records, write_set
from widgets.canvas.boxes import boxes_on
from widgets.window.protocol_button import ListedButton, ProtocolButton
from widgets.window.protocol_dialog import ProtocolDialog
from widgets.window.tool_bar import IouField

Start = Callable[[], Program]
Key, CONTROL = Qt.Key, Qt.KeyboardModifier.ControlModifier
Buttons = QDialogButtonBox.StandardButton


class Hands:
    """The dialog, and hands to use it."""

    def __init__(self, program: Program) -> None:
        self.program = program
        program.key(Key.Key_P, CONTROL)
        self.dialog = next(
            found for found in program.window.findChildren(ProtocolDialog) if found.isVisible()
        )
        self.ious, self.limits, self.typed = self.dialog.findChildren(QLineEdit)
        self.kind, self.rule = self.dialog.findChildren(QComboBox)

    @property
    def is_open(self) -> bool:
        return any(found.isVisible() for found in self.program.window.findChildren(ProtocolDialog))

    def type(self, line: QLineEdit, text: str) -> None:
        line.setFocus()
        line.selectAll()
        self.program.bot.keyClicks(line, text)

    def texts(self) -> str:
        return "\n".join(label.text() for label in self.dialog.findChildren(QLabel) if label.isVisible())

    def can(self, which: Buttons) -> bool:
        return self.dialog.findChildren(QDialogButtonBox)[0].button(which).isEnabled()

    def press(self, which: Buttons) -> None:
        """And wait for what it brings."""
        button = self.dialog.findChildren(QDialogButtonBox)[0].button(which)
        with self.program.bot.waitSignal(self.program.session.results_changed, timeout=LONG):
            self.program.click(button)
        self.program.settle()

    def wait_for(self, text: str) -> None:
        self.program.bot.waitUntil(lambda: text in self.texts(), timeout=LONG)


@pytest.fixture
def hands(opened: Program) -> Iterator[Hands]:
    made = Hands(opened)
    yield made
    if made.is_open:
        made.dialog.close()


def test_thresholds_that_are_typed_are_evaluated_and_described(opened: Program, hands: Hands) -> None:
    hands.type(hands.ious, "0.3:0.1:0.7")
    assert "5 thresholds from 0.30 to 0.70" in hands.texts()
    hands.type(hands.limits, "20, 5")
    hands.press(Buttons.Apply)
    assert hands.is_open
    assert opened.session.options.iou_thresholds == parse_ious("0.3:0.1:0.7")
    assert opened.session.options.max_dets == (5, 20)
    assert "IoU 0.30:0.10:0.70" in opened.part(ProtocolButton).accessibleName()
    slider = opened.part(IouField).findChildren(QSlider)[0]
    assert (slider.value(), slider.maximum()) == (2, 4)
    assert "IoU 0.50" in opened.status()
    hands.dialog.close()
    with opened.bot.waitActive(opened.window):
        opened.window.activateWindow()
    opened.key(Key.Key_BraceRight)
    opened.settle()
    assert "IoU 0.60" in opened.status()


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("0.5:0.95", "Expected one number or A:STEP:B"),
        ("1.5", "An IoU threshold lies above 0"),
        ("", "Expected a number"),
    ],
)
def test_what_cannot_be_read_is_explained_and_cannot_be_applied(hands: Hands, text: str, reason: str) -> None:
    hands.type(hands.ious, text or " ")
    assert reason in hands.texts()
    assert not hands.can(Buttons.Ok)
    assert not hands.can(Buttons.Apply)
    hands.type(hands.ious, "0.5")
    assert reason not in hands.texts()
    assert hands.can(Buttons.Apply)


def test_size_ranges_show_their_limits_and_how_many_objects_they_hold(opened: Program, hands: Hands) -> None:
    hands.wait_for("1,024 to 9,216 px²")
    assert "72 objects" in hands.texts()  # all of them are of 2,000 pixels
    assert "n/a: no objects" in hands.texts()
    hands.kind.setFocus()
    opened.bot.keyClick(hands.kind, Key.Key_Down)
    hands.wait_for("smallest")
    opened.bot.keyClick(hands.kind, Key.Key_Down)
    hands.type(hands.typed, "tiny=0..100,rest=100..")
    hands.wait_for("from 100 px²")
    hands.type(hands.typed, "tiny=0")
    assert "Expected coco, percentile or NAME=LO..HI" in hands.texts()
    assert not hands.can(Buttons.Ok)
    hands.type(hands.typed, "tiny=0..100,rest=100..")
    hands.press(Buttons.Ok)
    assert not hands.is_open
    assert opened.session.options.sizes == parse_sizes("tiny=0..100,rest=100..")


def test_typed_sizes_begin_with_the_ranges_that_were_shown(opened: Program, hands: Hands) -> None:
    def choose(kind: int) -> str:
        hands.kind.setFocus()
        while hands.kind.currentIndex() != kind:
            down = kind > hands.kind.currentIndex()
            opened.bot.keyClick(hands.kind, Key.Key_Down if down else Key.Key_Up)
        return hands.typed.text()

    # the person passes the other kinds on the way with the keys
    assert choose(2) == "smallest=0%..7.5%,small=0%..25%,medium=25%..75%,large=75%..100%"
    choose(0)
    hands.kind.setCurrentIndex(2)
    assert hands.typed.text() == "small=0..1024,medium=1024..9216,large=9216.."
    hands.type(hands.typed, "own=5..")
    choose(1)
    assert choose(2) == "own=5.."


def test_counts_of_sizes_that_cannot_be_read_are_greyed(opened: Program, hands: Hands) -> None:
    hands.kind.setCurrentIndex(2)
    hands.wait_for("1,024 to 9,216 px²")
    preview = next(label for label in hands.dialog.findChildren(QLabel) if label.text().startswith("<table"))
    colours = opened.theme.colours
    assert f'<table style="color:{colours.text}"' in preview.text()
    hands.type(hands.typed, "tiny=0")
    assert f'<table style="color:{colours.muted}"' in preview.text()
    hands.type(hands.typed, "tiny=0..9")
    opened.bot.waitUntil(lambda: f'<table style="color:{colours.text}"' in preview.text(), timeout=LONG)


def test_many_ranges_and_long_names_do_not_outgrow_the_screen(opened: Program, hands: Hands) -> None:
    hands.kind.setCurrentIndex(2)
    name = "n" * 200
    hands.typed.setText(",".join([f"{name}=0..9", *(f"r{number}={number}.." for number in range(50))]))
    hands.wait_for("r49")
    assert hands.dialog.width() < 900
    assert hands.dialog.height() < 700
    preview = next(label for label in hands.dialog.findChildren(QLabel) if label.text().startswith("<table"))
    assert name not in preview.text()
    assert preview.toolTip().replace("<br>", "") == f"<p>{name}</p>"
    hands.typed.setText(f"{name}=0..9,{name}=1..")
    assert not hands.can(Buttons.Ok)
    opened.bot.wait(1)
    assert hands.dialog.width() < 900


def test_every_mnemonic_leads_to_its_own_field(opened: Program, hands: Hands) -> None:
    marked = [
        part.text() for part in hands.dialog.findChildren(QAbstractButton) + hands.dialog.findChildren(QLabel)
    ]
    letters = [text[text.index("&") + 1].lower() for text in marked if "&" in text and "<" not in text]
    assert len(letters) == len(set(letters)) == 11
    for key, field in ((Key.Key_D, hands.limits), (Key.Key_I, hands.ious), (Key.Key_S, hands.kind)):
        opened.bot.keyClick(hands.dialog, key, Qt.KeyboardModifier.AltModifier)
        assert field.hasFocus()


def test_enter_after_reset_means_ok(opened: Program, hands: Hands) -> None:
    hands.type(hands.limits, "7")
    hands.press(Buttons.Apply)
    opened.click(next(button for text, button in opened.buttons(hands.dialog).items() if "Reset" in text))
    with opened.bot.waitSignal(opened.session.results_changed, timeout=LONG):
        opened.bot.keyClick(hands.dialog.focusWidget(), Key.Key_Return)
    assert not hands.is_open
    assert opened.session.options == Options()


def test_masks_cannot_be_chosen_where_there_are_none(hands: Hands) -> None:
    masks = next(button for button in hands.dialog.findChildren(QRadioButton) if "Masks" in button.text())
    assert not masks.isEnabled()
    assert "the ground truth has no masks" in hands.texts()


def test_boxes_stand_for_the_masks_that_detections_lack(
    program: Program, tmp_path_factory: pytest.TempPathFactory
) -> None:
    truth, results = records(images=3)
    for annotation in truth["annotations"]:
        x, y, width, height = annotation["bbox"]
        annotation["segmentation"] = [[x, y, x + width, y, x + width, y + height, x, y + height]]
    program.open(write_set(tmp_path_factory.mktemp("masked"), truth, results, pictures=True))
    boxes = program.counts()
    hands = Hands(program)
    assert "the detections have none: their boxes are taken" in hands.texts()
    masks = next(button for button in hands.dialog.findChildren(QRadioButton) if "Masks" in button.text())
    program.click(masks, QPoint(8, masks.height() // 2))
    hands.press(Buttons.Ok)
    assert program.session.options.iou_type == "segm"
    assert program.part(ProtocolButton).accessibleName().startswith("COCO masks")
    masks_found = program.counts()
    assert masks_found.tp + masks_found.fn == boxes.tp + boxes.fn
    assert masks_found.tp > 0
    program.settle()
    found = [(finding.count, finding.title) for finding in program.workspace.examination.findings]
    assert (len(results), "detections without a mask: compared as the box") in found


def test_a_protocol_that_is_not_the_default_is_marked_on_its_button(opened: Program, hands: Hands) -> None:
    button = opened.part(ProtocolButton)
    assert button.text().startswith("COCO")
    assert not button.property("changed")
    hands.type(hands.limits, "7")
    hands.kind.setCurrentIndex(1)
    hands.press(Buttons.Apply)
    assert button.text().startswith("● COCO")
    assert button.property("changed")
    for part in ("Not COCO's default", "101 recall points, maxDets 7", "Object sizes: percentile"):
        assert part in button.toolTip()
    opened.click(next(button for text, button in opened.buttons(hands.dialog).items() if "Reset" in text))
    hands.press(Buttons.Apply)
    assert button.text().startswith("COCO")


def test_the_protocol_is_described_in_whole_where_there_is_room(opened: Program) -> None:
    button = opened.part(ProtocolButton)
    opened.window.resize(1800, 800)
    opened.bot.waitUntil(lambda: button.text() == button.accessibleName(), timeout=LONG)
    assert button.width() < 700
    opened.window.resize(1100, 800)
    opened.bot.waitUntil(lambda: button.text().endswith("…"), timeout=LONG)


def test_class_agnostic_boxes_are_still_called_what_they_are(opened: Program, hands: Hands) -> None:
    dataset = opened.session.dataset
    assert dataset is not None
    names = dataset.classes.names
    box = hands.dialog.findChildren(QCheckBox)[0]
    opened.click(box, QPoint(8, box.height() // 2))
    hands.press(Buttons.Ok)
    assert opened.class_texts(0) == ["any class"]
    dataset, results = opened.session.dataset, opened.session.results
    assert dataset is not None
    assert results is not None
    boxes = boxes_on(dataset, results.at.table, opened.session.point, 0)
    shown = [boxes.names[row] for row in boxes.classes]
    objects = [dataset.object_name(row) for row in boxes.rows[: boxes.objects].tolist()]
    assert shown[: boxes.objects] == objects
    assert len(set(objects)) > 1
    assert set(objects) <= set(names)


def test_reset_brings_back_what_the_coco_api_does(opened: Program, hands: Hands) -> None:
    hands.type(hands.ious, "0.4")
    hands.kind.setCurrentIndex(1)
    hands.rule.setCurrentIndex(2)
    hands.press(Buttons.Apply)
    assert opened.session.options.ap_rule == "voc10"
    opened.click(next(button for text, button in opened.buttons(hands.dialog).items() if "Reset" in text))
    hands.press(Buttons.Ok)
    assert opened.session.options == Options()


def test_cancel_and_escape_change_nothing(opened: Program, hands: Hands) -> None:
    hands.type(hands.ious, "0.4")
    opened.bot.keyClick(hands.ious, Key.Key_Escape)
    assert not hands.is_open
    assert opened.session.options == Options()
    assert opened.session.activity is None


def test_the_dialog_is_there_once_and_its_button_opens_it(opened: Program, hands: Hands) -> None:
    opened.click(opened.part(ProtocolButton))
    assert [found.isVisible() for found in opened.window.findChildren(ProtocolDialog)] == [True]
    assert hands.is_open


def test_the_protocol_is_remembered(opened: Program, sources: Sources, start: Start, hands: Hands) -> None:
    hands.type(hands.ious, "0.55:0.1:0.95")
    hands.kind.setCurrentIndex(1)
    hands.rule.setCurrentIndex(1)
    hands.press(Buttons.Ok)
    opened.session.set_iou_index(3)
    opened.settle()
    opened.window.close()
    again = start()
    expected = Options(iou_thresholds=parse_ious("0.55:0.1:0.95"), sizes=PERCENTILE_SIZES, ap_rule="voc07")
    assert again.session.options == expected
    again.open(sources)
    assert again.session.point.iou_index == 3
    assert "VOC 2007" in again.part(ProtocolButton).accessibleName()


def test_only_the_listed_images_are_evaluated_until_all_are_wanted_again(opened: Program) -> None:
    total = opened.counts()
    listed = opened.part(ListedButton)
    assert not listed.isVisible()
    opened.workspace.images.filter_line.set_text("shot_0")
    with opened.bot.waitSignal(opened.session.results_changed, timeout=LONG):
        opened.choose("Evaluate", "Only the listed images")
    opened.settle()
    assert listed.isVisible()
    assert "9 of 12 images" in listed.text()
    assert "9 images" in opened.status()
    assert opened.counts() != total
    with opened.bot.waitSignal(opened.session.results_changed, timeout=LONG):
        opened.click(listed)
    opened.settle()
    assert not listed.isVisible()
    assert opened.counts() == total


def test_without_a_filter_there_is_nothing_to_evaluate_and_that_is_said(opened: Program) -> None:
    opened.choose("Evaluate", "Only the listed images")
    assert ["All images are listed" in text for text in opened.messages()] == [True]
    assert not opened.session.is_restricted
    assert opened.session.activity is None
    assert not opened.part(ListedButton).isVisible()


def test_a_filter_that_leaves_no_image_is_no_evaluation(opened: Program) -> None:
    opened.workspace.images.filter_line.set_text("nothing is called so")
    opened.choose("Evaluate", "Only the listed images")
    assert ["No image is listed" in text for text in opened.messages()] == [True]
