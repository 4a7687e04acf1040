"""One HTTP request, and its answer or the reason why there is none."""
