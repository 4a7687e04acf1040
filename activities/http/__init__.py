"""One HTTP request, and why it has no answer."""
