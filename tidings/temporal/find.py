"""Finding notifications: lists, pages, counts, and how far back they reach."""

import base64
import binascii
import hashlib
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Final

from temporalio.api.workflowservice.v1 import DescribeNamespaceRequest
from temporalio.client import Client

from tidings.errors import InvalidInputError
from tidings.filter import Filter
from tidings.summary import NotificationSummary, Page
from tidings.temporal import calls, visibility
from tidings.temporal.query import query
from tidings.text import brief

MAX_SIZE: Final = 1000
"""The largest page that Temporal gives with its default configuration."""

_SEAL_BYTES: Final = 8


async def listed(client: Client, filter_: Filter) -> AsyncIterator[NotificationSummary]:
    """``NotificationClient.list``."""
    text = query(filter_)
    executions = client.list_workflows(text)
    open_ids = set[str]()  # one that ends meanwhile comes again among the ended
    while True:
        async with calls.request(client, f"list {text}"):
            execution = await anext(executions, None)
        if execution is None:
            return
        if execution.id not in open_ids:
            yield await visibility.summary(execution)
        if execution.close_time is None:
            open_ids.add(execution.id)


async def count(client: Client, filter_: Filter) -> int:
    """``NotificationClient.count``."""
    text = query(filter_)
    async with calls.request(client, f"count {text}"):
        return (await client.count_workflows(text)).count


async def page(client: Client, filter_: Filter, *, cursor: str | None, size: int) -> Page:
    """``NotificationClient.page``."""
    text = query(filter_)
    if not 1 <= size <= MAX_SIZE:
        raise InvalidInputError(f"size is {brief(size)}: a page holds 1 to {MAX_SIZE}")
    token = _token(text, cursor) if cursor is not None else None
    executions = client.list_workflows(text, page_size=size, next_page_token=token)
    async with calls.request(client, f"list {text}"):
        await executions.fetch_next_page()
    following = executions.next_page_token
    return Page(
        notifications=tuple(
            [await visibility.summary(each) for each in executions.current_page or ()]
        ),
        cursor=_cursor(text, following) if following else None,
    )


async def retention(client: Client) -> timedelta:
    """``NotificationClient.retention``."""
    asked = DescribeNamespaceRequest(namespace=client.namespace)
    async with calls.request(client, f"describe the namespace {client.namespace!r}"):
        answer = await client.workflow_service.describe_namespace(asked, retry=True)
    return answer.config.workflow_execution_retention_ttl.ToTimedelta()


def _cursor(text: str, token: bytes) -> str:
    """Temporal's token, sealed with the query that it belongs to."""
    return base64.urlsafe_b64encode(_seal(text, token) + token).rstrip(b"=").decode()


def _token(text: str, cursor: str) -> bytes:
    try:
        sealed = base64.b64decode(
            cursor.encode() + b"=" * (-len(cursor) % 4), altchars=b"-_", validate=True
        )
    except (UnicodeEncodeError, binascii.Error):
        sealed = b""
    seal, token = sealed[:_SEAL_BYTES], sealed[_SEAL_BYTES:]
    if not token or seal != _seal(text, token):
        raise InvalidInputError(
            f"cursor {brief(cursor)} does not come from a page of this filter; "
            "give the one of the page before, with the same filter, or none to begin anew"
        )
    return token


def _seal(text: str, token: bytes) -> bytes:
    """Shows that a cursor is whole and of this query; it keeps nothing secret."""
    return hashlib.sha256(text.encode() + b"\0" + token).digest()[:_SEAL_BYTES]
