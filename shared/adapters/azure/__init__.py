"""Azure: blobs, documents and secrets."""
