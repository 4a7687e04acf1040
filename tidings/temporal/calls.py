"""Requests to Temporal, limited in time, with the SDK's errors turned into ours."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from datetime import timedelta
from typing import Final

from google.protobuf import message
from temporalio.api.errordetails.v1 import NamespaceNotFoundFailure
from temporalio.client import Client
from temporalio.service import RPCError, RPCStatusCode

from tidings.errors import TemporalRequestError, TemporalUnavailableError, TidingsError
from tidings.temporal import connect_failure, converter

TIMEOUT: Final = timedelta(seconds=9)
"""The limit for one request to Temporal, the SDK's own retries included."""

_UNREACHABLE: Final = frozenset({RPCStatusCode.UNAVAILABLE, RPCStatusCode.DEADLINE_EXCEEDED})
_ADVICE: Final = {
    RPCStatusCode.INVALID_ARGUMENT: (
        " (if it names a search attribute: a worker registers them when it starts)"
    ),
    RPCStatusCode.UNAUTHENTICATED: f" (check {connect_failure.CREDENTIALS})",
    RPCStatusCode.PERMISSION_DENIED: f" (check {connect_failure.CREDENTIALS})",
}
_NO_NAMESPACE: Final = " (set TEMPORAL_NAMESPACE to one that exists)"
_FORKED: Final = "across forks"
"""A part of the SDK's assertion that a client is used by the process that made it (temporalio
1.35.0)."""
_CONVERTER_ERRORS: Final = (LookupError, RuntimeError, ValueError, message.Error)
"""The errors that converters and codecs raise, the caller's own ones included."""


@asynccontextmanager
async def request(
    client: Client, action: str, *, timeout: timedelta = TIMEOUT
) -> AsyncIterator[None]:
    """Limits a request to Temporal to ``timeout`` and turns the SDK's errors into ours.

    ``action`` completes the sentence "Temporal refused to …".
    """
    with translating(client, action):
        async with asyncio.timeout(timeout.total_seconds()):
            yield


@contextmanager
def translating(client: Client, action: str) -> Iterator[None]:
    """Turns the SDK's errors into ours; ``action`` is that of ``request``."""
    try:
        yield
    except (RPCError, TimeoutError) as error:
        raise _translated(client, action, error) from error
    except AssertionError as error:
        if _FORKED not in str(error):
            raise
        raise TemporalUnavailableError(
            "this client was connected before its process was forked, and works in the parent "
            "only; fork first, and call NotificationClient.connect() in each process then"
        ) from error
    except _CONVERTER_ERRORS as error:
        raise TemporalRequestError(
            f"the Temporal client could not {action}: {converter.problem(error)}; "
            "check that it has the data converter and the codec of the worker"
        ) from error


def _translated(client: Client, action: str, error: RPCError | TimeoutError) -> TidingsError:
    address = client.service_client.config.target_host
    if isinstance(error, TimeoutError) or error.status in _UNREACHABLE:
        return connect_failure.unreachable(address)
    advice = _NO_NAMESPACE if _lacks_namespace(error) else _ADVICE.get(error.status, "")
    return TemporalRequestError(
        f"Temporal at {address} refused to {action}: {error.message}{advice}"
    )


def is_not_found(error: RPCError) -> bool:
    """True if the namespace exists, but not the workflow or batch."""
    return error.status is RPCStatusCode.NOT_FOUND and not _lacks_namespace(error)


def _lacks_namespace(error: RPCError) -> bool:
    return any(each.Is(NamespaceNotFoundFailure.DESCRIPTOR) for each in error.grpc_status.details)
