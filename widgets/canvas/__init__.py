"""The image with its boxes."""

from widgets.canvas.boxes import BoxRef, Layer, Side
from widgets.canvas.loader import ImageLoader
from widgets.canvas.mask_shapes import MaskStyle
from widgets.canvas.panel import CanvasPanel

__all__ = ["BoxRef", "CanvasPanel", "ImageLoader", "Layer", "MaskStyle", "Side"]
