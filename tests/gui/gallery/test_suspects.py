"""Labels that are probably wrong, in the gallery."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox

from inspector.review.suspects import Suspects
from inspector.review.verdicts import Judgement, Kind
from inspector.review.words import KINDS
from tests.gui.gallery.conftest import Gallery
from widgets.gallery.items import Mode, Order

Key = Qt.Key


def suspects_of(gallery: Gallery) -> Suspects:
    found = gallery.program.workspace.queue.suspects
    assert found is not None
    assert len(found) > 5
    return found


def test_suspects_are_shown_best_first_with_their_kind_and_score(gallery: Gallery) -> None:
    gallery.show(Mode.SUSPECTS)
    suspects = suspects_of(gallery)
    best = {suspects.ref(row): row for row in reversed(range(len(suspects)))}
    rows = sorted(best.values())  # each box once, however many suspicions there are
    assert len(rows) == gallery.program.workspace.queue.boxes
    assert gallery.button(Mode.SUSPECTS).text() == f"Suspects {len(rows)}"
    assert gallery.refs() == [suspects.ref(row) for row in rows]
    figures = [f"{KINDS[suspects.kind(row)]} {suspects.scores[row]:.2f}" for row in rows]
    assert [caption for _, caption in gallery.captions()] == figures
    assert gallery.program.workspace.queue.reason(0) in gallery.grid.tip(0)


def test_of_a_wrong_class_both_are_named(gallery: Gallery) -> None:
    gallery.show(Mode.SUSPECTS)
    suspects, dataset = suspects_of(gallery), gallery.program.session.dataset
    assert dataset is not None
    rows = gallery.program.workspace.queue.rows(None).tolist()
    for row, (name, _) in zip(rows, gallery.captions(), strict=True):
        if suspects.kind(row) is Kind.WRONG_CLASS:
            seen = dataset.detection_name(int(suspects.detections[row]))
            assert name == f"{dataset.object_name(int(suspects.objects[row]))} → {seen}"


def test_going_through_suspects_makes_the_very_suspicion_current(gallery: Gallery) -> None:
    gallery.show(Mode.SUSPECTS)
    queue = gallery.program.workspace.queue
    for place, row in enumerate(queue.rows(None)[:4].tolist()):
        gallery.key(Key.Key_Right)
        assert gallery.grid.selection.current == place
        assert queue.current == row


def test_enter_agrees_and_the_queue_and_the_gallery_go_on_together(gallery: Gallery) -> None:
    gallery.show(Mode.SUSPECTS)
    suspects, reviewing = suspects_of(gallery), gallery.program.reviewing
    gallery.key(Key.Key_Home)
    first = suspects.ref(0)
    gallery.key(Key.Key_Return)
    verdict = reviewing.verdict(first)
    assert (verdict.judgement, verdict.kind) == (Judgement.LABEL, suspects.kind(0))
    current = gallery.grid.selection.current
    assert current is not None
    assert current > 0
    assert gallery.program.workspace.queue.current == gallery.program.workspace.queue.rows(None)[current]
    assert gallery.panel.selected_refs() == (suspects.ref(current),)
    assert gallery.grid.hasFocus()


def test_the_next_suspect_by_key_is_followed(gallery: Gallery) -> None:
    gallery.show(Mode.SUSPECTS)
    gallery.key(Key.Key_Home)
    gallery.key(Key.Key_E)
    current = gallery.program.workspace.queue.current
    assert current is not None
    assert current > 0
    assert gallery.panel.selected_refs() == (suspects_of(gallery).ref(current),)


def test_errors_can_be_sorted_by_how_suspect_their_labels_are(gallery: Gallery) -> None:
    orders = gallery.panel.findChildren(QComboBox)[1]
    orders.setCurrentText(Order.SUSPICION.value)
    orders.activated.emit(orders.currentIndex())
    gallery.settle()
    suspects = suspects_of(gallery)
    best: dict[object, float] = {}
    for row in range(len(suspects) - 1, -1, -1):
        best[suspects.ref(row)] = float(suspects.scores[row])
    found = [best.get(ref, -1.0) for ref in gallery.refs()]
    assert found == sorted(found, reverse=True)
    assert found[0] > 0


def test_only_suspects_of_chosen_classes_are_shown(gallery: Gallery) -> None:
    gallery.show(Mode.SUSPECTS)
    gallery.program.session.set_class_rows(frozenset({2}))
    gallery.program.settle()
    gallery.settle()
    assert gallery.refs()
    assert {name.split(" → ")[0] for name, _ in gallery.captions()} == {"cat"}
    assert gallery.button(Mode.SUSPECTS).text() == f"Suspects {len(gallery.refs())}"


def test_one_kind_of_error_can_be_gone_through_alone(gallery: Gallery) -> None:
    gallery.show(Mode.FP)
    gallery.grid.setFocus()
    gallery.key(Key.Key_5, Qt.KeyboardModifier.ControlModifier)
    gallery.settle()
    suspects, kinds = suspects_of(gallery), gallery.panel.findChildren(QComboBox)[0]
    assert gallery.panel.choices.mode is Mode.SUSPECTS
    assert kinds.isVisible()
    for place, kind in enumerate((Kind.MISSING, Kind.SPURIOUS), start=1):
        gallery.key(Key.Key_5, Qt.KeyboardModifier.ControlModifier)  # again: the next kind
        gallery.settle()
        assert kinds.currentIndex() == place
        expected = [suspects.ref(row) for row in range(len(suspects)) if suspects.kind(row) is kind]
        assert gallery.refs() == expected
        assert gallery.button(Mode.SUSPECTS).text() == f"Suspects {len(expected)}"
    gallery.key(Key.Key_Home)
    gallery.key(Key.Key_Return)  # on to the next of this kind, not to another of the queue
    assert gallery.panel.selected_refs() == (gallery.refs()[1],)
    assert gallery.program.session.selected == gallery.refs()[1]
    kinds.setCurrentIndex(0)
    kinds.activated.emit(0)
    gallery.settle()
    assert len(gallery.refs()) == gallery.program.workspace.queue.boxes
    gallery.key(Key.Key_2, Qt.KeyboardModifier.ControlModifier)
    assert gallery.panel.choices.mode is Mode.FP
    assert not kinds.isVisible()


def test_with_judged_ones_hidden_none_is_skipped(gallery: Gallery) -> None:
    gallery.show(Mode.SUSPECTS)
    gallery.check("Hide judged")
    boxes = list(dict.fromkeys(gallery.refs()))
    gallery.key(Key.Key_Home)
    for number, key in enumerate((Key.Key_Return, Key.Key_2, Key.Key_Return, Key.Key_4), start=1):
        gallery.key(key)
        gallery.settle()
        assert set(gallery.program.reviewing.entries) == set(boxes[:number])
        assert gallery.panel.selected_refs() == (boxes[number],)
        assert gallery.program.session.selected == boxes[number]
        assert list(dict.fromkeys(gallery.refs())) == boxes[number:]
