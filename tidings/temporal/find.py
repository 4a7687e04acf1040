"""Lists, pages and counts of notifications, and the retention that limits them."""

import base64
import binascii
import hashlib
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Final

from temporalio.api.workflowservice.v1 import DescribeNamespaceRequest
from temporalio.client import Client

from tidings.base.text import brief
from tidings.errors import InvalidInputError
from tidings.filter import Filter
from tidings.results import NotificationSummary, Page
from tidings.temporal import calls, visibility
from tidings.temporal.query import query

MAX_SIZE: Final = 1000
"""The largest page of Temporal in its default configuration."""

_SEAL_BYTES: Final = 8


async def listed(client: Client, filter_: Filter) -> AsyncIterator[NotificationSummary]:
    """``NotificationClient.list``."""
    text = query(filter_)
    executions = client.list_workflows(text)
    open_ids = set[str]()  # a notification that ends meanwhile comes again among the ended
    while True:
        async with calls.request(client, f"list {text}"):
            execution = await anext(executions, None)
            summary = await visibility.summary(execution) if execution is not None else None
        if execution is None or summary is None:
            return
        if execution.id not in open_ids and filter_.unmet(summary) is None:
            yield summary
        if execution.close_time is None:
            open_ids.add(execution.id)


async def count(client: Client, filter_: Filter) -> int:
    """``NotificationClient.count``."""
    if not filter_.is_exact:
        return sum([1 async for _ in listed(client, filter_)])
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
        found = [await visibility.summary(each) for each in executions.current_page or ()]
        found = [each for each in found if filter_.unmet(each) is None]
    following = executions.next_page_token
    return Page(notifications=tuple(found), cursor=_cursor(text, following) if following else None)


async def retention(client: Client) -> timedelta:
    """``NotificationClient.retention``."""
    request = DescribeNamespaceRequest(namespace=client.namespace)
    async with calls.request(client, f"describe the namespace {client.namespace!r}"):
        answer = await client.workflow_service.describe_namespace(request, retry=True)
    return answer.config.workflow_execution_retention_ttl.ToTimedelta()


def _cursor(text: str, token: bytes) -> str:
    """Temporal's token, sealed together with its query."""
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
            "give the cursor of the previous page with the same filter, or leave it out"
        )
    return token


def _seal(text: str, token: bytes) -> bytes:
    """A checksum by which a cursor is known to be whole and of this query. It is not a secret."""
    return hashlib.sha256(text.encode() + b"\0" + token).digest()[:_SEAL_BYTES]
