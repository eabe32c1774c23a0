"""The parts of answers that are not stored documents; the description of the API is made from these classes."""
