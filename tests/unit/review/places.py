"""Some places and verdicts."""

from __future__ import annotations

import shutil
import sqlite3
from pathlib import Path

from inspector.review.file import ReviewFile
from inspector.review.verdicts import Judgement, Kind, Place, Target, Verdict

WRONG = Verdict(Judgement.LABEL, Kind.WRONG_CLASS, right_class="bus")
MOVED = Verdict(Judgement.LABEL, Kind.BADLY_PLACED, right_box=(1.0, 2.0, 30.5, 4.25))
MODEL = Verdict(Judgement.MODEL)
NOTED = Verdict(note="ask Ben: “half hidden”?\nand again")
REVIEWED = Verdict(reviewed=True)
NOTHING = Verdict()


def an_object(file_id: int | str = 7, image: str = "a.png", name: str = "car", number: int = 0) -> Place:
    return Place(Target.OBJECT, image, file_id, name, (10.0, 20.0, 30.0, 40.0), number)


def a_detection(left: float = 0.1, image: str = "a.png", name: str = "car") -> Place:
    return Place(Target.DETECTION, image, None, name, (left, 20.0, 30.0, 40.0))


def an_image(image: str = "a.png") -> Place:
    return Place(Target.IMAGE, image)


def left_behind(review: ReviewFile, path: Path, folder: Path) -> Path:
    """What a program that was ended leaves: a verdict in the log alone, and no index of that (-shm)."""
    other = sqlite3.connect(path)
    other.execute("BEGIN")
    other.execute("SELECT count(*) FROM verdict").fetchone()  # so the log is not taken into the file
    review.write([(an_object(), WRONG)], "Ada")
    left = folder / "left" / path.name
    left.parent.mkdir()
    for name in (path.name, f"{path.name}-wal"):
        shutil.copyfile(path.with_name(name), left.with_name(name))
    other.close()
    return left
