"""The base of all models, and the messages of those that are refused."""

from tidings.base.model import Duration, Model, Record, default

__all__ = ["Duration", "Model", "Record", "default"]
