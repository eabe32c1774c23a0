"""What people do with connections: save, remove and try them, and look for lists."""
