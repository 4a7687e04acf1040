"""What happened to a notification beside its attempts: acts of people, and reports; pure."""

from typing import Literal

from pydantic import AwareDatetime

from tidings.base import Record


class Change(Record):
    """One field that a resend corrected."""

    field: str
    """The name of the field."""
    before: str
    """The old value, shortened, with the values of headers masked."""
    after: str
    """The new value, shortened, with the values of headers masked."""


class Intervention(Record):
    """An act of a person on a notification."""

    action: Literal["resend", "correct", "abandon"]
    """The kind of act."""
    at: AwareDatetime
    """The moment at which it took effect."""
    operator: str | None = None
    """The person who intervened; ``None`` if nobody was named."""
    reason: str | None = None
    """The reason that this person gave."""
    changes: tuple[Change, ...] = ()
    """The fields that were corrected."""
    batch: str | None = None
    """The batch that it belonged to; ``None`` for one alone."""


class RefusedIntervention(Record):
    """A signal that changed nothing."""

    signal: str
    """The name of the signal."""
    at: AwareDatetime
    """The moment at which it came."""
    problem: str
    """The reason for the refusal."""


class Report(Record):
    """A report to the business system, which is a notification of its own."""

    id: str
    """The id of that notification: ``<id>:report:<n>``."""
    type: str
    """The type of that notification, as ``notification.delivered``."""
    at: AwareDatetime
    """The moment at which it was handed over for delivery, or could not be."""
    problem: str | None = None
    """The reason why it could not be handed over; ``None`` if it was."""
