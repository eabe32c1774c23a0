"""From a row to a profile: mapping, e-mail addresses, phone numbers, and who was seen before."""
