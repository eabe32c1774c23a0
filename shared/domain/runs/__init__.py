"""What a run is: its plan, its batches, its checkpoint, its receipts, rejections and tally."""
