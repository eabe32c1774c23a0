"""What people do with exports: save, remove and preview them, and look for segments."""
