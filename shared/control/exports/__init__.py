"""What people do with exports: save, copy, remove and preview them, and look for segments."""
