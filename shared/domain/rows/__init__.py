"""From bytes to rows: lines, gzip, CSV, NDJSON, and the kinds of data files."""
