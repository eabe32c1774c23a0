"""What a run is: its plan, progress, checkpoint, receipts, rejections, tally and ending."""
