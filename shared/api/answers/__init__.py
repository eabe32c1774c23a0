"""What the answers of the management API hold beside what is stored; the description is made from these classes."""
