"""The image with its boxes."""

from widgets.canvas.boxes import Layer
from widgets.canvas.loader import ImageLoader
from widgets.canvas.mask_shapes import MaskStyle
from widgets.canvas.panel import CanvasPanel

__all__ = ["CanvasPanel", "ImageLoader", "Layer", "MaskStyle"]
