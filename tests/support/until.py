"""Waiting for something that happens elsewhere, for a bounded time."""

import asyncio
import inspect
from collections.abc import Awaitable, Callable
from typing import TypeVar, overload

Found = TypeVar("Found")

_LONGEST_PAUSE = 0.05  # seconds


@overload
async def until(
    condition: Callable[[], Awaitable[Found | None]], *, within: float = 30, what: str | None = None
) -> Found: ...
@overload
async def until(
    condition: Callable[[], Found | None], *, within: float = 30, what: str | None = None
) -> Found: ...
async def until(
    condition: Callable[[], object], *, within: float = 30, what: str | None = None
) -> object:
    """Calls ``condition``, or awaits it, until it returns something true; returns that.

    Fails after ``within`` seconds, and names what it waited for: ``what``, or the source of the
    condition.
    """
    last: object = "nothing yet"
    pause = 0.001
    try:
        async with asyncio.timeout(within) as limit:
            while True:
                found = condition()
                last = await found if inspect.isawaitable(found) else found
                if last:
                    return last
                await asyncio.sleep(pause)
                pause = min(2 * pause, _LONGEST_PAUSE)
    except TimeoutError:
        if not limit.expired():
            raise  # one of the condition's own
    raise AssertionError(
        f"not within {within:g} s: {what or _source(condition)} (last was {last!r})"
    )


def _source(condition: Callable[[], object]) -> str:
    try:
        return inspect.getsource(condition).strip()
    except (OSError, TypeError):  # for example a functools.partial
        return repr(condition)
