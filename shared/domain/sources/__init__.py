"""What a run can read: folders of segments, the files in them, and how each file is written."""
