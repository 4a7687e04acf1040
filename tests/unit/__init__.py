"""The parts that decide and never act, as tables."""
