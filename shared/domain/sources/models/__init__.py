"""The model of a folder: a ``model.json`` of the Common Data Model, which names the columns of files without header."""
