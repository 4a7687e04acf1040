"""The rules by which an intervention is refused; pure."""

from datetime import datetime
from typing import Protocol

from tidings.errors import InterventionRefusedError, InvalidInputError
from tidings.intervention.action import Abandon, Action, Correct, Resend
from tidings.notification import Notification
from tidings.state import NotificationState, Status, WaitReason


def check(
    action: Action, notification: Notification, state: NotificationState, now: datetime
) -> Notification:
    """The notification as ``action`` leaves it.

    Raises ``InterventionRefusedError`` if the action does not make sense now, or if its correction
    breaks a rule.
    """
    problem = action.only_if.unmet(state) if action.only_if is not None else None
    if problem is not None:
        raise _refused(state, f"stays as it is: {problem}")
    _check_batch(action, state)
    if state.status.is_final:
        _check_reopening(action, state)
    if isinstance(action, Abandon):
        return notification
    try:
        corrected = action.corrected(notification)
    except InvalidInputError as error:
        raise InterventionRefusedError(f"the correction breaks a rule: {error}") from None
    if isinstance(action, Correct):
        _check_correction(action, state, now)
    elif _is_expired(corrected, notification, state, now):
        assert corrected.expires_at is not None
        raise _refused(
            state,
            f"has expired (expires_at is {corrected.expires_at.isoformat()}); "
            "give a later expires_at, or set even_if_expired",
        )
    return corrected


class Listed(Protocol):
    """A notification in a list, as far as a refusal can be foreseen from it."""

    @property
    def status(self) -> Status:
        """Its status."""

    @property
    def reason(self) -> WaitReason | None:
        """The reason why it is stuck."""

    @property
    def expires_at(self) -> datetime | None:
        """Its expiry, if the list knows it."""


def foreseen_refusal(action: Action, listed: Listed, now: datetime) -> str | None:
    """The reason why a notification will probably refuse ``action``, with advice.

    ``None`` if nothing that a list knows speaks against it.
    """
    if isinstance(action, Abandon):
        return None
    corrections = action.corrections
    if isinstance(action, Correct):
        if "not_before" in corrections and listed.status is not Status.SCHEDULED:
            return f"it is {listed.status}, so not_before has no effect; leave it out"
        is_over = action.expires_at is not None and action.expires_at <= now
        return "it would expire at once; give a later expires_at" if is_over else None
    expires_at = corrections.get("expires_at", listed.expires_at)
    is_over = expires_at is not None and expires_at <= now
    is_stuck_late = listed.reason is WaitReason.EXPIRED and "expires_at" not in corrections
    if is_over or is_stuck_late:
        return "it has expired; give a later expires_at, or set even_if_expired"
    return None


def _refused(state: NotificationState, problem: str) -> InterventionRefusedError:
    return InterventionRefusedError(f"notification {state.id!r} {problem}")


def _check_batch(action: Action, state: NotificationState) -> None:
    """Raises if a batch asks again, which it does if its worker died after the first answer."""
    if action.batch is not None and any(it.batch == action.batch for it in state.interventions):
        raise _refused(state, f"has taken the intervention of {action.batch} already")


def _check_reopening(action: Action, state: NotificationState) -> None:
    """Raises unless ``action`` is meant for a notification that has ended like this one."""
    permission = f"even_if_{state.status}"
    if not isinstance(action, Resend):
        raise _refused(state, f"is {state.status}; it can only be resent, with {permission}")
    is_meant = {
        Status.DELIVERED: action.even_if_delivered,
        Status.ABANDONED: action.even_if_abandoned,
    }
    if not is_meant[state.status]:
        raise _refused(state, f"is {state.status}; to send it again all the same, set {permission}")


def _check_correction(action: Correct, state: NotificationState, now: datetime) -> None:
    if "not_before" in action.corrections and state.status is not Status.SCHEDULED:
        raise _refused(
            state,
            f"is {state.status}, so not_before has no effect; leave it out, "
            "or resend the notification to send it now",
        )
    if action.expires_at is not None and action.expires_at <= now:
        raise _refused(
            state,
            f"would expire at once (expires_at is {action.expires_at.isoformat()}); "
            "give a later moment, or abandon it",
        )


def _is_expired(
    corrected: Notification, notification: Notification, state: NotificationState, now: datetime
) -> bool:
    expires_at = corrected.expires_at
    if expires_at is None:
        return False
    # It is stuck as expired shortly before that time if the next attempt would come too late.
    return expires_at <= now or (is_late(state) and expires_at == notification.expires_at)


def is_late(state: NotificationState) -> bool:
    """True if it is stuck as expired, and nobody has corrected its expiry since."""
    since = state.awaiting_since
    was_extended = since is not None and any(
        intervention.at >= since and any(it.field == "expires_at" for it in intervention.changes)
        for intervention in state.interventions
    )
    return state.reason is WaitReason.EXPIRED and not was_extended
