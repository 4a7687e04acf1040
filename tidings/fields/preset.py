"""Presets: schedule, acknowledgement and timeout as known systems have them; pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from types import MappingProxyType
from typing import TYPE_CHECKING, Annotated, Any, Final, Literal

from pydantic import BeforeValidator, Field

from tidings.errors import InvalidInputError
from tidings.fields.acknowledgement import Acknowledgement
from tidings.fields.retry import Intervals, Schedule


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
    """The document that the figures come from, with its address."""

    @property
    def fields(self) -> dict[str, Any]:
        """The fields of a notification that this preset sets."""
        fields = {"retry": self.schedule, "acknowledgement": self.acknowledgement}
        return fields if self.timeout is None else {**fields, "timeout": self.timeout}


_MINUTE, _HOUR = 60, 3600
_EVERY_4XX: Final = "400-499"
"""Of all sources, only Standard Webhooks ends a schedule at a 4xx, which is 410."""

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
            acknowledgement=Acknowledgement(body_equals="success", retry=_EVERY_4XX),
            source="Alipay, asynchronous notifications: https://opendocs.alipay.com/open/270/105902",
        ),
        "wechat": Preset(
            schedule=Intervals(
                intervals=[
                    15, 15, 30, 3 * _MINUTE, 10 * _MINUTE, 20 * _MINUTE, 30 * _MINUTE,
                    30 * _MINUTE, 30 * _MINUTE, 60 * _MINUTE, 3 * _HOUR, 3 * _HOUR, 3 * _HOUR,
                    6 * _HOUR, 6 * _HOUR,
                ]
            ),
            # The status alone decides: a 200 with the code FAIL in its body is not asked again.
            acknowledgement=Acknowledgement(status=[200, 204], retry=_EVERY_4XX),
            timeout=timedelta(seconds=5),
            source="WeChat Pay v3, payment notice: "
            "https://pay.weixin.qq.com/wiki/doc/apiv3/apis/chapter3_2_5.shtml",
        ),
        "unionpay": Preset(
            schedule=Intervals(intervals=[1 * _MINUTE, 2 * _MINUTE, 4 * _MINUTE, 5 * _MINUTE]),
            # UnionPay also takes a 302. Here a redirect never acknowledges: it often leads to a
            # page for signing in, and then nothing has been received.
            acknowledgement=Acknowledgement(status=[200], retry=_EVERY_4XX),
            timeout=timedelta(seconds=10),
            source="UnionPay, backUrl in its SDK, which also takes 302: "
            "https://github.com/mintaylor/unionpay",
        ),
        "rocketmq": Preset(
            schedule=Intervals(
                intervals=[
                    10, 30, 1 * _MINUTE, 2 * _MINUTE, 3 * _MINUTE, 4 * _MINUTE, 5 * _MINUTE,
                    6 * _MINUTE, 7 * _MINUTE, 8 * _MINUTE, 9 * _MINUTE, 10 * _MINUTE, 20 * _MINUTE,
                    30 * _MINUTE, 1 * _HOUR, 2 * _HOUR,
                ]
            ),
            # RocketMQ has no statuses. It tries every failure of a consumer again.
            acknowledgement=Acknowledgement(retry=_EVERY_4XX),
            source="Apache RocketMQ, messageDelayLevel from its third level on: "
            "https://github.com/apache/rocketmq/blob/develop/store/src/main/java/org/apache/"
            "rocketmq/store/config/MessageStoreConfig.java",
        ),
        "standard-webhooks": Preset(
            schedule=Intervals(
                intervals=[
                    5, 5 * _MINUTE, 30 * _MINUTE, 2 * _HOUR, 5 * _HOUR,
                    10 * _HOUR, 14 * _HOUR, 20 * _HOUR, 24 * _HOUR,
                ],
                jitter=0.1,  # the specification recommends jitter without a figure
            ),
            acknowledgement=Acknowledgement(retry=["400-409", "411-499"], refused=[410]),
            timeout=timedelta(seconds=20),
            source="Standard Webhooks, its example; of its 15 to 30 s of timeout, 20: "
            "https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/"
            "standard-webhooks.md",
        ),
        "svix": Preset(
            schedule=Intervals(
                intervals=[
                    5, 5 * _MINUTE, 30 * _MINUTE, 2 * _HOUR, 5 * _HOUR, 10 * _HOUR, 10 * _HOUR,
                ],
                jitter=0.2,
            ),
            acknowledgement=Acknowledgement(retry=_EVERY_4XX),
            timeout=timedelta(seconds=15),
            source="Svix, retries: https://docs.svix.com/retries",
        ),
    }
)  # fmt: skip


def applied(fields: object) -> object:
    """The fields of a notification, completed by the preset that ``retry`` names.

    A field that is already there wins. A rule on answers that is already there still tries the
    statuses again that the preset tries again, unless it gives them a meaning of its own.
    """
    name = fields.get("retry") if isinstance(fields, Mapping) else None
    if not isinstance(fields, Mapping) or not isinstance(name, str) or name not in PRESETS:
        return fields
    preset = PRESETS[name]
    completed = {**preset.fields, **fields, "retry": preset.schedule}
    if "acknowledgement" in fields:
        rule = fields["acknowledgement"]
        completed["acknowledgement"] = _with_retry(rule, preset.acknowledgement)
    return completed


def _with_retry(rule: object, preset: Acknowledgement) -> object:
    """``rule`` with the statuses of ``preset`` that are tried again, unless it names its own."""
    try:
        own = Acknowledgement.model_validate(rule)
    except InvalidInputError:
        return rule  # the notification refuses it, with the path of the field
    if "retry" in own.model_fields_set or preset.retry is None:
        return rule
    taken = {*(own.status or ()), *own.unacknowledging}
    set_fields = {name: getattr(own, name) for name in own.model_fields_set}
    return Acknowledgement(**set_fields, retry=[each for each in preset.retry if each not in taken])


def _schedule(value: object) -> object:
    if not isinstance(value, str):
        return value
    if value not in PRESETS:
        raise ValueError(f"there is no preset of this name; choose from {', '.join(PRESETS)}")
    return PRESETS[value].schedule


if TYPE_CHECKING:
    from tidings.base.model import Converted

    Retry = Converted[Schedule, Schedule | str]
else:
    Retry = Annotated[
        Schedule,
        Field(discriminator="kind"),
        BeforeValidator(_schedule, json_schema_input_type=Schedule | Literal[*PRESETS]),
    ]
    """A schedule, or the name of a preset."""
