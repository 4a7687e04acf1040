"""The keys that sign."""
