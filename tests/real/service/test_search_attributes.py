"""The search attributes of Tidings on a server that has never seen it."""

from typing import Any

import pytest
from temporalio.api.operatorservice.v1 import ListSearchAttributesRequest
from temporalio.client import Client
from temporalio.common import SearchAttributeKey
from temporalio.testing import WorkflowEnvironment

from service import search_attributes
from tidings import TemporalRequestError, contract
from tidings.temporal.embedded import binary

COMMAND = (
    "temporal operator search-attribute create "
    "--name NotificationStatus --type Keyword --name NotificationTarget --type Keyword "
    "--name NotificationType --type Keyword --name NotificationCause --type Keyword "
    "--name NotificationAcceptedAt --type Datetime"
)
KEYWORD, DATETIME = 2, 6
"""Temporal's numbers of the two types."""


async def found(client: Client) -> dict[str, int]:
    request = ListSearchAttributesRequest(namespace=client.namespace)
    answer = await client.operator_service.list_search_attributes(request)
    return {name: answer.custom_attributes[name] for name in contract.SEARCH_ATTRIBUTES}


def bare(**arguments: Any) -> Any:
    return WorkflowEnvironment.start_local(
        dev_server_existing_path=str(binary()), dev_server_log_level="error", **arguments
    )


async def test_each_is_registered_with_its_type() -> None:
    async with await bare() as server:
        for _ in range(2):  # the second time there is nothing to do
            await search_attributes.register(server.client)
            assert await found(server.client) == {
                contract.ATTRIBUTE_STATUS: KEYWORD,
                contract.ATTRIBUTE_TARGET: KEYWORD,
                contract.ATTRIBUTE_TYPE: KEYWORD,
                contract.ATTRIBUTE_CAUSE: KEYWORD,
                contract.ATTRIBUTE_ACCEPTED_AT: DATETIME,
            }


@pytest.mark.parametrize(
    ("existing", "needed"),
    [
        pytest.param(
            SearchAttributeKey.for_keyword(contract.ATTRIBUTE_ACCEPTED_AT), "Datetime", id="keyword"
        ),
        pytest.param(SearchAttributeKey.for_int(contract.ATTRIBUTE_TYPE), "Keyword", id="int"),
    ],
)
async def test_another_type_is_refused_with_the_command(
    existing: SearchAttributeKey[Any], needed: str
) -> None:
    async with await bare(search_attributes=[existing]) as server:
        with pytest.raises(TemporalRequestError) as refused:
            await search_attributes.register(server.client)
    assert f"{existing.name} exists with another type, and Tidings needs {needed}" in str(
        refused.value
    )
    assert str(refused.value).endswith(COMMAND)
