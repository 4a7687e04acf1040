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
        if execution.id not in open_ids and _passes(summary, filter_):
            yield summary
        if execution.close_time is None:
            open_ids.add(execution.id)


async def count(client: Client, filter_: Filter) -> int:
    """``NotificationClient.count``."""
    if not filter_.is_exact:
        found = 0
        async for _ in listed(client, filter_):
            found += 1
        return found
    text = query(filter_)
    async with calls.request(client, f"count {text}"):
        return (await client.count_workflows(text)).count


async def page(client: Client, filter_: Filter, *, cursor: str | None, size: int) -> Page:
    """``NotificationClient.page``."""
    text = query(filter_)
    if not 1 <= size <= MAX_SIZE:
        raise InvalidInputError(f"size is {brief(size)}: a page holds 1 to {MAX_SIZE}")
    token = _token(filter_, cursor) if cursor is not None else None
    executions = client.list_workflows(text, page_size=size, next_page_token=token)
    async with calls.request(client, f"list {text}"):
        await executions.fetch_next_page()
        listed_ = [await visibility.summary(each) for each in executions.current_page or ()]
    found = tuple(each for each in listed_ if _passes(each, filter_))
    following = executions.next_page_token
    return Page(notifications=found, cursor=_cursor(filter_, following) if following else None)


def _passes(summary: NotificationSummary, filter_: Filter) -> bool:
    """True if ``filter_``, whose query has found ``summary``, means it."""
    # A query that is exact knows more than a summary, which may still be without its target.
    return filter_.is_exact or filter_.unmet(summary) is None


async def retention(client: Client) -> timedelta:
    """``NotificationClient.retention``."""
    request = DescribeNamespaceRequest(namespace=client.namespace)
    async with calls.request(client, f"describe the namespace {client.namespace!r}"):
        answer = await client.workflow_service.describe_namespace(request, retry=True)
    return answer.config.workflow_execution_retention_ttl.ToTimedelta()


def _cursor(filter_: Filter, token: bytes) -> str:
    """Temporal's token, sealed together with its filter."""
    return base64.urlsafe_b64encode(_seal(filter_, token) + token).rstrip(b"=").decode()


def _token(filter_: Filter, cursor: str) -> bytes:
    try:
        sealed = base64.b64decode(
            cursor.encode() + b"=" * (-len(cursor) % 4), altchars=b"-_", validate=True
        )
    except (UnicodeEncodeError, binascii.Error):
        sealed = b""
    seal, token = sealed[:_SEAL_BYTES], sealed[_SEAL_BYTES:]
    if not token or seal != _seal(filter_, token):
        raise InvalidInputError(
            f"cursor {brief(cursor)} does not come from a page of this filter; "
            "give the cursor of the previous page with the same filter, or leave it out"
        )
    return token


def _seal(filter_: Filter, token: bytes) -> bytes:
    """A checksum by which a cursor is known to be whole and of this filter. It is not a secret."""
    parts = (query(filter_), filter_.path or "", filter_.reason or "")
    text = "\0".join(parts).encode()
    return hashlib.sha256(text + b"\0" + token).digest()[:_SEAL_BYTES]
