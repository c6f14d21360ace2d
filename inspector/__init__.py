"""The core of Detection Inspector: data, readers, evaluation. It never imports Qt."""

__version__ = "0.1.0"
