"""What the flags would change."""

from widgets.what_if.panel import WhatIfPanel

__all__ = ["WhatIfPanel"]
