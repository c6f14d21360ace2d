"""Finding, decoding and caching the images that the boxes lie on."""

from inspector.images.cache import ByteBoundedCache
from inspector.images.crops import Box, Crop, area_around, decode_crops
from inspector.images.decode import MAX_PIXELS, ImagePixels, decode, decode_thumbnail
from inspector.images.paths import find_image_folder, is_neighbour, resolve_image, sample_of
from inspector.images.problem import ImageProblem
from inspector.images.sizes import IMAGE_SUFFIXES, FolderSizes

__all__ = [
    "IMAGE_SUFFIXES",
    "MAX_PIXELS",
    "Box",
    "ByteBoundedCache",
    "Crop",
    "FolderSizes",
    "ImagePixels",
    "ImageProblem",
    "area_around",
    "decode",
    "decode_crops",
    "decode_thumbnail",
    "find_image_folder",
    "is_neighbour",
    "resolve_image",
    "sample_of",
]
