"""Presets: schedule, acknowledgement and timeout as known systems have them; pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from types import MappingProxyType
from typing import TYPE_CHECKING, Annotated, Any, Final, Literal

from pydantic import BeforeValidator, Field

from tidings.acknowledgement import Acknowledgement
from tidings.retry import Intervals, Schedule


@dataclass(frozen=True, kw_only=True)
class Preset:
    """A named set of fields, as in ``retry="wechat"``."""

    schedule: Schedule
    """The schedule of one round."""
    acknowledgement: Acknowledgement
    """The rule on which answers acknowledge."""
    timeout: timedelta | None = None
    """The limit for one attempt; ``None`` if the source does not name one."""
    source: str
    """The document that the figures come from."""

    @property
    def fields(self) -> dict[str, Any]:
        """The fields of a notification that this preset sets."""
        fields = {"retry": self.schedule, "acknowledgement": self.acknowledgement}
        return fields if self.timeout is None else {**fields, "timeout": self.timeout}


_MINUTE, _HOUR = 60, 3600
_ANY_2XX = Acknowledgement()

# A preset never changes after its release: sending the same notification again would be a conflict.
PRESETS: Final[Mapping[str, Preset]] = MappingProxyType(
    {
        "alipay": Preset(
            schedule=Intervals(
                intervals=[
                    4 * _MINUTE, 10 * _MINUTE, 10 * _MINUTE,
                    1 * _HOUR, 2 * _HOUR, 6 * _HOUR, 15 * _HOUR,
                ]
            ),
            acknowledgement=Acknowledgement(body_equals="success"),
            source="Alipay, rules of asynchronous notifications",
        ),
        "wechat": Preset(
            schedule=Intervals(
                intervals=[
                    15, 15, 30, 3 * _MINUTE, 10 * _MINUTE, 20 * _MINUTE, 30 * _MINUTE,
                    30 * _MINUTE, 30 * _MINUTE, 60 * _MINUTE, 3 * _HOUR, 3 * _HOUR, 3 * _HOUR,
                    6 * _HOUR, 6 * _HOUR,
                ]
            ),
            acknowledgement=Acknowledgement(status=[200, 204]),
            timeout=timedelta(seconds=5),
            source="WeChat Pay v3, payment notice",
        ),
        "unionpay": Preset(
            schedule=Intervals(intervals=[1 * _MINUTE, 2 * _MINUTE, 4 * _MINUTE, 5 * _MINUTE]),
            acknowledgement=Acknowledgement(status=[200]),
            timeout=timedelta(seconds=10),
            source="UnionPay, comments of its SDK",
        ),
        "rocketmq": Preset(
            schedule=Intervals(
                intervals=[
                    10, 30, 1 * _MINUTE, 2 * _MINUTE, 3 * _MINUTE, 4 * _MINUTE, 5 * _MINUTE,
                    6 * _MINUTE, 7 * _MINUTE, 8 * _MINUTE, 9 * _MINUTE, 10 * _MINUTE, 20 * _MINUTE,
                    30 * _MINUTE, 1 * _HOUR, 2 * _HOUR,
                ]
            ),
            acknowledgement=_ANY_2XX,
            source="Apache RocketMQ, the consumer's retry levels",
        ),
        "standard-webhooks": Preset(
            schedule=Intervals(
                intervals=[
                    5, 5 * _MINUTE, 30 * _MINUTE, 2 * _HOUR, 5 * _HOUR,
                    10 * _HOUR, 14 * _HOUR, 20 * _HOUR, 24 * _HOUR,
                ],
                jitter=0.1,
            ),
            acknowledgement=_ANY_2XX,
            timeout=timedelta(seconds=20),
            source="Standard Webhooks, the suggested schedule; of its 15 to 30 s of timeout, 20",
        ),
        "svix": Preset(
            schedule=Intervals(
                intervals=[
                    5, 5 * _MINUTE, 30 * _MINUTE, 2 * _HOUR, 5 * _HOUR, 10 * _HOUR, 10 * _HOUR,
                ],
                jitter=0.2,
            ),
            acknowledgement=_ANY_2XX,
            source="Svix, its documented schedule",
        ),
    }
)  # fmt: skip


def applied(fields: object) -> object:
    """The fields of a notification, completed by the preset that ``retry`` names.

    A field that is already there wins.
    """
    name = fields.get("retry") if isinstance(fields, Mapping) else None
    if not isinstance(fields, Mapping) or not isinstance(name, str) or name not in PRESETS:
        return fields
    preset = PRESETS[name]
    return {**preset.fields, **fields, "retry": preset.schedule}


def _schedule(value: object) -> object:
    if not isinstance(value, str):
        return value
    if value not in PRESETS:
        raise ValueError(f"there is no preset of this name; choose from {', '.join(PRESETS)}")
    return PRESETS[value].schedule


if TYPE_CHECKING:
    from tidings.base import Converted

    Retry = Converted[Schedule, Schedule | str]
else:
    Retry = Annotated[
        Schedule,
        Field(discriminator="kind"),
        BeforeValidator(_schedule, json_schema_input_type=Schedule | Literal[*PRESETS]),
    ]
    """A schedule, or the name of a preset."""
