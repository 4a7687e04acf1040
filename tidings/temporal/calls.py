"""Requests to Temporal: bounded in time, their errors turned into ours."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Final

from temporalio.api.errordetails.v1 import NamespaceNotFoundFailure
from temporalio.client import Client
from temporalio.service import RPCError, RPCStatusCode

from tidings.errors import TemporalRequestError, TidingsError
from tidings.temporal import connect_failure

TIMEOUT: Final = timedelta(seconds=9)
"""The longest that one request to Temporal may take, the SDK's own retries included."""

_UNREACHABLE: Final = frozenset({RPCStatusCode.UNAVAILABLE, RPCStatusCode.DEADLINE_EXCEEDED})
_ADVICE: Final = {
    RPCStatusCode.INVALID_ARGUMENT: (
        " (if it names a search attribute: a worker registers them when it starts)"
    ),
    RPCStatusCode.UNAUTHENTICATED: f" (check {connect_failure.CREDENTIALS})",
    RPCStatusCode.PERMISSION_DENIED: f" (check {connect_failure.CREDENTIALS})",
}
_NO_NAMESPACE: Final = " (set TEMPORAL_NAMESPACE to one that exists)"


@asynccontextmanager
async def request(
    client: Client, action: str, *, timeout: timedelta = TIMEOUT
) -> AsyncIterator[None]:
    """Bounds a request to Temporal by ``timeout`` and turns the SDK's errors into ours.

    ``action`` completes the sentence "Temporal refused to …".
    """
    try:
        async with asyncio.timeout(timeout.total_seconds()):
            yield
    except (RPCError, TimeoutError) as error:
        raise translated(client, action, error) from error


def translated(client: Client, action: str, error: RPCError | TimeoutError) -> TidingsError:
    """Our error for one of the SDK's."""
    address = client.service_client.config.target_host
    if isinstance(error, TimeoutError) or error.status in _UNREACHABLE:
        return connect_failure.unreachable(address)
    advice = _NO_NAMESPACE if _lacks_namespace(error) else _ADVICE.get(error.status, "")
    return TemporalRequestError(
        f"Temporal at {address} refused to {action}: {error.message}{advice}"
    )


def is_not_found(error: RPCError) -> bool:
    """Whether the namespace exists and what was asked for does not."""
    return error.status is RPCStatusCode.NOT_FOUND and not _lacks_namespace(error)


def _lacks_namespace(error: RPCError) -> bool:
    return any(each.Is(NamespaceNotFoundFailure.DESCRIPTOR) for each in error.grpc_status.details)
