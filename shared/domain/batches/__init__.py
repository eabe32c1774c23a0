"""From the outcomes of rows to batches, which are sent in one request each."""
