"""The service that ``worker.py`` runs: its settings, its log, and the worker put together."""
