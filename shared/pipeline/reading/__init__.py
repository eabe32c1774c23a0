"""Reads the files of segments: page by page, or only their beginning."""
