"""What the world sees of a notification: search attributes, memo, its page, and the log."""

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from tidings.temporal import visibility
    from workflows.story import Story
    from workflows.web_ui import page


def publish(story: Story) -> None:
    """Makes true what lists and the Web UI show; commands go out only for what has changed."""
    known = workflow.info().typed_search_attributes
    wanted = visibility.search_attributes(story.notification, story.state.status)
    updates = [
        pair.key.value_set(pair.value)
        for pair in wanted.search_attributes
        if known.get(pair.key) != pair.value
    ]
    if updates:
        workflow.upsert_search_attributes(updates)
    memo = visibility.memo(story.state)
    if {name: workflow.memo_value(name, default=None) for name in memo} != memo:
        workflow.upsert_memo(memo)
    show(story)


def show(story: Story) -> None:
    """Makes true what the Web UI tells of it; no command goes out."""
    workflow.set_current_details(page(story.state))


def log(event: str, story: Story) -> None:
    """One structured line; a warning where somebody has to act.

    Without the explanation, which may quote the target's answer or a person.
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
