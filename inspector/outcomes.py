"""The codes for what became of a detection or an object, shared by kernels and views."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

Codes = NDArray[np.uint8]
Bits = NDArray[np.uint32]
"""One bit for each IoU threshold."""
BITS: Final = 32
"""IoU thresholds in one word."""

FALSE_POSITIVE: Final = np.uint8(0)
TRUE_POSITIVE: Final = np.uint8(1)
IGNORED: Final = np.uint8(2)
"""Matched to an ignored object, or unmatched and out of the size range: counts neither way."""
NOT_EVALUATED: Final = np.uint8(3)
"""Beyond the best `max_dets` detections of its class on its image."""
FALSE_NEGATIVE: Final = np.uint8(4)
"""An object that no shown detection matches. (A matched object carries TRUE_POSITIVE.)"""

NO_MATCH: Final = np.int32(-1)
