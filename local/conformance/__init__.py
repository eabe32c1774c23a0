"""What a real Functions host was seen to do, as a table that can be played against any host."""
