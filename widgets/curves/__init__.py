"""The precision-recall curve and the rates by confidence, with the threshold to drag on both."""

from widgets.curves.panel import CurvePanel

__all__ = ["CurvePanel"]
