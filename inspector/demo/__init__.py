"""A generated data set: drawn scenes, a simulated model, and label errors whose truth is known."""

from inspector.demo.making import DemoFiles, ensure_demo

__all__ = ["DemoFiles", "ensure_demo"]
