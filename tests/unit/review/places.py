"""Some places and verdicts."""

from __future__ import annotations

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
