"""Plain annotations read by a kernel, against Python's own JSON decoder."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inspector.progress import no_progress
from inspector.readers.coco.plain_annotations import read_plain_annotations
from inspector.readers.files import FileBytes

IMAGES = [-4, 0, 3, 10**12]
CLASSES = [1, 18]
PLAIN = b'{"id": 7, "image_id": 3, "category_id": 18, "bbox": [1.5, 2, 3.25, 4], "area": 12.5, "iscrowd": 0}'


def read(text: bytes, masks: bool = False) -> Any:
    """What the kernel makes of the annotations in a piece of a file; None where it leaves them to others."""
    data = np.frombuffer(b"[" + text + b"]", dtype=np.uint8)
    file = FileBytes(Path(), data, 0)
    (found,) = read_plain_annotations(file, [(1, len(data) - 1)], IMAGES, CLASSES, masks, no_progress)
    if found is None:
        return None
    columns = (found.ids, found.images, found.classes, found.boxes, found.areas, found.crowd)
    return [
        {
            "id": item,
            "image_id": IMAGES[image],
            "category_id": CLASSES[row],
            "bbox": box,
            "area": area,
            "iscrowd": int(crowd),
        }
        for item, image, row, box, area, crowd in zip(*(part.tolist() for part in columns), strict=True)
    ]


decimals = st.decimals(0, 10**5, places=3).map(str) | st.integers(0, 10**9).map(str)
spaces = st.text(" \n\t\r", max_size=2)
segmentations = st.sampled_from([None, "[]", "[ ]", "[[]]", "[[1.5, 2, -3], [4]]", "[ [ [ 1 , 2 ] ] , 3 ]"])


@given(
    st.lists(
        st.tuples(
            st.integers(-5, 10**15),
            st.sampled_from(IMAGES),
            st.sampled_from(CLASSES),
            st.lists(decimals, min_size=5, max_size=5),
            st.sampled_from([0, 1]),
            segmentations,
        ),
        min_size=1,
        max_size=5,
    ),
    st.data(),
)
@settings(max_examples=300, deadline=None)
def test_what_is_plain_is_read_exactly_as_python_reads_it(rows: list[Any], data: st.DataObject) -> None:
    gap, objects = data.draw(spaces), []
    for item, image, category, numbers, crowd, segmentation in rows:
        pairs = [
            f'"id":{item}',
            f'"image_id"{gap}:{gap}{image}',
            f'"category_id":{gap}{category}',
            f'"bbox": [{gap}{f"{gap},{gap}".join(numbers[:4])}{gap}]',
            f'"area":{numbers[4]}',
            f'"iscrowd": {crowd}',
        ]
        if segmentation is not None:
            pairs.append(f'"segmentation":{gap}{segmentation}')
        objects.append("{" + gap + f",{gap}".join(data.draw(st.permutations(pairs))) + gap + "}")
    text = f"{gap},{gap}".join(objects)
    wanted = json.loads(f"[{text}]")
    polygons = [given for given in [item.pop("segmentation", []) for item in wanted] if given]
    assert read(text.encode()) == wanted
    assert read(text.encode(), masks=True) == (None if polygons else wanted)


@given(st.integers(0, len(PLAIN) - 1), st.binary(max_size=3))
@settings(max_examples=500, deadline=None)
def test_text_that_is_not_plain_is_never_read_differently(at: int, change: bytes) -> None:
    text = PLAIN[:at] + change + PLAIN[at + 1 :]
    found = read(text)
    assert found is None or found == json.loads(b"[" + text + b"]")


@pytest.mark.parametrize(
    "text",
    [
        b"",
        PLAIN + b",",
        PLAIN + b", ," + PLAIN,
        PLAIN + PLAIN,
        PLAIN + b"]",
        PLAIN.replace(b'"id": 7, ', b""),
        PLAIN.replace(b'"id": 7', b'"id": "7"'),
        PLAIN.replace(b'"id": 7', b'"id": 7.0'),
        PLAIN.replace(b'"id": 7', b'"id": 7, "id": 8'),
        PLAIN.replace(b'"id": 7', b'"id": 7, "ignore": 0'),
        PLAIN.replace(b'_id": 3', b'_id": 4'),
        PLAIN.replace(b": 12.5", b": null"),
        PLAIN.replace(b": 12.5", b": 1.25e1"),
        PLAIN.replace(b": 0}", b": 2}"),
        PLAIN.replace(b": 0}", b": false}"),
        PLAIN.replace(b": 0}", b": 0.0}"),
        PLAIN.replace(b"3.25", b"-3.25"),
        *(
            PLAIN[:-1] + b', "segmentation": ' + odd + b"}"
            for odd in (
                b"null",
                b'{"size": [4, 4], "counts": "04"}',
                b"[[1, 2]",
                b"[1, 2]]",
                b"[1 2]",
                b"[1,, 2]",
                b"[,]",
                b"[1,]",
                b"[[1], ]",
                b'["1"]',
                b"[}",
            )
        ),
    ],
)
def test_what_is_odd_is_left_to_the_general_decoder(text: bytes) -> None:
    assert read(text) is None
