"""Waiting of a notification's workflow, in which no cancellation gets lost."""

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from tidings.state import Status
    from workflows.story import Story


async def until(
    story: Story, condition: Callable[[], bool], timeout: timedelta | None = None
) -> bool:
    """Waits for ``condition``; False if ``timeout`` came first.

    A cancellation of the workflow in Temporal counts as an abandon: the notification must end
    with a state that says so.
    """
    while True:
        try:
            await workflow.wait_condition(condition, timeout=timeout)
        except TimeoutError:
            return False
        except asyncio.CancelledError:
            story.give_up("the workflow was cancelled in Temporal", workflow.now())
        else:
            return True


async def leaves(story: Story, status: Status, deadline: datetime | None) -> bool:
    """Waits while ``status`` stays; False if ``deadline`` came first.

    It also ends if a correction brings another time, or if the history has become long, because
    signals lengthen it without end.
    """
    due_at = story.state.next_attempt_at
    return await until(
        story,
        lambda: (
            story.state.status is not status or story.state.next_attempt_at != due_at or is_long()
        ),
        (deadline or workflow.now()) - workflow.now(),
    )


def is_long() -> bool:
    """True if Temporal suggests that the history goes on in a new run of the workflow."""
    return workflow.info().is_continue_as_new_suggested()
