"""Finding out how each file is written: from its name, and from the first bytes of all files of its source."""
