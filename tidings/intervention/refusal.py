"""The rules by which an intervention is refused; pure."""

from datetime import datetime

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


def expires_too_early(
    action: Action, expires_at: datetime | None, reason: WaitReason | None, now: datetime
) -> bool:
    """True if ``action`` will probably be refused because the notification has expired.

    ``expires_at`` and ``reason`` are those of a stuck notification in a list.
    """
    if not isinstance(action, Resend):
        return False
    corrections = action.corrections
    if "expires_at" in corrections:
        return corrections["expires_at"] is not None and corrections["expires_at"] <= now
    return reason is WaitReason.EXPIRED or (expires_at is not None and expires_at <= now)


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
