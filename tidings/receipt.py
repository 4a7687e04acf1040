"""The receipt of a sender."""

from dataclasses import dataclass

from tidings.errors import TidingsError


@dataclass(frozen=True, kw_only=True)
class Receipt:
    """Proof that Temporal has recorded a notification."""

    id: str
    """The id of the notification."""
    created: bool
    """False if the same notification had been accepted before. Nothing is sent twice then."""


@dataclass(frozen=True, kw_only=True)
class SendResult:
    """The result for one of many notifications: a receipt or an error."""

    index: int
    """The position of the notification in the input, from 0."""
    id: str | None
    """The id of the notification; ``None`` if the input is too broken to have one."""
    receipt: Receipt | None = None
    """The receipt; ``None`` if there was an error."""
    error: TidingsError | None = None
    """The error; ``None`` if there is a receipt."""
