"""The table of images: live counts, sorting, a filter line, next and previous."""

from widgets.image_table.cells import Role
from widgets.image_table.model import ImageTableModel
from widgets.image_table.panel import ImageTablePanel
from widgets.image_table.table import ImageTable
from widgets.image_table.thumbnails import ThumbnailLoader

__all__ = ["ImageTable", "ImageTableModel", "ImageTablePanel", "Role", "ThumbnailLoader"]
