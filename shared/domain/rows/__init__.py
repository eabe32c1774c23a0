"""From the bytes of a file to rows: kinds of files, gzip, lines, CSV, NDJSON."""
