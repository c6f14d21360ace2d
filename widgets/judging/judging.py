"""What the keys say of a box or an image, and what has to be asked before it is said."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol

from PySide6.QtCore import QObject, QPoint, QRect, QSize, Signal, SignalInstance
from PySide6.QtWidgets import QWidget

from inspector.refs import BoxRef, ImageRef, Ref, Side
from inspector.review.verdicts import Box, Judgement, Kind
from widgets.judging.kind_menu import Choice, KindMenu, choices_of
from widgets.judging.placing import beside
from widgets.reviewing import Reviewing
from widgets.session import Session


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

    def correct_box(self, ref: BoxRef, start: Box, taken: Callable[[Box], None], /) -> None: ...

    def stop_correcting(self) -> None: ...


class Judging(QObject):
    """Each public method is a key. What was selected stays so, and so does the focus."""

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
        session.selected_changed.connect(self._tell_whether_suspected)
        if queue is not None:
            queue.changed.connect(self._tell_whether_suspected)

    # --- verdicts ---

    def label_wrong(self) -> None:
        """A menu asks how an object is wrong; a detection or an image can only lack a label."""
        targets = self._begin()
        objects = [ref for ref in targets if _is_object(ref)]
        if not objects:
            self._reviewing.judge(targets, Judgement.LABEL, Kind.MISSING)
            return
        found = self._suggestion(objects[0]) if len(objects) == 1 else None
        suggested = (
            None if found is None else Choice(found.kind, suggested=True, right_class=found.right_class)
        )
        menu = KindMenu(choices_of(suggested), self._window)
        menu.chosen.connect(lambda choice: self._choose(choice, targets))
        menu.popup(self._beside(objects[0], menu.sizeHint()))

    def model_wrong(self) -> None:
        self._reviewing.judge(self._begin(), Judgement.MODEL)

    def ambiguous(self) -> None:
        self._reviewing.judge(self._begin(), Judgement.AMBIGUOUS)

    def nothing_wrong(self) -> None:
        self._reviewing.judge(self._begin(), Judgement.FINE)

    def withdraw(self) -> None:
        """Take back what was judged."""
        self._reviewing.withdraw(self._begin())

    @property
    def can_agree(self) -> bool:
        """Whether the selected box is suspected."""
        selected = self._session.selected
        return selected is not None and self._suggestion(selected) is not None

    def agree(self) -> None:
        """Say what is suspected, of each of several."""
        for ref in self._begin():
            if suggestion := self._suggestion(ref):
                self._say(ref, suggestion)

    # --- images ---

    def mark_reviewed(self) -> bool:
        """Whether the image on the canvas counts as reviewed now."""
        row = self._session.image_row
        if row is None:
            return False
        self._stage.stop_correcting()
        self._reviewing.set_reviewed([row], True)
        return self._reviewing.verdict(ImageRef(row)).reviewed

    def unmark_reviewed(self) -> None:
        row = self._session.image_row
        if row is not None:
            self._stage.stop_correcting()
            self._reviewing.set_reviewed([row], False)

    # --- how ---

    def _begin(self) -> list[Ref]:
        self._stage.stop_correcting()
        return list(self._targets())

    def _choose(self, choice: Choice, targets: Sequence[Ref]) -> None:
        objects = [ref for ref in targets if isinstance(ref, BoxRef) and ref.kind is Side.OBJECT]
        others = [ref for ref in targets if ref not in objects]
        if choice.suggested:
            suggestion = self._suggestion(objects[0])
            if suggestion is not None:
                self._say(objects[0], suggestion)
        else:
            self._reviewing.judge(objects, Judgement.LABEL, choice.kind)
        if others:  # the kinds are those of objects; what is no object can only lack one
            self._reviewing.judge(others, Judgement.LABEL, Kind.MISSING)

    def _say(self, ref: Ref, suggestion: Suggestion) -> None:
        self._reviewing.judge(
            [ref],
            Judgement.LABEL,
            suggestion.kind,
            right_class=suggestion.right_class,
            right_box=suggestion.right_box,
        )

    def _suggestion(self, ref: Ref) -> Suggestion | None:
        return None if self._queue is None else self._queue.suggestion(ref)

    def _tell_whether_suspected(self) -> None:
        self.can_agree_changed.emit(self.can_agree)

    def _beside(self, ref: Ref, size: QSize) -> QPoint:
        return beside(size, self._stage.place_of(ref), self._window.screen().availableGeometry())


def _is_object(ref: Ref) -> bool:
    return isinstance(ref, BoxRef) and ref.kind is Side.OBJECT
