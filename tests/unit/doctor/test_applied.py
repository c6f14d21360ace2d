"""What a reading does differently, in words."""

from __future__ import annotations

from dataclasses import fields, replace

from inspector.doctor.applied import applied
from inspector.reading import AS_WRITTEN, Convention, Reading


def test_nothing_is_applied_where_the_files_are_read_as_they_are() -> None:
    assert applied(AS_WRITTEN) == ()


def test_each_way_is_told_and_can_be_taken_back_alone() -> None:
    reading = Reading(class_id_shift=1, detection_boxes=Convention("xyxy", one_based=True))
    boxes, shift = applied(reading)
    assert boxes.title == "boxes of the detections read as x1 y1 x2 y2 counted from 1"
    assert boxes.without == replace(reading, detection_boxes=None)
    assert shift.title == "+1 added to the class ids of the detections"
    assert shift.without == replace(reading, class_id_shift=0)


def test_every_field_of_a_reading_has_words() -> None:
    other = {bool: True, int: -2}
    for field in fields(Reading):
        usual = getattr(AS_WRITTEN, field.name)
        value = Convention() if field.name.endswith("_boxes") else other.get(type(usual), "voc")
        (way,) = applied(replace(AS_WRITTEN, **{field.name: value}))
        assert way.title
        assert way.without == AS_WRITTEN
