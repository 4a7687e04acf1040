"""What ``worker.py`` is set up with: its settings and its log."""
