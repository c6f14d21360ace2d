"""What the keys say of a box or an image, and what has to be asked before it is said."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final, Protocol, TypeGuard

from PySide6.QtCore import QObject, QPoint, QRect, QSize, Signal, SignalInstance
from PySide6.QtWidgets import QWidget

from inspector.dataset import Floats
from inspector.geometry import overlaps
from inspector.refs import BoxRef, ImageRef, Ref, Side
from inspector.review.right_class import class_names, likely_class
from inspector.review.verdicts import Box, Judgement, Kind, Verdict
from widgets.judging.class_chooser import ClassChooser, ordered
from widgets.judging.kind_menu import Choice, KindMenu, choices_beside, choices_of
from widgets.judging.note_editor import NoteEditor
from widgets.judging.placing import beside
from widgets.reviewing import Reviewing
from widgets.session import Session

_MISSING: Final = Verdict(Judgement.LABEL, Kind.MISSING)
_SAME_PLACE: Final = 0.5
"""IoU from which a detection and a label of its class may mean the same object."""
_KEPT: Final = "The corrected box was kept (Ctrl+Z takes it back)"
_REPLACED: Final = "The corrected box was kept, then replaced by this verdict (Ctrl+Z brings it back)"
_UNMOVED: Final = "The box lies where the label is: move it first, or leave it with Esc."
_MOST_RECENT: Final = 8
"""Classes that were said last and are offered first."""


class Suggestion(Protocol):
    """What a suspicion would have a person say."""

    @property
    def kind(self) -> Kind: ...
    @property
    def right_class(self) -> str: ...
    @property
    def right_box(self) -> Box | None: ...


class Suggesting(Protocol):
    """Who knows of suspicions."""

    @property
    def changed(self) -> SignalInstance: ...

    def suggestion(self, ref: Ref, /) -> Suggestion | None: ...


class Stage(Protocol):
    """Where boxes are seen."""

    def place_of(self, ref: Ref, /) -> QRect:
        """Where a box or the image lies on the screen."""

    def correct_box(
        self, ref: BoxRef, start: Box, taken: Callable[[Box], None], unmoved: Callable[[], None], /
    ) -> None: ...

    def finish_correcting(self) -> bool:
        """Take the box that is being dragged, if it was moved; True where that was so."""


class Judging(QObject):
    """Each public method is a key. What was selected stays so, and so does the focus."""

    told = Signal(str)
    """One line for the person: why a key did nothing, or what else it did."""
    can_agree_changed = Signal(bool)
    """Whether the selected box is suspected, so that there is something to agree with."""

    def __init__(
        self,
        session: Session,
        reviewing: Reviewing,
        queue: Suggesting | None,
        targets: Callable[[], Sequence[Ref]],
        stage: Stage,
        window: QWidget,
    ) -> None:
        """`targets` says what a key speaks of now; `window` is what menus and editors belong to."""
        super().__init__(window)
        self._session, self._reviewing, self._queue = session, reviewing, queue
        self._targets, self._stage, self._window = targets, stage, window
        self._recent: list[str] = []
        self._corrected: tuple[BoxRef, str] | None = None
        """Whose corrected box is on its way to the disk, and what is to be said once it is there."""
        self._marked: tuple[int, Callable[[], None]] | None = None
        """The image whose mark is on its way to the disk, and what comes after it."""
        reviewing.judged.connect(self._on_judged)
        reviewing.changed.connect(self._on_verdicts)
        reviewing.failed.connect(self._on_failed)
        session.image_changed.connect(self._forget_mark)  # the person went on already
        session.selected_changed.connect(self._tell_whether_suspected)
        if queue is not None:
            queue.changed.connect(self._tell_whether_suspected)

    # --- verdicts ---

    def label_wrong(self) -> None:
        """A menu asks how an object is wrong. A detection or an image can only lack a label; but where one of
        the detection's class is already, it is asked whether that is meant."""
        targets = self._begin()
        objects = [ref for ref in targets if _is_object(ref)]
        if not objects:
            label = self._label_under(targets[0]) if len(targets) == 1 else None
            if label is None:
                self._reviewing.judge(targets, Judgement.LABEL, Kind.MISSING)
            else:
                self._ask_of_which(targets[0], label)
            return
        found = self._suggestion(objects[0]) if len(objects) == 1 else None
        suggested = (
            None if found is None else Choice(found.kind, suggested=True, right_class=found.right_class)
        )
        menu = KindMenu(choices_of(suggested), self._window)
        menu.chosen.connect(lambda choice: self._choose(choice, targets))
        menu.popup(self._beside(objects[0], menu.sizeHint()))

    def _ask_of_which(self, found: Ref, label: BoxRef) -> None:
        """A detection, and the label of its class at its place: does one lack, or is that one wrong?"""
        dataset = self._session.dataset
        assert dataset is not None
        menu = KindMenu(choices_beside(dataset.object_name(label.row)), self._window)

        def choose(choice: Choice) -> None:
            if choice.kind is Kind.MISSING:
                self._reviewing.judge_each({found: _MISSING})
                return
            self._session.select(label)
            if choice.kind is Kind.BADLY_PLACED and isinstance(found, BoxRef):
                self._place(label, _box(dataset.detections.boxes[found.row]))
            else:
                self._choose(choice, [label])

        menu.chosen.connect(choose)
        menu.popup(self._beside(found, menu.sizeHint()))

    def model_wrong(self) -> None:
        self._reviewing.judge(self._begin(replaces=True), Judgement.MODEL)

    def ambiguous(self) -> None:
        self._reviewing.judge(self._begin(replaces=True), Judgement.AMBIGUOUS)

    def nothing_wrong(self) -> None:
        self._reviewing.judge(self._begin(replaces=True), Judgement.FINE)

    def withdraw(self) -> None:
        """Take back what was judged."""
        self._reviewing.withdraw(self._begin(replaces=True))

    @property
    def can_agree(self) -> bool:
        """Whether the selected box is suspected."""
        selected = self._session.selected
        return selected is not None and self._suggestion(selected) is not None

    def agree(self) -> None:
        """Say what is suspected, of each of several."""
        self._agree(self._begin())

    def correct_box(self) -> None:
        """Drag the box of an object to where it should be."""
        objects = [ref for ref in self._begin() if _is_object(ref)]
        if len(objects) == 1:
            self._place(objects[0])
        else:
            self.told.emit("Select one object: the box of a label can be corrected, not that of a detection.")

    def note(self) -> None:
        """Write a few words on what is selected."""
        targets = self._begin()
        if not targets:
            return
        notes = {self._reviewing.verdict(ref).note for ref in targets}
        editor = NoteEditor(self._title(targets), notes.pop() if len(notes) == 1 else "", self._window)
        editor.taken.connect(lambda note: self._reviewing.set_note(targets, note))
        editor.open_beside(self._stage.place_of(targets[0]), editor.field)

    # --- images ---

    def mark_reviewed(self, then: Callable[[], None]) -> None:
        """The image on the canvas was looked through; `then` is called once that is kept, if it is."""
        row = self._session.image_row
        if row is None:
            return
        self._stage.finish_correcting()
        self._marked = row, then
        self._reviewing.set_reviewed([row], True)
        self._on_verdicts()  # it may have been before

    def unmark_reviewed(self) -> None:
        row = self._session.image_row
        if row is not None:
            self._stage.finish_correcting()
            self._reviewing.set_reviewed([row], False)

    def _on_verdicts(self) -> None:
        if self._marked is not None and self._reviewing.verdict(ImageRef(self._marked[0])).reviewed:
            (_, then), self._marked = self._marked, None
            then()

    def _on_failed(self) -> None:
        self._marked = self._corrected = None

    def _forget_mark(self) -> None:
        self._marked = None

    # --- how ---

    def _begin(self, *, replaces: bool = False) -> list[Ref]:
        """What a key speaks of; `replaces` where it says something else of a box that is being corrected."""
        if self._stage.finish_correcting() and replaces and self._corrected is not None:
            self._corrected = self._corrected[0], _REPLACED
        return list(self._targets())

    def _on_judged(self, refs: Sequence[Ref]) -> None:
        if self._corrected is not None and self._corrected[0] in refs:
            (_, words), self._corrected = self._corrected, None
            self.told.emit(words)

    def _choose(self, choice: Choice, targets: Sequence[Ref]) -> None:
        objects = [ref for ref in targets if _is_object(ref)]
        said = {ref: _MISSING for ref in targets if not _is_object(ref)}  # they can only lack a label
        if choice.suggested:
            self._agree(objects)
        elif choice.kind is Kind.WRONG_CLASS:
            self._choose_class(objects)
        elif choice.kind is Kind.BADLY_PLACED and len(objects) == 1:
            self._place(objects[0])
        else:
            said |= dict.fromkeys(objects, Verdict(Judgement.LABEL, choice.kind))
        self._reviewing.judge_each(said)

    def _agree(self, refs: Sequence[Ref]) -> None:
        found = {ref: self._suggestion(ref) for ref in refs}
        said = {ref: _said(suggestion) for ref, suggestion in found.items() if suggestion is not None}
        self._reviewing.judge_each(said)

    def _choose_class(self, objects: Sequence[BoxRef]) -> None:
        dataset, first = self._session.dataset, objects[0]
        if dataset is None:
            return
        now, suggestion = dataset.object_name(first.row), self._suggestion(first)
        said = self._reviewing.verdict(first).right_class
        suggested = suggestion.right_class if suggestion else ""
        likely = (said, suggested, likely_class(dataset, first.row))
        names = [name for name in class_names(dataset) if name != now or len(objects) > 1]
        chooser = ClassChooser(ordered(names, (*likely, *self._recent)), now, self._window)
        chooser.chosen.connect(lambda name: self._say_class(objects, name))
        chooser.open_beside(self._stage.place_of(first), chooser.field)

    def _say_class(self, objects: Sequence[BoxRef], name: str) -> None:
        self._recent = [name, *(other for other in self._recent if other != name)][:_MOST_RECENT]
        self._reviewing.judge(objects, Judgement.LABEL, Kind.WRONG_CLASS, right_class=name)

    def _place(self, ref: BoxRef, start: Box | None = None) -> None:
        """From `start`, else where it was said or is suspected to be, else where the label is."""
        dataset = self._session.dataset
        if dataset is None:
            return
        suggestion = self._suggestion(ref)
        suspected = None if suggestion is None else suggestion.right_box
        start = start or self._reviewing.verdict(ref).right_box or suspected
        start = start or _box(dataset.objects.boxes[ref.row])

        def taken(box: Box) -> None:
            self._corrected = ref, _KEPT
            self._reviewing.judge([ref], Judgement.LABEL, Kind.BADLY_PLACED, right_box=box)

        self._stage.correct_box(ref, start, taken, lambda: self.told.emit(_UNMOVED))

    def _label_under(self, ref: Ref) -> BoxRef | None:
        """The label of a detection's class that it overlaps most, where that is much."""
        dataset = self._session.dataset
        if dataset is None or not isinstance(ref, BoxRef) or ref.kind is Side.OBJECT:
            return None
        detections, objects = dataset.detections, dataset.objects
        there = dataset.objects_of(int(detections.images[ref.row]))
        iou = overlaps(detections.boxes[ref.row], objects.boxes[there])
        iou[(objects.classes[there] != detections.classes[ref.row]) | objects.crowd[there]] = 0.0
        is_there = iou.max(initial=0.0) >= _SAME_PLACE
        return BoxRef(Side.OBJECT, there.start + int(iou.argmax())) if is_there else None

    def _suggestion(self, ref: Ref) -> Suggestion | None:
        return None if self._queue is None else self._queue.suggestion(ref)

    def _title(self, targets: Sequence[Ref]) -> str:
        dataset = self._session.dataset
        if len(targets) > 1:
            return f"Note on {len(targets):,} boxes"
        match targets[0]:
            case BoxRef(Side.OBJECT, row) if dataset is not None:
                return f"Note on the object ({dataset.object_name(row)})"
            case BoxRef(Side.DETECTION, row) if dataset is not None:
                return f"Note on the detection ({dataset.detection_name(row)})"
            case _:
                return "Note on the image"

    def _tell_whether_suspected(self) -> None:
        self.can_agree_changed.emit(self.can_agree)

    def _beside(self, ref: Ref, size: QSize) -> QPoint:
        return beside(size, self._stage.place_of(ref), self._window.screen().availableGeometry())


def _said(suggestion: Suggestion) -> Verdict:
    kind, right_class, right_box = suggestion.kind, suggestion.right_class, suggestion.right_box
    return Verdict(Judgement.LABEL, kind, right_class, right_box)


def _box(row: Floats) -> Box:
    x, y, width, height = row.tolist()
    return x, y, width, height


def _is_object(ref: Ref) -> TypeGuard[BoxRef]:
    return isinstance(ref, BoxRef) and ref.kind is Side.OBJECT
