"""Measurements of Tidings, each a command: ``python -m bench.commands``."""
