"""What is remembered of how files are read."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inspector.reading import AS_WRITTEN, CLASSES_BY, IMAGES_BY, Convention, Reading
from inspector.reading_text import reading_of, text_of

_CONVENTIONS = st.none() | st.builds(
    Convention, st.sampled_from(["xywh", "xyxy", "cxcywh"]), st.booleans(), st.booleans()
)
_READINGS = st.builds(
    Reading,
    ground_truth_format=st.none() | st.text(),
    class_names=st.none() | st.sampled_from([Path("a/names.txt"), Path("ä b.txt")]),
    images_by=st.sampled_from([None, *IMAGES_BY]),
    classes_by=st.sampled_from([None, *CLASSES_BY]),
    ground_truth_boxes=_CONVENTIONS,
    detection_boxes=_CONVENTIONS,
    image_id_shift=st.integers(-5, 5),
    percent_scores=st.booleans(),
)


@given(_READINGS)
def test_what_is_written_is_read_again(reading: Reading) -> None:
    assert reading_of(text_of(reading)) == reading


def test_only_what_was_chosen_is_written_always_in_the_same_way() -> None:
    assert text_of(AS_WRITTEN) == ""
    assert text_of(Reading(images_by="stem", class_id_shift=-1)) == '{"class_id_shift":-1,"images_by":"stem"}'


@pytest.mark.parametrize(
    "text", ["", "{", "[]", "7", '{"images_by": "colour"}', '{"class_names": 7}', '{"image_id_shift": "1"}']
)
def test_damaged_texts_fall_back_to_what_the_files_say(text: str) -> None:
    assert reading_of(text) == AS_WRITTEN
