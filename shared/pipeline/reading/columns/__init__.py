"""Reads files by columns: Parquet, of which only the columns that are wanted are fetched."""
