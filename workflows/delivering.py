"""The rounds of a notification: each runs in one activity, or in several if it was corrected."""

from datetime import datetime

from temporalio import workflow
from temporalio.exceptions import ActivityError, FailureError

with workflow.unsafe.imports_passed_through():
    from tidings.round import Round
    from tidings.state import WaitReason
    from workflows.first_task import TaskKind
    from workflows.publication import log, show
    from workflows.round import Rest, RoundFailure, first_failure, retry_policy, round_failure
    from workflows.starting import (
        RoundActivity,
        start_delivery,
        start_first_attempt,
        start_halt,
    )
    from workflows.story import Story
    from workflows.waiting import is_long, until


async def run_round(story: Story, task: TaskKind) -> None:
    """Runs a round until it has ended, or somebody wants another one or no further attempt.

    ``task`` is the kind of the workflow task in which the round begins.
    """
    begun, due_at = story.take_round(workflow.now())
    is_due = due_at <= workflow.now()
    rest: Rest | None = Rest(due_at)
    if is_due and task is TaskKind.REPEATED:
        rest = await _deliver_at_once(story, begun, is_repeated=True)
    is_fast = is_due and task is TaskKind.FIRST
    round_ = begun
    while rest is not None and (due := await _due(story, round_, rest.due_at)) is not None:
        round_ = due
        if is_fast:
            rest = await _deliver_at_once(story, round_)
        else:
            rest = await _deliver(story, round_, is_target_slow=rest.is_target_slow)
        is_fast = False


async def _due(story: Story, round_: Round, due_at: datetime) -> Round | None:
    """Waits until the next attempt is due; the result is the rest of the round, as corrected.

    ``None`` if the round has no further attempt, if somebody intervened, or if it goes on in the
    next run of the workflow.
    """
    while True:
        round_ = story.resume_round(round_)
        if _is_over(story, round_, due_at):
            return None
        if due_at <= workflow.now():
            return round_
        if is_long():
            story.hand_on(round_, due_at)
            return None
        await _pause(story, due_at)
        if story.is_interrupted:
            return None


async def _pause(story: Story, due_at: datetime) -> None:
    """Waits for ``due_at`` or an intervention, while no activity runs."""
    story.wait_until(due_at)
    show(story)  # no pending activity shows its attempts
    await until(
        story,
        lambda: story.is_interrupted or story.is_corrected or is_long(),
        due_at - workflow.now(),
    )


def _is_over(story: Story, round_: Round, due_at: datetime) -> bool:
    """True if the round can make no attempt at ``due_at``; the notification is stuck then."""
    expires_at = round_.notification.expires_at
    if expires_at is not None and expires_at <= due_at:
        is_past = expires_at <= workflow.now()
        problem = "expired" if is_past else "the next attempt would come after it expires,"
        _get_stuck(story, WaitReason.EXPIRED, f"{problem} at {expires_at.isoformat()}")
        return True
    if story.is_used_up(round_):
        _get_stuck(story, WaitReason.EXHAUSTED, story.used_up_explanation)
        return True
    return False


def _record_lost(story: Story, round_: Round) -> Rest:
    """Records a first attempt that may have been made; the result is the rest of the round.

    Without the record, a round whose worker dies in the fast lane would exceed its schedule.
    """
    story.record(round_.outline.without_gaps((), count=1, began_at=workflow.now()))
    return Rest(workflow.now() + retry_policy(round_).initial_interval)


async def _deliver_at_once(
    story: Story, round_: Round, *, is_repeated: bool = False
) -> Rest | None:
    """Makes the first attempt of a run in the fast lane; the result is that of ``_deliver``.

    If the workflow task is repeated, it only finds out whether an attempt may have been made.
    """
    attempt = start_first_attempt(round_, is_repeated=is_repeated)
    await until(story, attempt.done)
    try:
        outcome = attempt.result()
    except FailureError:  # the SDK does not wrap every failure of a local activity
        rest = _record_lost(story, round_)
        return None if story.is_interrupted else rest
    if outcome.attempt is None:  # the worker did not admit the target
        rest = Rest(workflow.now(), is_target_slow=outcome.is_target_slow)
        return None if story.is_interrupted else rest
    if outcome.acknowledged:
        story.deliver(round_, [outcome.attempt], workflow.now())
        return None
    failure = first_failure(round_, outcome.attempt, outcome)
    story.record(failure.attempts)
    return _after_failure(story, round_, failure)


async def _deliver(story: Story, round_: Round, *, is_target_slow: bool) -> Rest | None:
    """Runs an activity of the round; the result is the rest of it, for another activity.

    There is a rest if a correction came, if the server handed the activity out before its time,
    or if the target is slow and the activity was in the ordinary lane.
    """
    began_at = workflow.now()
    delivery = start_delivery(round_, is_target_slow=is_target_slow)
    await until(story, lambda: delivery.done() or story.is_interrupted or story.is_corrected)
    if not delivery.done():
        await _halt(story, round_, delivery)
    try:
        attempts = delivery.result()
    except ActivityError as error:
        failure = round_failure(round_, began_at, error)
        story.record(failure.attempts)
        return _after_failure(story, round_, failure)
    story.deliver(round_, attempts, workflow.now())
    return None


async def _halt(story: Story, round_: Round, delivery: RoundActivity) -> None:
    """Ends a running activity between two attempts, and keeps what its attempts recorded."""
    halt = start_halt(round_.outline)
    await until(story, halt.done)
    story.record(halt.result())
    delivery.cancel()
    await until(story, delivery.done)


def _after_failure(story: Story, round_: Round, failure: RoundFailure) -> Rest | None:
    """The rest of a round whose activity ended without an acknowledgement.

    ``None`` if the notification is stuck, or somebody wants another round or its end.
    """
    if story.is_interrupted:
        return None
    if story.is_corrected:  # what failed was not what is to be sent now
        return Rest(story.next_attempt_at(round_) or workflow.now())
    if failure.reason is not None:
        _get_stuck(story, failure.reason, failure.explanation)
    return failure.rest


def _get_stuck(story: Story, reason: WaitReason, explanation: str) -> None:
    story.get_stuck(reason, explanation, workflow.now())
    log("notification.awaiting_intervention", story)
