"""The words for where a notification stands, and for what went wrong; pure."""

from enum import StrEnum


class Status(StrEnum):
    """The status of a notification. At every moment it has exactly one."""

    SCHEDULED = "scheduled"
    """Accepted; the first attempt waits for ``not_before``. A resend means "now"."""
    DELIVERING = "delivering"
    """A round is running: an attempt is in flight, or the next one waits for its time."""
    DELIVERED = "delivered"
    """Acknowledged by the target. It has ended, and is sent again only if somebody means that."""
    AWAITING_INTERVENTION = "awaiting_intervention"
    """Stuck: a person has to resend or abandon it."""
    ABANDONED = "abandoned"
    """Given up by a person, or because nobody intervened in time. It has ended, likewise."""
    REJECTED = "rejected"
    """Never accepted: what somebody started was not a notification. Only lists have this status."""

    @property
    def is_final(self) -> bool:
        """True if the notification has ended."""
        return self in (Status.DELIVERED, Status.ABANDONED)


class WaitReason(StrEnum):
    """The reason why a notification awaits intervention."""

    EXHAUSTED = "exhausted"
    """Every attempt of the schedule failed."""
    REFUSED = "refused"
    """The target's answer, or its address, makes another attempt pointless."""
    EXPIRED = "expired"
    """``expires_at`` came before an acknowledgement did."""


class FailureKind(StrEnum):
    """The reason why an attempt has no answer."""

    TIMEOUT = "timeout"
    """No complete answer within the attempt's timeout."""
    CONNECTION = "connection"
    """The target could not be reached: name, address, refused connection or TLS."""
    PROTOCOL = "protocol"
    """The connection broke, or the answer was not HTTP."""
    PROXY = "proxy"
    """The worker's proxy failed or refused. The target was not reached."""
    BAD_TARGET = "bad_target"
    """The URL of the target cannot be requested."""
    EGRESS_REFUSED = "egress_refused"
    """The worker must not connect to the address of the target."""
    UNSIGNED = "unsigned"
    """The worker does not have the key that ``signing_key`` names. Nothing was sent."""
    INTERNAL = "internal"
    """The worker's own HTTP client failed; its log has the details."""
    INTERRUPTED = "interrupted"
    """The worker died during the attempt. The target may or may not have received it."""
