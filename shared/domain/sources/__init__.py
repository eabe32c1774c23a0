"""What a run can read: folders of segments, and the files in them."""
