"""The classes of the demo: their ids, true sizes, looks, and what a model takes them for."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from inspector.demo import look_living, look_things, look_traffic
from inspector.demo.dice import Dice
from inspector.demo.pen import Pen


@dataclass(frozen=True, slots=True)
class Form:
    """One way in which a class is drawn."""

    proportion: float
    """Width / height."""
    height: float
    """In metres (for the things on a table: in decimetres)."""
    draw: Callable[[Pen, Dice], None]


@dataclass(frozen=True, slots=True)
class Kind:
    """One class."""

    category_id: int
    name: str
    group: str
    """COCO's supercategory."""
    forms: tuple[Form, ...]
    recall: float
    """How much of it a model finds, at best."""
    taken_for: tuple[str, ...]
    """The classes that a model, or a tired annotator, mixes it up with."""
    mix_up_rate: float


# The ids leave gaps, as those of COCO do, so nothing can mistake an id for a position.
KINDS: tuple[Kind, ...] = (
    Kind(1, "person", "person",
         (Form(0.38, 1.72, look_living.person), Form(0.38, 1.6, look_living.person),
          Form(0.8, 0.95, look_living.sitting_person)), 0.98, ("dog",), 0.01),
    Kind(2, "bicycle", "vehicle", (Form(1.62, 1.05, look_traffic.bicycle),), 0.9, ("person",), 0.03),
    Kind(3, "car", "vehicle",
         (Form(2.75, 1.5, look_traffic.car_from_the_side), Form(1.2, 1.5, look_traffic.car_from_behind)),
         0.98, ("bus",), 0.06),
    Kind(6, "bus", "vehicle",
         (Form(2.7, 3.1, look_traffic.bus_from_the_side), Form(0.92, 3.1, look_traffic.bus_from_the_front)),
         0.97, ("car",), 0.16),
    Kind(9, "boat", "vehicle",
         (Form(0.86, 5.2, look_traffic.sailing_boat), Form(2.3, 2.2, look_traffic.motor_boat)),
         0.94, ("car",), 0.02),
    Kind(10, "traffic light", "outdoor",
         (Form(0.26, 3.4, look_traffic.traffic_light),), 0.92, ("person",), 0.02),
    Kind(16, "bird", "animal",
         (Form(1.55, 0.5, look_living.flying_bird), Form(1.15, 0.4, look_living.perched_bird)),
         0.9, ("kite",), 0.08),
    Kind(18, "dog", "animal", (Form(1.3, 0.68, look_living.dog),), 0.95, ("person", "bird"), 0.05),
    Kind(38, "kite", "sports", (Form(0.62, 1.7, look_things.kite),), 0.91, ("bird",), 0.1),
    Kind(44, "bottle", "kitchen", (Form(0.31, 2.9, look_things.bottle),), 0.97, ("cup",), 0.06),
    Kind(47, "cup", "kitchen", (Form(1.2, 1.0, look_things.cup),), 0.97, ("bottle",), 0.06),
)  # fmt: skip

BY_NAME: dict[str, Kind] = {kind.name: kind for kind in KINDS}
