"""Publication of a notification's state: search attributes, memo, Web UI and log."""

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from tidings.state import Status
    from tidings.temporal import visibility
    from workflows.story import Story
    from workflows.web_ui import page, rejection_page


def publish(story: Story) -> None:
    """Updates lists and the Web UI; only a change costs an event of the history."""
    published = workflow.info().typed_search_attributes
    current = visibility.search_attributes(story.notification, story.state.status)
    accepted_at, known = story.state.accepted_at, published.get(visibility.ACCEPTED_AT)
    is_later_run = accepted_at != workflow.info().workflow_start_time
    updates = [
        pair.key.value_set(pair.value)
        for pair in current.search_attributes
        if published.get(pair.key) != pair.value
    ]
    # A first run has none, unless a sender in another language made one up.
    if known != accepted_at and (is_later_run or known is not None):
        updates.append(visibility.ACCEPTED_AT.value_set(accepted_at))
    cause = story.state.cause
    if published.get(visibility.CAUSE) != cause:
        key = visibility.CAUSE
        updates.append(key.value_set(cause) if cause is not None else key.value_unset())
    if updates:
        workflow.upsert_search_attributes(updates)
    later = visibility.later_memo(accepted_at) if is_later_run else {}
    memo: dict[str, str | int | None] = {**visibility.memo(story.state), **later}
    if {name: workflow.memo_value(name, default=None) for name in memo} != memo:
        workflow.upsert_memo(memo)
    show(story)


def publish_rejection(problem: str) -> None:
    """Lets lists and the Web UI show a start that is not a notification, with the reason."""
    workflow.upsert_search_attributes([visibility.STATUS.value_set(Status.REJECTED.value)])
    workflow.upsert_memo(visibility.rejected_memo(problem))
    workflow.set_current_details(rejection_page(problem))


def show(story: Story) -> None:
    """Updates the page in the Web UI, which costs no event of the history."""
    workflow.set_current_details(page(story.state))


def log(event: str, story: Story) -> None:
    """Writes one structured line; a warning if somebody has to act.

    The explanation is left out, because it may quote the target's answer or a person.
    """
    state = story.state
    level = workflow.logger.warning if state.reason is not None else workflow.logger.info
    level(
        event,
        extra={
            "id": state.id,
            "type": state.type,
            "target": story.notification.authority,
            "status": state.status.value,
            "reason": state.reason.value if state.reason is not None else None,
            "attempts": state.attempt_count,
        },
    )
