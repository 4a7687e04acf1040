"""The demo: sends a few notifications to a receiver of its own and compares how they end."""
