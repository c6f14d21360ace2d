"""What was found in some paths, the best first, and what follows of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from inspector.errors import InputError
from inspector.images import find_image_folder
from inspector.reading import AS_WRITTEN
from inspector.sniffing.candidates import Candidate, Role
from inspector.sniffing.recognising import image_names
from inspector.sources import Sources

_NAMED = 4


@dataclass(frozen=True, slots=True)
class Survey:
    """Candidates for each role, the best first."""

    paths: tuple[Path, ...]
    """What was looked through."""
    ground_truth: tuple[Candidate, ...]
    detections: tuple[Candidate, ...]
    images: tuple[Candidate, ...]
    class_names: Path | None = None
    """A list of class names among the paths."""
    remarks: tuple[str, ...] = ()
    """What was found and is good for nothing, and what could not be read."""

    def check_is_clear(self) -> None:
        """Raises AmbiguousError where there is something to choose."""
        for role, candidates in (
            (Role.GROUND_TRUTH, self.ground_truth),
            (Role.DETECTIONS, self.detections),
        ):
            rivals = _rivals(candidates)
            if len(rivals) > 1:
                raise AmbiguousError(self, role, _several(rivals, self.paths[0]))

    def sources(self, known: Sources | None = None) -> Sources:
        """The best of what was found; a side that was not found is taken from `known`.

        So dropping only detections evaluates them against the open ground truth. The open detections stay
        only where nothing but a file of ground truth was found: a whole data set has its own. Raises
        InputError where no side is there.
        """
        truth, found = _first(self.ground_truth), _first(self.detections)
        if truth is None and found is None:
            return self._with_images_or_names(known)
        if known is None or (truth is not None and found is not None):
            images = self._images_for(truth or found)
            return Sources(
                _path(truth), _path(found), images, replace(AS_WRITTEN, class_names=self.class_names)
            )
        if truth is None:
            reading = replace(
                AS_WRITTEN,
                ground_truth_format=known.reading.ground_truth_format,
                ground_truth_boxes=known.reading.ground_truth_boxes,
                class_names=self.class_names or known.reading.class_names,
            )
            images = known.images if known.ground_truth is not None else self._images_for(found)
            return Sources(known.ground_truth, _path(found), images, reading)
        reading = replace(
            AS_WRITTEN,
            detections_format=known.reading.detections_format,
            detection_boxes=known.reading.detection_boxes,
            class_names=self.class_names,
        )
        kept = None if self.images else known.detections
        return Sources(_path(truth), kept, self._images_for(truth), reading if kept else AS_WRITTEN)

    def _with_images_or_names(self, known: Sources | None) -> Sources:
        given = next((item.path for item in self.images if item.is_given), None)
        if known is not None and (given is not None or self.class_names is not None):
            names = self.class_names or known.reading.class_names
            reading = replace(known.reading, class_names=names)
            return replace(known, images=given or known.images, reading=reading)
        if self.images and not self.remarks:
            reason = f"holds images ({self.images[0].count}) but neither ground truth nor detections"
        else:
            reason = "; ".join(self.remarks[:_NAMED]) or "holds neither ground truth nor detections"
        raise InputError(self.paths[0], "", reason)

    def _images_for(self, side: Candidate | None) -> Path | None:
        """The image folder, where it has to be told: images within a data set are found by its reader."""
        given = next((item.path for item in self.images if item.is_given), None)
        if given is not None or side is None or len(self.images) != 1:
            return given if side is None or given != side.path else None
        found, names = self.images[0].path, image_names(side.path)
        if found.is_relative_to(side.path) or (names and find_image_folder(side.path, names) is not None):
            return None
        return found


class AmbiguousError(InputError):
    """Some paths hold a side more than once; who can ask a person does so."""

    def __init__(self, found: Survey, role: Role, named: str) -> None:
        super().__init__(found.paths[0], "", f"holds {role} more than once ({named}): name one of them")
        self.survey = found


def _several(candidates: Sequence[Candidate], root: Path) -> str:
    """Names for an error: "gts/a.json, gts/b.json and 3 more"."""
    paths = [item.path for item in candidates]
    names = [str(path.relative_to(root)) if path.is_relative_to(root) else path.name for path in paths]
    more = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
    return ", ".join(names[:_NAMED]) + more


def _rivals(candidates: Sequence[Candidate]) -> Sequence[Candidate]:
    """What has to be chosen from: what was named, where something was."""
    return [item for item in candidates if item.is_given] or candidates


def _first(candidates: Sequence[Candidate]) -> Candidate | None:
    return candidates[0] if candidates else None


def _path(candidate: Candidate | None) -> Path | None:
    return None if candidate is None else candidate.path
