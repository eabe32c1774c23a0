"""From a row to a profile: columns, mapping, e-mail addresses, phone numbers, duplicates."""
