"""What the canvas and its header show: the boxes, the layers, what is hovered and what is selected."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QObject, QTimer, Signal

from inspector.evaluation.matching import MatchTable
from inspector.refs import BoxRef, ImageRef, Side
from inspector.review.verdicts import Entry, Place
from widgets.canvas.boxes import Boxes, Layer, boxes_on
from widgets.canvas.facts import Facts, facts_about
from widgets.canvas.mask_shapes import MaskStyle
from widgets.reviewing import Reviewing
from widgets.session import Session
from widgets.strokes import Look

_STEPPED = frozenset(Look) - {Look.MATCHED}
"""A matched object is not stepped to: its detection lies on it and says the same."""


class Scene(QObject):
    """Follows the session. Everything is worked out when it is asked for, at most once per change."""

    changed = Signal()
    """Something has to be painted again; several changes in a row are reported once."""

    def __init__(self, session: Session, reviewing: Reviewing, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session, self._reviewing = session, reviewing
        self._boxes: Boxes | None = None
        self._judged: dict[BoxRef, Entry] | None = None
        self._layers = frozenset(Layer)
        self._mask_style = MaskStyle.FILLED
        self._hovered: BoxRef | None = None
        self._orphan: Place | None = None
        # Fires when the events at hand are dealt with: a burst of changes costs one repaint.
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(0)
        self._soon.timeout.connect(self.changed)
        session.dataset_changed.connect(self._on_other_image)
        session.image_changed.connect(self._on_other_image)
        session.results_changed.connect(self._invalidate)
        session.operating_point_changed.connect(self._invalidate)
        session.selected_changed.connect(self._soon.start)
        reviewing.changed.connect(self._on_verdicts)

    @property
    def session(self) -> Session:
        return self._session

    @property
    def boxes(self) -> Boxes | None:
        """The boxes of the current image; None where nothing is open."""
        dataset, image_row = self._session.dataset, self._session.image_row
        if dataset is None or image_row is None or not len(dataset.images):
            return None
        if self._boxes is None:
            self._boxes = boxes_on(dataset, self._table, self._session.point, image_row)
        return self._boxes

    @property
    def judged(self) -> Mapping[BoxRef, Entry]:
        """What was said of boxes of the current image, whether they are shown or not."""
        image_row = self._session.image_row
        if image_row is None:
            return {}
        if self._judged is None:
            here = self._reviewing.on_image(image_row)
            self._judged = {ref: entry for ref, entry in here.items() if isinstance(ref, BoxRef)}
        return self._judged

    @property
    def image_entry(self) -> Entry | None:
        """What was said of the current image."""
        image_row = self._session.image_row
        return None if image_row is None else self._reviewing.on_image(image_row).get(ImageRef(image_row))

    @property
    def orphan(self) -> Place | None:
        """What was pointed out, while its image is shown."""
        dataset, image_row, place = self._session.dataset, self._session.image_row, self._orphan
        if dataset is None or image_row is None or place is None:
            return None
        return place if dataset.images.name(image_row) == place.image_name else None

    def point_out(self, orphan: Place | None) -> None:
        """Show where a judged box was that is not there any more."""
        if orphan != self._orphan:
            self._orphan = orphan
            self._soon.start()

    @property
    def layers(self) -> frozenset[Layer]:
        return self._layers

    @property
    def mask_style(self) -> MaskStyle:
        return self._mask_style

    @property
    def hovered(self) -> BoxRef | None:
        return self._hovered

    @property
    def selected(self) -> BoxRef | None:
        return self._session.selected

    def set_layer(self, layer: Layer, shown: bool) -> None:
        layers = self._layers | {layer} if shown else self._layers - {layer}
        if layers != self._layers:
            self._layers = layers
            self._soon.start()

    def set_mask_style(self, style: MaskStyle) -> None:
        if style != self._mask_style:
            self._mask_style = style
            self._soon.start()

    def hover(self, ref: BoxRef | None) -> None:
        if ref != self._hovered:
            self._hovered = ref
            self._soon.start()

    def neighbour(self, step: int) -> BoxRef | None:
        """The box `step` places after the selected one, errors first; None beyond either end."""
        stepped = self._stepped()
        if not stepped:
            return None
        if self.selected not in stepped:
            return stepped[0 if step > 0 else -1]
        at = stepped.index(self.selected) + step
        return stepped[at] if 0 <= at < len(stepped) else None

    def facts(self, ref: BoxRef) -> Facts | None:
        """What can be said about a box; None where it belongs to no open dataset."""
        dataset, boxes = self._session.dataset, self.boxes
        if dataset is None or boxes is None:
            return None
        columns = dataset.detections if ref.kind is Side.DETECTION else dataset.objects
        if not 0 <= ref.row < len(columns):
            return None
        return facts_about(ref, boxes, dataset, self._table, self._session.point, self.judged.get(ref))

    @property
    def _table(self) -> MatchTable | None:
        results = self._session.results
        return None if results is None else results.at.table

    def _stepped(self) -> list[BoxRef]:
        boxes = self.boxes
        if boxes is None:
            return []
        shown = boxes.on(self._layers)
        alone = Layer.PREDICTIONS not in self._layers  # then matched objects are all there is of a match
        return [
            boxes.ref(index)
            for index in boxes.by_importance.tolist()
            if shown[index] and (alone or Look(int(boxes.looks[index])) in _STEPPED)
        ]

    def _on_other_image(self) -> None:
        self._hovered = self._judged = None
        self._invalidate()

    def _on_verdicts(self) -> None:
        self._judged = None
        self._soon.start()

    def _invalidate(self) -> None:
        self._boxes = None
        self._soon.start()
