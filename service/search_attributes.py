"""The search attributes of Tidings in Temporal."""

from temporalio.api.enums.v1 import IndexedValueType
from temporalio.api.operatorservice.v1 import (
    AddSearchAttributesRequest,
    ListSearchAttributesRequest,
)
from temporalio.client import Client
from temporalio.service import RPCError

from tidings import TemporalRequestError, contract


async def register(client: Client) -> None:
    """Registers our search attributes where they are missing.

    Raises ``TemporalRequestError`` with what to do if this worker may not register them.
    """
    keyword = IndexedValueType.INDEXED_VALUE_TYPE_KEYWORD
    command = "temporal operator search-attribute create " + " ".join(
        f"--name {name} --type Keyword" for name in contract.SEARCH_ATTRIBUTES
    )
    try:
        known = (
            await client.operator_service.list_search_attributes(
                ListSearchAttributesRequest(namespace=client.namespace)
            )
        ).custom_attributes
        missing = [name for name in contract.SEARCH_ATTRIBUTES if name not in known]
        if missing:
            await client.operator_service.add_search_attributes(
                AddSearchAttributesRequest(
                    namespace=client.namespace,
                    search_attributes=dict.fromkeys(missing, keyword),
                )
            )
    except RPCError as error:
        raise TemporalRequestError(
            f"the search attributes of Tidings could not be registered ({error.message}); "
            f"have somebody who may do it: {command} --namespace {client.namespace}"
        ) from error
    wrong = [name for name in contract.SEARCH_ATTRIBUTES if known.get(name, keyword) != keyword]
    if wrong:
        raise TemporalRequestError(
            f"search attribute {wrong[0]} exists with another type; Tidings needs: {command}"
        )
