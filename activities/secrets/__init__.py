"""The keys that sign notifications."""
