"""The core of Detection Inspector: data, readers, evaluation. It never imports Qt."""
