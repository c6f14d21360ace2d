"""Makes the demo data set on disk once, all or nothing."""

from __future__ import annotations

import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor, as_completed
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from PIL import Image

from inspector.demo.backdrop_parts import Noise
from inspector.demo.backdrops import paint_backdrop
from inspector.demo.dice import Dice
from inspector.demo.documents import PNG_IMAGES, encoded, file_name, ground_truth, planted_errors, results
from inspector.demo.labels import annotate
from inspector.demo.model import detect
from inspector.demo.painting import paint_scene
from inspector.demo.scenes import BACKDROPS, IMAGE_COUNT, Scene, compose
from inspector.errors import InputError
from inspector.progress import Progress, no_progress
from inspector.user_folders import user_cache_folder

VERSION = 1
"""Bump it whenever the content changes: the set is then made anew."""
SEED = 20_240
STAGE = "Drawing the demo images"

_EXIF_ORIENTATION = 0x0112
# Which pictures are stored turned, with the EXIF orientation that sets them upright when they are displayed.
_TURNED = {9: 6, 38: 8, 66: 3, 103: 6}
_STORED_AS = {
    3: Image.Transpose.ROTATE_180,
    6: Image.Transpose.ROTATE_90,
    8: Image.Transpose.ROTATE_270,
}
_FORGOTTEN_AFTER = 3600.0
"""Seconds after which another process' temporary folder counts as left behind."""


@dataclass(frozen=True, slots=True)
class DemoFiles:
    """Where the demo data set lies."""

    ground_truth: Path
    detections: Path
    images: Path
    """The folder of the images."""
    planted_errors: Path
    folder: Path


def _files_in(folder: Path) -> DemoFiles:
    return DemoFiles(
        folder / "ground_truth.json",
        folder / "detections.json",
        folder / "images",
        folder / "planted_errors.json",
        folder,
    )


def _marker(folder: Path) -> Path:
    """A file that is written last: a set without it is half made."""
    return folder / "complete.txt"


def _is_complete(folder: Path) -> bool:
    files = _files_in(folder)
    try:
        stated = _marker(folder).read_text(encoding="utf-8")
        with os.scandir(files.images) as entries:
            count = sum(1 for _ in entries)
    except OSError:
        return False
    # Tools that clean caches remove single files: a set with gaps is made again.
    written = (files.ground_truth, files.detections, files.planted_errors)
    return stated == f"{VERSION}\n" and count >= IMAGE_COUNT and all(path.is_file() for path in written)


def _save(scene: Scene, image: Image.Image, folder: Path) -> None:
    path = folder / file_name(scene)
    if scene.index in PNG_IMAGES:
        image.save(path, "PNG", compress_level=1)
        return
    exif = Image.Exif()
    orientation = _TURNED.get(scene.index)
    if orientation is not None:
        image = image.transpose(_STORED_AS[orientation])
        exif[_EXIF_ORIENTATION] = orientation
    image.save(path, "JPEG", quality=86, exif=exif)


@contextmanager
def _workers() -> Iterator[ThreadPoolExecutor]:
    """Threads whose waiting work is dropped when the caller stops with an exception."""
    pool = ThreadPoolExecutor(min(4, os.cpu_count() or 1), "demo")
    try:
        yield pool
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


def _draw_images(scenes: list[Scene], folder: Path, progress: Progress) -> None:
    noise = Noise(SEED)

    def draw_backdrop(backdrop: int) -> None:
        setting, lighting = BACKDROPS[backdrop]
        painted[backdrop] = paint_backdrop(setting, lighting, noise, Dice(SEED, 3, backdrop))

    def draw(scene: Scene) -> None:
        _save(scene, paint_scene(scene, painted[scene.backdrop]), folder)

    painted: dict[int, Image.Image] = {}
    # A backdrop takes about as long as four pictures.
    steps, done = 4 * len(BACKDROPS) + len(scenes), 0
    with _workers() as pool:
        backdrops = [pool.submit(draw_backdrop, backdrop) for backdrop in range(len(BACKDROPS))]
        done = _report(backdrops, 4, done, steps, progress)
        _report([pool.submit(draw, scene) for scene in scenes], 1, done, steps, progress)


def _report(futures: list[Future[None]], weight: int, done: int, steps: int, progress: Progress) -> int:
    """Waits for the work, and returns the number of steps that are done then."""
    for future in as_completed(futures):
        future.result()
        done += weight
        progress(STAGE, done / steps)
    return done


def _make(folder: Path, progress: Progress) -> None:
    """Fills an empty folder."""
    files = _files_in(folder)
    scenes = []
    for index in range(IMAGE_COUNT):
        if index % 32 == 0:
            progress(STAGE, 0.0)
        scenes.append(compose(index, SEED))
    labels = annotate(scenes, SEED)
    progress(STAGE, 0.0)
    detections = detect(scenes, SEED)
    progress(STAGE, 0.0)
    files.ground_truth.write_bytes(encoded(ground_truth(scenes, labels)))
    files.planted_errors.write_bytes(encoded(planted_errors(scenes, labels)))
    files.detections.write_bytes(encoded(results(scenes, detections)))
    progress(STAGE, 0.0)
    files.images.mkdir()
    _draw_images(scenes, files.images, progress)
    _marker(folder).write_text(f"{VERSION}\n", encoding="utf-8", newline="")


def _put_in_place(made: Path, folder: Path) -> None:
    """Renames a complete set to its final name; the first of several processes wins."""
    if folder.exists() and not _is_complete(folder):
        # Renamed rather than emptied, so that nobody ever reads a folder whose files are vanishing.
        with suppress(FileNotFoundError):  # another process was faster
            folder.rename(made.with_name("half-made"))
    try:
        made.rename(folder)
    except OSError:
        if not _is_complete(folder):
            raise


def _refuse_foreign_files(folder: Path) -> None:
    """Only what an earlier, interrupted making left may be replaced, never files of the person."""
    ours = _files_in(folder)
    names = {path.name for path in (ours.ground_truth, ours.detections, ours.images, ours.planted_errors)}
    foreign = {path.name for path in folder.iterdir()} - names - {_marker(folder).name}
    if foreign:
        raise InputError(folder, "", f"the folder holds other files ({min(foreign)}); name an empty one")


def _remove_leftovers(folder: Path, prefix: str) -> None:
    """Temporary folders of processes that were killed."""
    for path in folder.parent.glob(f"{prefix}*"):
        with suppress(FileNotFoundError):  # its owner may be removing it right now
            if time.time() - path.stat().st_mtime > _FORGOTTEN_AFTER:
                shutil.rmtree(path, ignore_errors=True)


def ensure_demo(folder: Path | None = None, progress: Progress = no_progress) -> DemoFiles:
    """The demo data set in `folder` (None: in the user's cache folder), made if it is not complete there.

    It is made in a temporary folder beside and renamed, so neither a cancellation nor a killed process
    leaves half a set, and two processes may ask for it at once. Raises `InputError` where it cannot write.
    """
    if folder is None:
        folder = user_cache_folder() / "detection-inspector" / f"demo-v{VERSION}"
    if _is_complete(folder):
        return _files_in(folder)
    prefix = f".{folder.name}-making-"
    making: Path | None = None
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        if folder.exists():
            _refuse_foreign_files(folder)
        _remove_leftovers(folder, prefix)
        making = Path(tempfile.mkdtemp(prefix=prefix, dir=folder.parent))
        made = making / "set"
        made.mkdir()
        _make(made, progress)
        _put_in_place(made, folder)
    except OSError as error:
        reason = error.strerror or str(error)
        raise InputError(folder, "", f"the demo data set cannot be written: {reason}") from error
    finally:
        if making is not None:
            shutil.rmtree(making, ignore_errors=True)
    return _files_in(folder)
