"""The parts of the command line; ``starter.py`` holds its commands."""
