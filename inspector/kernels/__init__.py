"""Every compiled loop, and the only place that imports numba.

Importing a module of this package compiles its kernels, or loads them from numba's cache, which takes seconds
the first time. So callers import them inside the functions that need them, on a worker thread, after
`python -m inspector.kernels.compile` has filled the cache in a process of its own.
"""
