"""Where the worker may connect to."""
