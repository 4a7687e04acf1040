"""The meaning of a target's answer."""
