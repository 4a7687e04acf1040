"""The part of a notification's page that is for the person who has to act, as Markdown; pure."""

from typing import Final

from tidings.intervention import CORRECTABLE, is_late
from tidings.state import NotificationState, Status, cause
from workflows.markdown import code, command, example, joined, text, time

_NOTHING: Final = "**Nothing to do**: "
_HOW_TO_SIGNAL: Final = (
    "**To act on it**, open *More Actions* above and *Send a Signal*: choose one of these "
    "signals, and put its JSON, with your own words, into *Data*."
)
_REQUEST_CANCELLATION: Final = (
    "The button *Request Cancellation* above is not the way to resend it: it gives the "
    "notification up, as `abandon` does, but without your name and reason."
)
_EFFECTS: Final = {
    Status.SCHEDULED: ("sends it now", "the notification keeps its time"),
    Status.DELIVERING: (
        "begins a new round now",
        "the next attempt comes at its time, and goes out as corrected",
    ),
    Status.AWAITING_INTERVENTION: (
        "sends it again, with the full schedule",
        "the notification waits for a resend",
    ),
}
"""The effects of a resend and of a correction in each open status."""


def what_to_do(state: NotificationState) -> str:
    """What a person has to do now, and what happens if nobody does it."""
    match state.status:
        case Status.AWAITING_INTERVENTION:
            return _act(state)
        case Status.SCHEDULED:
            return f"{_NOTHING}the first attempt is due at {time(state.next_attempt_at)} UTC."
        case Status.DELIVERING:
            return _NOTHING + _progress(state)
        case _:
            end = f" at {time(state.closed_at)} UTC" if state.closed_at is not None else ""
            return f"{_NOTHING}it was {state.status}{end}."


def _act(state: NotificationState) -> str:
    cure = "Resend it, as it is or corrected, or abandon it, as described below."
    if is_late(state):
        cure = (
            "Resend it with `even_if_expired` or a later `expires_at`, or abandon it, as described "
            "below."
        )
    deadline = state.intervention_deadline
    end = f" If nobody acts by {time(deadline)} UTC, it is abandoned." if deadline else ""
    return f"**Somebody has to act**: {_problem(state)}. {cure}{end}"


def _problem(state: NotificationState) -> str:
    """What went wrong, in words, and as the code that filters take."""
    if state.cause is None:  # it got stuck under a release that knew no causes
        return text(state.explanation)
    return f"{text(cause.words(state.cause))} (cause {code(state.cause)})"


def _progress(state: NotificationState) -> str:
    if _is_given_up(state):
        return f"it is being abandoned. {text(state.explanation)}."
    if state.next_attempt_at is not None:
        return f"the next attempt is due at {time(state.next_attempt_at)} UTC."
    return (
        "it is tried again by itself. The attempts of the running round, and the time of the next "
        "one, are under *Pending Activities*."
    )


def _is_given_up(state: NotificationState) -> bool:
    """True if it ends once no attempt is in flight: only that is explained while it is open."""
    return state.status is Status.DELIVERING and bool(state.explanation)


def how_to_act(state: NotificationState) -> str:
    """Everything that a person can do to it now, with examples to send."""
    if state.status.is_final:
        return _how_to_send_again(state)
    if _is_given_up(state):
        return ""  # every signal would be refused
    resend, correct = _EFFECTS[state.status]
    but = ", but not `not_before`" if state.status is Status.SCHEDULED else ""
    late = {"even_if_expired": True} if is_late(state) else {}
    return joined(
        _HOW_TO_SIGNAL,
        _REQUEST_CANCELLATION,
        f"`resend` {resend}:",
        example(operator="you", reason="it is up again", **late),
        _on_expiry(state),
        f"`correct` changes {_correctable(state)}. It sends nothing by itself: {correct}.",
        example(operator="you", reason="wrong path", target=state.target),
        f"`resend` takes these fields, too{but}: it then sends the notification as corrected.",
        "`abandon` gives it up:",
        example(operator="you", reason="no longer needed"),
    )


def _correctable(state: NotificationState) -> str:
    """The fields that can be corrected now: only a scheduled one has a time to wait for."""
    is_scheduled = state.status is Status.SCHEDULED
    fields = (it for it in CORRECTABLE if is_scheduled or it != "not_before")
    return ", ".join(f"`{field}`" for field in fields)


def _on_expiry(state: NotificationState) -> str:
    if is_late(state) or state.expires_at is None:
        return ""
    return (
        f"It expires at {time(state.expires_at)} UTC: from then on a resend needs "
        "`even_if_expired` or a later `expires_at`."
    )


def _how_to_send_again(state: NotificationState) -> str:
    """The command for what has ended: no signal reaches its workflow any more."""
    return joined(
        "**To send it again** all the same, under its id and in the same story, use the command "
        "line:",
        command(f"tidings resend {state.id} --{state.status}"),
    )
