"""The limits on what the worker may connect to."""
