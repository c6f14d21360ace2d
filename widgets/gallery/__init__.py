"""Crops of many boxes beside each other."""

from widgets.gallery.panel import GalleryPanel

__all__ = ["GalleryPanel"]
