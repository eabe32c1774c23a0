"""From rows to the attributes of profiles, as a mapping says: a page at a time, and row by row with care."""
