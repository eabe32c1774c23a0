"""Reads Parquet: columns of values, in row groups, with a footer that says where each column lies."""
