"""The search attributes of Tidings in Temporal."""

from collections.abc import Iterable
from typing import Final

from temporalio.api.enums.v1 import IndexedValueType
from temporalio.api.operatorservice.v1 import (
    AddSearchAttributesRequest,
    ListSearchAttributesRequest,
)
from temporalio.client import Client
from temporalio.service import RPCError

from tidings import TemporalRequestError, contract

_TYPES: Final = {
    "Keyword": IndexedValueType.INDEXED_VALUE_TYPE_KEYWORD,
    "Datetime": IndexedValueType.INDEXED_VALUE_TYPE_DATETIME,
}
_COMMAND: Final = " ".join(
    [
        "temporal operator search-attribute create",
        *(f"--name {name} --type {kind}" for name, kind in contract.SEARCH_ATTRIBUTES.items()),
    ]
)
"""Registers the search attributes by hand."""


async def register(client: Client) -> None:
    """Registers the search attributes that the namespace of ``client`` does not have yet.

    Raises ``TemporalRequestError`` with the command to run if the worker may not register them,
    or if one exists with another type.
    """
    try:
        found = await _found(client)
        missing = [name for name in contract.SEARCH_ATTRIBUTES if name not in found]
        if missing:
            await _add(client, missing)
    except RPCError as error:
        raise TemporalRequestError(
            f"the search attributes of Tidings cannot be registered ({error.message}); "
            f"ask somebody who may do it to run: {_COMMAND} --namespace {client.namespace}"
        ) from error
    for name, kind in contract.SEARCH_ATTRIBUTES.items():
        if found.get(name, _TYPES[kind]) != _TYPES[kind]:
            raise TemporalRequestError(
                f"the search attribute {name} exists with another type, and Tidings needs {kind}; "
                f"remove it, or use another namespace, and run: {_COMMAND}"
            )


async def _found(client: Client) -> dict[str, IndexedValueType.ValueType]:
    """Returns the types of the custom search attributes by their names."""
    request = ListSearchAttributesRequest(namespace=client.namespace)
    response = await client.operator_service.list_search_attributes(request)
    return dict(response.custom_attributes)


async def _add(client: Client, names: Iterable[str]) -> None:
    types = {name: _TYPES[contract.SEARCH_ATTRIBUTES[name]] for name in names}
    await client.operator_service.add_search_attributes(
        AddSearchAttributesRequest(namespace=client.namespace, search_attributes=types)
    )
