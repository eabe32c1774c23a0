"""What a run may read: folders of segments and the files in them."""
