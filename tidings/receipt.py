"""The answer to a sender."""

from dataclasses import dataclass

from tidings.errors import TidingsError


@dataclass(frozen=True, kw_only=True)
class Receipt:
    """Proof that Temporal has recorded a notification."""

    id: str
    created: bool
    """False if the same notification had been accepted before."""


@dataclass(frozen=True, kw_only=True)
class SendResult:
    """The result of one notification of many: a receipt or an error."""

    index: int
    """The place of the notification in the input, from 0."""
    id: str | None
    """``None`` if the input is too broken to have one."""
    receipt: Receipt | None = None
    error: TidingsError | None = None
