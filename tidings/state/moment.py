"""The moments in the life of a notification that a period can be about; pure."""

from datetime import datetime
from enum import StrEnum
from typing import Final, Protocol

from tidings.state.status import Status, WaitReason


class Subject(Protocol):
    """A notification that a filter can decide about: its state, or its summary in a list."""

    @property
    def id(self) -> str:
        """Its id."""

    @property
    def type(self) -> str | None:
        """Its type; ``None`` if no worker has seen it yet."""

    @property
    def target(self) -> str | None:
        """Its URL; ``None`` as for ``type``."""

    @property
    def status(self) -> Status:
        """Its status."""

    @property
    def reason(self) -> WaitReason | None:
        """The reason why it is stuck."""

    @property
    def cause(self) -> str | None:
        """The code of what went wrong."""

    @property
    def accepted_at(self) -> datetime:
        """The moment at which it was accepted."""

    @property
    def awaiting_since(self) -> datetime | None:
        """The moment since which it is stuck."""

    @property
    def closed_at(self) -> datetime | None:
        """The moment at which it ended."""


class Moment(StrEnum):
    """A moment in the life of a notification, which a period can be about."""

    ACCEPTED = "accepted"
    """Temporal recorded it."""
    STUCK = "stuck"
    """It began to await intervention."""
    ENDED = "ended"
    """It was delivered, abandoned or rejected."""

    def of(self, subject: Subject) -> datetime | None:
        """This moment of ``subject``; ``None`` if it has not come."""
        match self:
            case Moment.ACCEPTED:
                return subject.accepted_at
            case Moment.STUCK:
                return subject.awaiting_since
            case Moment.ENDED:
                return subject.closed_at

    @property
    def has_come(self) -> str:
        """The verb of a sentence about it."""
        return _VERBS[self][0]

    @property
    def has_not_come(self) -> str:
        """The same verb, with a not."""
        return _VERBS[self][1]


_VERBS: Final = {
    Moment.ACCEPTED: ("was accepted", "was not accepted"),
    Moment.STUCK: ("got stuck", "did not get stuck"),
    Moment.ENDED: ("ended", "did not end"),
}
