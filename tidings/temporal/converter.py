"""The data converter: the form of payloads."""

import json
from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Final, NamedTuple

from pydantic import ValidationError
from temporalio.api.common.v1 import Payload
from temporalio.common import RawValue
from temporalio.contrib.pydantic import PydanticPayloadConverter, pydantic_data_converter
from temporalio.converter import DataConverter

from tidings.base.json_text import read_json

_MAX_PROBLEM: Final = 300
"""Characters."""
_JSON: Final = b"json/plain"


class UnreadablePayload(NamedTuple):
    """The value in place of an argument that cannot be decoded."""

    problem: str


class ForgivingPayloadConverter(PydanticPayloadConverter):
    """Decodes every payload; one that is unreadable becomes an ``UnreadablePayload``.

    The workflow can then refuse it. The SDK itself would fail the workflow task again and again,
    so that the workflow, its queries and its updates would hang. JSON is unreadable, too, if a
    number of it could not be kept (see ``read_json``).
    """

    def from_payloads(
        self, payloads: Sequence[Payload], type_hints: list[type] | None = None
    ) -> list[Any]:
        """The values of ``payloads``. Without type hints, each payload becomes a value."""
        if type_hints is not None:
            return super().from_payloads(payloads, type_hints)
        return [self._decoded(payload) for payload in payloads]

    def _decoded(self, payload: Payload) -> Any:
        try:
            if payload.metadata.get("encoding") == _JSON:
                return read_json(payload.data)
            return super().from_payloads([payload])[0]
        except Exception as error:  # noqa: BLE001 -- every refusal has to become a value
            return UnreadablePayload(f"cannot be decoded: {problem(error)}")


def problem(error: Exception) -> str:
    """The problem of a converter in one line, without the input, which may hold secrets."""
    cause = error.__cause__ or error
    if isinstance(cause, ValidationError):  # its own text quotes the input
        return str(cause.errors(include_input=False, include_url=False)[0]["msg"])[:_MAX_PROBLEM]
    return " ".join(str(cause).split())[:_MAX_PROBLEM]


DATA_CONVERTER: Final[DataConverter] = replace(
    pydantic_data_converter, payload_converter_class=ForgivingPayloadConverter
)
"""The worker's converter. A sender may have any other one, because it sends plain JSON."""


def json_payload(document: object) -> RawValue:
    """``document`` as JSON in UTF-8, with its keys in order. Every converter passes it on."""
    data = json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode()
    return RawValue(Payload(metadata={"encoding": _JSON}, data=data))
