"""A small functions host: runs the triggers of an app as Azure's host does, on the public API of azure-functions."""
