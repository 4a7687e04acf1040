"""How payloads are written and read."""

import json
from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Final, NamedTuple

from pydantic import ValidationError
from temporalio.api.common.v1 import Payload
from temporalio.common import RawValue
from temporalio.contrib.pydantic import PydanticPayloadConverter, pydantic_data_converter
from temporalio.converter import DataConverter

_MAX_PROBLEM: Final = 300


class UnreadablePayload(NamedTuple):
    """Stands in the place of an argument that cannot be decoded."""

    problem: str


class ForgivingPayloadConverter(PydanticPayloadConverter):
    """Decodes every payload, if need be to an ``UnreadablePayload``.

    The workflow can then refuse what is unreadable. The SDK itself would fail the workflow task
    again and again: the workflow would hang, and with it all its queries and updates.
    """

    def from_payloads(
        self, payloads: Sequence[Payload], type_hints: list[type] | None = None
    ) -> list[Any]:
        """The values of ``payloads``; every payload becomes a value if there are no type hints."""
        if type_hints is not None:
            return super().from_payloads(payloads, type_hints)
        return [self._decoded(payload) for payload in payloads]

    def _decoded(self, payload: Payload) -> Any:
        try:
            return super().from_payloads([payload])[0]
        except Exception as error:  # noqa: BLE001 -- every refusal has to become a value
            cause = error.__cause__ or error
            if isinstance(cause, ValidationError):  # its own text quotes the input
                cause = ValueError(cause.errors(include_input=False, include_url=False)[0]["msg"])
            return UnreadablePayload(f"cannot be decoded: {cause}"[:_MAX_PROBLEM])


DATA_CONVERTER: Final[DataConverter] = replace(
    pydantic_data_converter, payload_converter_class=ForgivingPayloadConverter
)
"""The worker's converter. A sender can have any other one: it sends plain JSON."""


def json_payload(document: object) -> RawValue:
    """``document`` as JSON in UTF-8, which every converter passes on; keys keep their order."""
    data = json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode()
    return RawValue(Payload(metadata={"encoding": b"json/plain"}, data=data))
