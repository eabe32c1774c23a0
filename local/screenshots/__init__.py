"""Makes the pictures of the page that the manual shows: the same app, data, times and font give the same pictures."""
