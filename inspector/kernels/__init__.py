"""Every compiled loop, and the only place that imports numba.

Importing a module of this package compiles its kernels, or loads them from numba's cache, which takes seconds
the first time. So callers import them inside the functions that need them, on a worker thread, after
`inspector.kernels.ready.make_ready` has filled the cache from a process of its own.
"""

import os

from inspector.user_folders import user_cache_folder

# One folder of the person's own, also where the program is installed read-only. Numba reads this when it is
# imported, which only modules of this package do.
os.environ.setdefault("NUMBA_CACHE_DIR", str(user_cache_folder() / "detection-inspector" / "kernels"))
