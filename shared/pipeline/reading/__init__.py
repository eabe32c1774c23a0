"""How the files of a segment are read: page by page, or only their beginning."""
