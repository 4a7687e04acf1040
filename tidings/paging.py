"""A list in pages, the cursor that leads from one to the next, and how far back it reaches."""

import base64
import binascii
import hashlib
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from temporalio.api.workflowservice.v1 import DescribeNamespaceRequest
from temporalio.client import Client

from tidings import connection, visibility
from tidings.errors import InvalidInputError
from tidings.model import shown
from tidings.visibility import NotificationSummary

MAX_SIZE: Final = 1000
"""The most that Temporal gives in one page, as it is configured by default."""

_SEAL_BYTES: Final = 8


@dataclass(frozen=True, kw_only=True)
class Page:
    """Some of the notifications of a filter."""

    notifications: tuple[NotificationSummary, ...]
    """The last page may be empty."""
    cursor: str | None
    """What to ask for the next page with, safe in a URL; ``None`` on the last page."""


async def page(client: Client, query: str, *, cursor: str | None, size: int) -> Page:
    """``NotificationClient.page``."""
    if not 1 <= size <= MAX_SIZE:
        raise InvalidInputError(f"size is {shown(size)}: a page holds 1 to {MAX_SIZE}")
    token = _token(query, cursor) if cursor is not None else None
    executions = client.list_workflows(query, page_size=size, next_page_token=token)
    async with connection.request(client, f"list {query}"):
        await executions.fetch_next_page()
    following = executions.next_page_token
    return Page(
        notifications=tuple(
            [await visibility.summary(each) for each in executions.current_page or ()]
        ),
        cursor=_cursor(query, following) if following else None,
    )


async def retention(client: Client) -> timedelta:
    """``NotificationClient.retention``."""
    asked = DescribeNamespaceRequest(namespace=client.namespace)
    async with connection.request(client, f"describe the namespace {client.namespace!r}"):
        answer = await client.workflow_service.describe_namespace(asked, retry=True)
    return answer.config.workflow_execution_retention_ttl.ToTimedelta()


def _cursor(query: str, token: bytes) -> str:
    """Temporal's token, sealed with the query that it belongs to."""
    return base64.urlsafe_b64encode(_seal(query, token) + token).rstrip(b"=").decode()


def _token(query: str, cursor: str) -> bytes:
    try:
        sealed = base64.b64decode(
            cursor.encode() + b"=" * (-len(cursor) % 4), altchars=b"-_", validate=True
        )
    except (UnicodeEncodeError, binascii.Error):
        sealed = b""
    seal, token = sealed[:_SEAL_BYTES], sealed[_SEAL_BYTES:]
    if not token or seal != _seal(query, token):
        raise InvalidInputError(
            f"cursor {shown(cursor)} does not come from a page of this filter; "
            "give the one of the page before, with the same filter, or none to begin anew"
        )
    return token


def _seal(query: str, token: bytes) -> bytes:
    """Shows that a cursor is whole and of this query; it keeps nothing secret."""
    return hashlib.sha256(query.encode() + b"\0" + token).digest()[:_SEAL_BYTES]
