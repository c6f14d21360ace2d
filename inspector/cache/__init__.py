"""What was opened before opens again without being read: datasets and evaluations in the user's cache folder.

An entry is found by a hash of everything it was made from (`keys`), holds columns as they lie in memory
(`entry`, `packing`), and lies in a folder that has a limit (`folder`). It is only a shortcut: where one is
missing, damaged, or cannot be read or written, the files are read and evaluated, and nobody is told.
"""

from inspector.cache.folder import Usage, clear, usage
from inspector.cache.reopening import evaluated, keep, opened, tabled

__all__ = ["Usage", "clear", "evaluated", "keep", "opened", "tabled", "usage"]
