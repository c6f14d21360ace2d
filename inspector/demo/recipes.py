"""Which objects each setting holds, how many, and how far away."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Crew:
    """A few objects of one class."""

    kind: str
    fewest: int
    most: int
    far: float
    """In pixels. On the ground: the foot's least distance below the horizon. Aloft: the greatest height."""
    near: float
    """In pixels. On the ground: the foot's greatest distance below the horizon. Aloft: the least height."""
    forms: tuple[int, ...] = (0,)
    aloft: bool = False
    lane: float = 0.0
    """Distance from the picture's middle per pixel below the horizon; 0: anywhere."""
    scale: float = 0.0
    """Replaces the camera's height where sizes follow no perspective of a street."""
    overlap: float = 0.32
    """The share of an object that another may hide."""


@dataclass(frozen=True, slots=True)
class Gathering:
    """A crowd."""

    kind: str
    smallest: float
    """Height in pixels."""
    largest: float
    spread: float
    """Half the width of the crowd, in heights per square root of its count."""
    deep: float
    """How far it reaches from front to back, in heights."""
    offset: float = 0.0
    """Distance of its far side below the horizon, in pixels."""
    forms: tuple[int, ...] = (0,)
    aloft: bool = False


CREWS: dict[str, tuple[Crew, ...]] = {
    "street": (
        Crew("traffic light", 0, 2, 58, 62),
        Crew("person", 1, 4, 40, 54, (0, 1)),
        Crew("bus", 1, 2, 84, 200, overlap=0.4),
        Crew("car", 2, 5, 80, 232, overlap=0.4),
        Crew("bicycle", 0, 2, 70, 270),
        Crew("person", 0, 3, 200, 340, (0, 1)),
        Crew("dog", 0, 1, 240, 330),
        Crew("bird", 0, 2, 30, 8, aloft=True),
    ),
    "avenue": (
        Crew("traffic light", 0, 2, 30, 200, lane=1.05),
        Crew("bus", 0, 2, 16, 190, (1,), lane=0.42),
        Crew("car", 3, 7, 14, 270, (1,), lane=0.42),
        Crew("person", 2, 5, 24, 300, (0, 1)),
        Crew("bicycle", 0, 2, 60, 290),
        Crew("dog", 0, 1, 80, 290),
    ),
    "park": (
        Crew("person", 2, 6, 26, 330, (0, 1, 2)),
        Crew("dog", 1, 3, 70, 350),
        Crew("bicycle", 0, 2, 60, 300),
        Crew("bird", 0, 4, 150, 330, (1,), scale=3.0),
        Crew("kite", 0, 3, 110, 18, aloft=True),
        Crew("bird", 0, 3, 40, 8, aloft=True),
    ),
    "beach": (
        Crew("boat", 0, 3, 5, 26, scale=3.2),
        Crew("person", 2, 7, 84, 330, (0, 1, 2)),
        Crew("dog", 0, 2, 110, 340),
        Crew("bird", 0, 4, 150, 330, (1,), scale=3.0),
        Crew("kite", 1, 4, 130, 18, aloft=True),
        Crew("bird", 0, 4, 46, 9, aloft=True),
    ),
    "harbour": (
        Crew("boat", 2, 4, 8, 60, (0, 1), scale=4.2),
        Crew("boat", 1, 4, 60, 240, (0, 1), scale=5.6, overlap=0.25),
        Crew("person", 0, 4, 308, 350, (0, 1, 2), scale=4.4),
        Crew("dog", 0, 1, 308, 350, scale=4.4),
        Crew("bicycle", 0, 1, 308, 345, scale=4.4),
        Crew("bird", 1, 5, 70, 9, aloft=True),
    ),
    "sky": (
        Crew("kite", 1, 6, 210, 22, aloft=True, overlap=0.2),
        Crew("bird", 2, 8, 110, 10, aloft=True, overlap=0.2),
    ),
    "table": (
        Crew("bottle", 2, 5, 70, 300, scale=3.0, overlap=0.36),
        Crew("cup", 3, 8, 60, 330, scale=2.4, overlap=0.36),
    ),
}

GATHERINGS: dict[str, tuple[Gathering, ...]] = {
    "street": (Gathering("person", 22, 32, 1.2, 0.5, 28, (0, 1)),),
    "avenue": (Gathering("person", 20, 34, 0.7, 1.2, 26, (0, 1)),),
    "park": (
        Gathering("person", 22, 44, 0.8, 1.0, 30, (0, 1)),
        Gathering("bird", 12, 20, 1.2, 4.0, aloft=True),
    ),
    "beach": (Gathering("person", 22, 38, 0.9, 1.1, 66, (0, 1, 2)),),
    "harbour": (Gathering("bird", 10, 18, 1.4, 4.0, aloft=True),),
    "sky": (Gathering("bird", 10, 26, 1.3, 6.0, aloft=True), Gathering("kite", 24, 40, 0.9, 3.0, aloft=True)),
}
