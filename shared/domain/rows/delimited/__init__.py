"""CSV: how quotes stand in lines, which lines are one record, and which records are rows."""
