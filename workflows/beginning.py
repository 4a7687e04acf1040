"""The first task of a run: the story with which it begins; raises if its input is malformed."""

from collections.abc import Sequence
from typing import Any

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from tidings import contract
    from tidings.errors import InterventionRefusedError
    from workflows import reception
    from workflows.intervening import intervene
    from workflows.story import Story


def begin(arguments: Sequence[Any]) -> Story:
    """The story of this run: a new one, or one that an earlier run has handed on.

    Raises ``InvalidInputError`` if the arguments are malformed.
    """
    info, now = workflow.info(), workflow.now()
    if info.continued_run_id is not None:
        continuation = reception.continuation(arguments)
        if continuation is not None:
            return Story(continuation)
    reopening = reception.reopening(arguments, info.workflow_id, now)
    if reopening is not None:
        return _reopened(reopening)
    notification = reception.notification(arguments, info.workflow_id)
    return Story.begun(notification, accepted_at=info.workflow_start_time, now=now)


def _reopened(reopening: reception.Reopening) -> Story:
    """The story of a notification that has ended and is sent again.

    If the resend is refused, the story is as it was, with the refusal in it.
    """
    story = Story(reopening.continuation)
    try:
        intervene(story, reopening.resend, workflow.now())
    except InterventionRefusedError as error:
        story.refuse(contract.SIGNAL_RESEND, str(error), workflow.now())
    return story
