"""Files -> dataset."""

from inspector.readers.coco import read_coco

__all__ = ["read_coco"]
