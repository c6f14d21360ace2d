"""One small data set written in every format, with numbers that none of them has to round."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from xml.sax.saxutils import escape

from PIL import Image

Box = tuple[float, float, float, float]
"""x, y, width, height in pixels."""
WIDTH, HEIGHT = 512, 256
"""Powers of two: relative numbers are exact as well."""


@dataclass(frozen=True, slots=True)
class Scene:
    """Objects and detections of some images."""

    images: tuple[str, ...]
    """Stems without digits, ascending."""
    classes: tuple[str, ...]
    objects: tuple[tuple[int, int, Box], ...]
    """Image, class, box."""
    detections: tuple[tuple[int, int, Box, float], ...]
    """Image, class, box, score."""

    def objects_of(self, image: int) -> list[tuple[int, Box]]:
        return [(label, box) for at, label, box in self.objects if at == image]

    def detections_of(self, image: int) -> list[tuple[int, Box, float]]:
        return [(label, box, score) for at, label, box, score in self.detections if at == image]


SCENE: Final = Scene(
    images=("alba", "brunch", "desert", "evening"),
    classes=("ape", "bee", "traffic light"),
    objects=(
        (0, 0, (10, 20, 100, 80)),
        (0, 1, (200, 40, 64, 32)),
        (0, 1, (300.5, 100.25, 50.5, 60.75)),
        (1, 2, (0, 0, 512, 256)),
        (1, 0, (16, 16, 32, 32)),
        (3, 2, (400, 200, 100, 50)),
        (3, 0, (128, 64, 200, 100)),
    ),
    detections=(
        (0, 0, (12, 22, 100, 80), 0.9375),
        (0, 1, (205, 45, 64, 32), 0.75),
        (0, 1, (302.5, 101.25, 48.5, 60), 0.5),
        (0, 2, (10, 20, 100, 80), 0.25),
        (1, 2, (4, 4, 500, 250), 0.875),
        (1, 0, (40, 40, 32, 32), 0.75),
        (3, 2, (398, 198, 104, 54), 0.625),
        (3, 0, (150, 70, 180, 90), 0.5),
        (3, 0, (128, 64, 200, 100), 0.375),
    ),
)


def write_images(scene: Scene, folder: Path) -> Path:
    """A folder of empty pictures."""
    folder.mkdir(parents=True, exist_ok=True)
    for stem in scene.images:
        Image.new("1", (WIDTH, HEIGHT)).save(folder / f"{stem}.png")
    return folder


def _coco(scene: Scene, folder: Path) -> Path:
    images, categories = _listed(scene)
    annotations = [
        {
            "id": number,
            "image_id": image + 1,
            "category_id": label + 1,
            "bbox": list(box),
            "area": box[2] * box[3],
            "iscrowd": 0,
        }
        for number, (image, label, box) in enumerate(scene.objects, start=1)
    ]
    document = {"images": images, "categories": categories, "annotations": annotations}
    return _file(folder / "coco.json", json.dumps(document))


def _listed(scene: Scene) -> tuple[list[dict[str, object]], list[dict[str, object]]]:
    images: list[dict[str, object]] = [
        {"id": number, "file_name": f"{stem}.png", "width": WIDTH, "height": HEIGHT}
        for number, stem in enumerate(scene.images, start=1)
    ]
    categories: list[dict[str, object]] = [
        {"id": number, "name": name} for number, name in enumerate(scene.classes, start=1)
    ]
    return images, categories


def _yolo(scene: Scene, folder: Path) -> Path:
    def line(label: int, box: Box) -> str:
        return f"{label} {_words(_centred(box))}"

    return _labels(scene, folder, line)


def _relative(box: Box) -> Box:
    return box[0] / WIDTH, box[1] / HEIGHT, box[2] / WIDTH, box[3] / HEIGHT


def _centred(box: Box) -> Box:
    x, y, width, height = _relative(box)
    return x + width / 2, y + height / 2, width, height


def _corners(box: Box) -> Box:
    x, y, width, height = box
    return x, y, x + width, y + height


def _words(numbers: tuple[float, ...]) -> str:
    return " ".join(f"{number!r}" for number in numbers)


def _labels(scene: Scene, folder: Path, line: Callable[[int, Box], str]) -> Path:
    """A text file per image, with the class list."""
    for image, stem in enumerate(scene.images):
        lines = [line(label, box) for label, box in scene.objects_of(image)]
        _file(folder / f"{stem}.txt", "".join(f"{text}\n" for text in lines))
    _file(folder / "classes.txt", "\n".join(scene.classes))
    return folder


def _text_xywh(scene: Scene, folder: Path) -> Path:
    return _labels(scene, folder, lambda label, box: f"{label} {_words(box)}")


def _text_xyxy(scene: Scene, folder: Path) -> Path:
    return _labels(scene, folder, lambda label, box: f"{label} {_words(_corners(box))}")


def _voc(scene: Scene, folder: Path) -> Path:
    for image, stem in enumerate(scene.images):
        objects = "".join(
            f"<object><name>{escape(scene.classes[label])}</name><difficult>0</difficult><bndbox>"
            + "".join(
                f"<{key}>{value!r}</{key}>"
                for key, value in zip(("xmin", "ymin", "xmax", "ymax"), _corners(box), strict=True)
            )
            + "</bndbox></object>\n"
            for label, box in scene.objects_of(image)
        )
        size = f"<size><width>{WIDTH}</width><height>{HEIGHT}</height><depth>3</depth></size>"
        text = f"<annotation><filename>{stem}.png</filename>{size}\n{objects}</annotation>\n"
        _file(folder / f"{stem}.xml", text)
    return folder


def _cvat(scene: Scene, folder: Path) -> Path:
    labels = "".join(f"<label><name>{escape(name)}</name></label>" for name in scene.classes)
    images = []
    for image, stem in enumerate(scene.images):
        boxes = "".join(
            f'<box label="{escape(scene.classes[label])}" occluded="0" '
            + " ".join(
                f'{key}="{value!r}"'
                for key, value in zip(("xtl", "ytl", "xbr", "ybr"), _corners(box), strict=True)
            )
            + "></box>\n"
            for label, box in scene.objects_of(image)
        )
        images.append(
            f'<image id="{image}" name="{stem}.png" width="{WIDTH}" height="{HEIGHT}">\n{boxes}</image>\n'
        )
    text = (
        '<?xml version="1.0" encoding="utf-8"?>\n<annotations><version>1.1</version>'
        f"<meta><task><labels>{labels}</labels></task></meta>\n{''.join(images)}</annotations>\n"
    )
    return _file(folder / "annotations.xml", text)


def _labelme(scene: Scene, folder: Path) -> Path:
    for image, stem in enumerate(scene.images):
        shapes = [
            {
                "label": scene.classes[label],
                "points": [list(_corners(box)[:2]), list(_corners(box)[2:])],
                "shape_type": "rectangle",
                "flags": {},
            }
            for label, box in scene.objects_of(image)
        ]
        document = {
            "version": "5.0.1",
            "flags": {},
            "shapes": shapes,
            "imagePath": f"{stem}.png",
            "imageData": None,
            "imageHeight": HEIGHT,
            "imageWidth": WIDTH,
        }
        _file(folder / f"{stem}.json", json.dumps(document, indent=1))
    return folder


def _openimages(scene: Scene, folder: Path) -> Path:
    lines = ["ImageID,Source,LabelName,Confidence,XMin,XMax,YMin,YMax,IsOccluded,IsTruncated,IsGroupOf"]
    for image, label, box in scene.objects:
        x, y, width, height = _relative(box)
        numbers = f"{x!r},{x + width!r},{y!r},{y + height!r}"
        lines.append(f"{scene.images[image]}.png,x,{scene.classes[label]},1,{numbers},0,0,0")
    return _file(folder / "boxes.csv", "\n".join(lines) + "\n")


TRUTH_WRITERS: Final[dict[str, Callable[[Scene, Path], Path]]] = {
    "coco": _coco,
    "yolo": _yolo,
    "voc": _voc,
    "cvat": _cvat,
    "labelme": _labelme,
    "openimages": _openimages,
    "text xywh": _text_xywh,
    "text xyxy": _text_xyxy,
}
"""Each writes into a folder of its own and returns what is to be opened."""


def _results(scene: Scene, folder: Path) -> Path:
    return _file(folder / "results.json", json.dumps(_records(scene)))


def _records(scene: Scene) -> list[dict[str, object]]:
    return [
        {"image_id": image + 1, "category_id": label + 1, "bbox": list(box), "score": score}
        for image, label, box, score in scene.detections
    ]


def _results_dictionary(scene: Scene, folder: Path) -> Path:
    images, categories = _listed(scene)
    document = {"images": images, "categories": categories, "annotations": _records(scene)}
    return _file(folder / "results.json", json.dumps(document))


def _found(scene: Scene, folder: Path, line: Callable[[int, Box, float], str]) -> Path:
    """A text file per image that has detections, with the class list beside the folder."""
    _file(folder / "classes.txt", "\n".join(scene.classes))
    for image, stem in enumerate(scene.images):
        lines = [line(*detection) for detection in scene.detections_of(image)]
        if lines:
            _file(folder / "texts" / f"{stem}.txt", "".join(f"{text}\n" for text in lines))
    return folder / "texts"


def _yolo_last(scene: Scene, folder: Path) -> Path:
    return _found(scene, folder, lambda label, box, score: f"{label} {_words(_centred(box))} {score!r}")


def _yolo_second(scene: Scene, folder: Path) -> Path:
    return _found(scene, folder, lambda label, box, score: f"{label} {score!r} {_words(_centred(box))}")


def _xywh(scene: Scene, folder: Path) -> Path:
    return _found(scene, folder, lambda label, box, score: f"{label} {score!r} {_words(box)}")


def _xyxy(scene: Scene, folder: Path) -> Path:
    return _found(scene, folder, lambda label, box, score: f"{label} {score!r} {_words(_corners(box))}")


def _comp4(scene: Scene, folder: Path) -> Path:
    for number, name in enumerate(scene.classes):
        lines = [
            f"{scene.images[image]} {score!r} {_words(_corners(box))}\n"
            for image, label, box, score in scene.detections
            if label == number
        ]
        _file(folder / f"comp4_det_test_{name}.txt", "".join(lines))
    return folder


def _csv(scene: Scene, folder: Path) -> Path:
    lines = ["image,class,score,x,y,w,h"]
    for image, label, box, score in scene.detections:
        numbers = ",".join(f"{number!r}" for number in box)
        lines.append(f"{scene.images[image]}.png,{scene.classes[label]},{score!r},{numbers}")
    return _file(folder / "detections.csv", "\n".join(lines) + "\n")


FOUND_WRITERS: Final[dict[str, Callable[[Scene, Path], Path]]] = {
    "coco": _results,
    "coco dictionary": _results_dictionary,
    "yolo, score last": _yolo_last,
    "yolo, score second": _yolo_second,
    "xywh": _xywh,
    "xyxy": _xyxy,
    "comp4": _comp4,
    "csv": _csv,
}


def _file(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path
