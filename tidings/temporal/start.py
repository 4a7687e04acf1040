"""The start of a notification's workflow, with the same options for senders and for reports."""

from datetime import datetime, timedelta
from typing import Final, TypedDict

from temporalio.common import Priority, TypedSearchAttributes, WorkflowIDReusePolicy

from tidings import contract
from tidings.notification import Notification
from tidings.temporal import visibility
from tidings.temporal.title import title

TASK_TIMEOUT: Final = timedelta(seconds=4)
"""The time of a workflow task. The SDK prolongs a longer one after four fifths of it. An attempt
of the fast lane keeps a query waiting until then and an intervention twice as long. Both give up
after ``WORKER_TIMEOUT``, which has to be longer."""
_MAX_BODY_BYTES: Final = 2048
"""The most bytes of a body that the Web UI shows."""


class StartOptions(TypedDict):
    """The keyword arguments of every start of a notification's workflow."""

    id: str
    id_reuse_policy: WorkflowIDReusePolicy
    task_timeout: timedelta
    search_attributes: TypedSearchAttributes
    priority: Priority
    memo: dict[str, str]
    static_summary: str
    static_details: str


def start_options(notification: Notification, now: datetime) -> StartOptions:
    """The keyword arguments that start the workflow of ``notification`` at the time ``now``."""
    return StartOptions(
        id=contract.workflow_id(notification.id),
        id_reuse_policy=WorkflowIDReusePolicy.REJECT_DUPLICATE,
        task_timeout=TASK_TIMEOUT,
        search_attributes=visibility.search_attributes(
            notification, notification.first_status(now)
        ),
        priority=Priority(fairness_key=contract.fairness_key(notification.authority)),
        memo=visibility.first_memo(notification),
        static_summary=title(notification.type, notification.id, _host(notification)),
        static_details=details(notification),
    )


def _host(notification: Notification) -> str:
    """Its host, with the port unless that is the usual one of the scheme."""
    usual = ":443" if notification.target.lower().startswith("https:") else ":80"
    return notification.authority.removesuffix(usual)


def details(notification: Notification) -> str:
    """The request as the Web UI shows it, beside the page of ``workflows/web_ui.py``.

    Values of headers are masked, because they may be secret. Every line of the body is indented,
    so that nothing in it is read as Markdown.
    """
    content = notification.request_content
    key = notification.signing_key
    lines = [
        f"{notification.method} {content.url}",
        *([f"content-type: {content.content_type}"] if content.content_type is not None else []),
        *(f"{name}: ***" for name in notification.headers),
        *([f"webhook-signature: by the key {key}"] if key is not None else []),
        "",
        *content.excerpt(_MAX_BODY_BYTES).splitlines(),
    ]
    return "\n".join(f"    {line}" for line in lines)
