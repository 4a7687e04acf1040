"""What an answer of a target means."""
