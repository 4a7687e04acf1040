"""Lists, pages and counts of notifications, and the retention that limits them."""

import base64
import binascii
import hashlib
import json
from collections.abc import AsyncIterator, Sequence
from datetime import timedelta
from typing import Final

from temporalio.api.workflowservice.v1 import DescribeNamespaceRequest
from temporalio.client import Client, WorkflowExecution

from tidings.base.text import brief
from tidings.errors import InvalidInputError
from tidings.filter import Filter
from tidings.results import NotificationSummary, Page
from tidings.temporal import calls, visibility
from tidings.temporal.query import query
from tidings.temporal.replaced import AT_ONCE, Replacements, count_of, replacements

MAX_SIZE: Final = 1000
"""The largest page of Temporal in its default configuration."""

_COUNTS: Final = 3
"""The most counts until one is taken at rest."""
_SEAL_BYTES: Final = 8
_NUMBER_BYTES: Final = 2


async def listed(client: Client, filter_: Filter) -> AsyncIterator[NotificationSummary]:
    """``NotificationClient.list``."""
    replaced = (await _replacements(client)).earlier
    for part in _parts(filter_):
        async for each in _listed(client, part, replaced):
            yield each


async def _listed(
    client: Client, filter_: Filter, replaced: frozenset[str]
) -> AsyncIterator[NotificationSummary]:
    text = query(filter_)
    executions = client.list_workflows(text)
    seen = _Seen(replaced)
    while True:
        async with calls.request(client, f"list {text}"):
            execution = await anext(executions, None)
            summary = await visibility.summary(execution) if execution is not None else None
        if execution is None or summary is None:
            return
        if seen.is_new(execution) and _passes(summary, filter_):
            yield summary


class _Seen:
    """The notifications of a list that may come a second time, because they move meanwhile.

    What is open and ends comes again among the ended. What had ended and was sent again comes
    with both runs, the later one first. Nothing else is kept, so that a list of many ended ones
    needs no memory.
    """

    def __init__(self, replaced: frozenset[str]) -> None:
        self._replaced = replaced
        self._ids = set[str]()

    def is_new(self, execution: WorkflowExecution) -> bool:
        """True if it is the first run of its notification that comes, and not a replaced one."""
        is_known = execution.id in self._ids or execution.run_id in self._replaced
        is_later_run = execution.typed_search_attributes.get(visibility.ACCEPTED_AT) is not None
        if execution.close_time is None or is_later_run:
            self._ids.add(execution.id)
        return not is_known


async def count(client: Client, filter_: Filter) -> int:
    """``NotificationClient.count``."""
    found = 0
    if not filter_.is_exact:
        async for _ in listed(client, filter_):
            found += 1
        return found
    for text in map(query, _parts(filter_)):
        found += await _counted(client, text)
    return found


async def _counted(client: Client, text: str) -> int:
    """The number of notifications that the query ``text`` finds.

    Runs are replaced and deleted meanwhile, so it counts again until that has come to rest. If it
    does not, the result is rather too small than too large.
    """
    for _ in range(_COUNTS):
        before = await _replacements(client)
        async with calls.request(client, f"count {text}"):
            left_out = await count_of(client, text, before.earlier)
            found = (await client.count_workflows(text)).count
        after = await _replacements(client)
        if before == after:
            return found - left_out
    return max(found - left_out - len(after.later - before.later), 0)


async def _replacements(client: Client) -> Replacements:
    with calls.translating(client, "list the runs that are replaced"):
        return await replacements(client)


def _parts(filter_: Filter) -> Sequence[Filter]:
    """``filter_`` with its ids divided, so that no query is too long."""
    ids = filter_.ids
    if ids is None:
        return [filter_]
    beginnings = range(0, len(ids), AT_ONCE)
    return [filter_.model_copy(update={"ids": ids[it : it + AT_ONCE]}) for it in beginnings]


async def page(client: Client, filter_: Filter, *, cursor: str | None, size: int) -> Page:
    """``NotificationClient.page``."""
    if not 1 <= size <= MAX_SIZE:
        raise InvalidInputError(f"size is {brief(size)}: a page holds 1 to {MAX_SIZE}")
    parts = _parts(filter_)
    number, token = _place(filter_, cursor) if cursor is not None else (0, b"")
    text = query(parts[number])
    replaced = (await _replacements(client)).earlier
    executions = client.list_workflows(text, page_size=size, next_page_token=token or None)
    seen = _Seen(replaced)
    async with calls.request(client, f"list {text}"):
        await executions.fetch_next_page()
        listed_ = [
            await visibility.summary(each)
            for each in executions.current_page or ()
            if seen.is_new(each)
        ]
    found = tuple(each for each in listed_ if _passes(each, filter_))
    following = executions.next_page_token or b""
    if not following:
        number += 1
    next_cursor = _cursor(filter_, number, following) if number < len(parts) else None
    return Page(notifications=found, cursor=next_cursor)


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


def _cursor(filter_: Filter, number: int, token: bytes) -> str:
    """The number of a part and Temporal's token in it, sealed together with the filter."""
    place = number.to_bytes(_NUMBER_BYTES) + token
    return base64.urlsafe_b64encode(_seal(filter_, place) + place).rstrip(b"=").decode()


def _place(filter_: Filter, cursor: str) -> tuple[int, bytes]:
    try:
        sealed = base64.b64decode(
            cursor.encode() + b"=" * (-len(cursor) % 4), altchars=b"-_", validate=True
        )
    except (UnicodeEncodeError, binascii.Error):
        sealed = b""
    seal, place = sealed[:_SEAL_BYTES], sealed[_SEAL_BYTES:]
    if not place or seal != _seal(filter_, place):
        raise InvalidInputError(
            f"cursor {brief(cursor)} does not come from a page of this filter; "
            "give the cursor of the previous page with the same filter, or leave it out"
        )
    return int.from_bytes(place[:_NUMBER_BYTES]), place[_NUMBER_BYTES:]


def _seal(filter_: Filter, place: bytes) -> bytes:
    """A checksum by which a cursor is known to be whole and of this filter. It is not a secret."""
    text = json.dumps(filter_.to_json(), sort_keys=True).encode()
    return hashlib.sha256(text + b"\0" + place).digest()[:_SEAL_BYTES]
