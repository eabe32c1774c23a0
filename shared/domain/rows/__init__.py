"""From the bytes of a file to rows: kinds of files, gzip, encodings, lines, CSV, NDJSON, JSON."""
