"""One HTTP request, and what comes of it: an answer, or a failure."""
