"""The notification: what goes to which target, and how persistently."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from functools import cached_property
from typing import TYPE_CHECKING, Annotated, Any, Final, Literal, Self

from pydantic import (
    AfterValidator,
    AwareDatetime,
    Field,
    JsonValue,
    PlainValidator,
    model_validator,
)

from tidings import content, target
from tidings.acknowledgement import Acknowledgement
from tidings.base import Duration, Model, default
from tidings.content import ContentType
from tidings.headers import Headers
from tidings.key_name import KeyName
from tidings.preset import Retry, applied
from tidings.retry import Exponential
from tidings.state import Status
from tidings.target import Target

MAX_ENCODED_BYTES: Final = 1_300_000
"""Of a whole notification as JSON. Temporal takes 2 MiB, with the notification's state in it."""
MAX_REPORTING_ID: Final = 180
"""Characters: the reports on a notification have longer ids, which need room too."""
MAX_TIMEOUT: Final = timedelta(seconds=60)
"""The longest that one attempt may take, and so the longest that a worker's shutdown may take."""


def _in_utc(moment: datetime) -> datetime:
    try:
        return moment.astimezone(UTC)
    except OverflowError:
        raise ValueError("it is beyond the years that a calendar has") from None


Id = Annotated[str, Field(pattern=r"^[A-Za-z0-9_\-:/]{1,200}$")]
Moment = Annotated[AwareDatetime, AfterValidator(_in_utc)]
"""A moment in UTC. In a zone, an hour that comes twice does not equal its own JSON."""

if TYPE_CHECKING:
    Timeout = Duration
    InterventionTimeout = Duration
else:
    Timeout = Annotated[Duration, Field(ge=timedelta(milliseconds=10), le=MAX_TIMEOUT)]
    InterventionTimeout = Annotated[Duration, Field(gt=timedelta(0), le=timedelta(days=3650))]


# A workflow reads its notification anew at every replay. A rule here that is tightened after its
# release would refuse what was accepted, and lose it. Such a rule belongs into policy.py.
class Notification(Model):
    """One thing to tell one target.

    Raises ``InvalidInputError`` where a field breaks its rule.
    """

    id: Id
    """The business key, 1 to 200 of ``A-Z a-z 0-9 _ - : /``; sent again it changes nothing."""
    type: str = Field(max_length=200, pattern=r"^[A-Za-z0-9_\-]+(?:\.[A-Za-z0-9_\-]+)*$")
    """What happened, as dotted words: ``payment.succeeded``."""
    target: Target
    """The URL to send to: http or https, without user and password."""
    body: JsonValue = None
    """Any JSON value; or text, with ``content_type``; ``None`` sends an empty body."""
    content_type: ContentType | None = None
    """``None`` is ``application/json``. A text body goes out as it is, in UTF-8."""
    headers: Headers = Field(default_factory=dict)
    """Further headers, at most 50 and 8 KiB; stored and shown in clear, so no credentials."""
    method: Literal["POST", "PUT", "PATCH"] = "POST"
    retry: Retry = default(Exponential())
    """The schedule of one round; or the name of a preset, which also sets what it knows of
    ``acknowledgement`` and ``timeout``, unless they are given."""
    acknowledgement: Acknowledgement = Acknowledgement()
    """The answer that counts as an acknowledgement; by default any 2xx."""
    timeout: Timeout = default(timedelta(seconds=10))
    """The length of one attempt, the answer's body included; at most 60 s."""
    not_before: Moment | None = None
    """The first attempt is not made before this."""
    expires_at: Moment | None = None
    """No attempt begins at or after this."""
    signing_key: KeyName | None = None
    """The name of the key in the worker's keyring that signs each attempt; never the secret."""
    report_to: Target | None = None
    """The URL that gets a report when it is stuck, and another on how it ended after that."""
    report_signing_key: KeyName | None = None
    """The name of the key that signs those reports."""
    intervention_timeout: InterventionTimeout = default(timedelta(days=30))
    """How long it waits for a person before it ends abandoned."""

    @model_validator(mode="before")
    @classmethod
    def _apply_preset(cls, fields: object) -> object:
        return applied(fields)

    @model_validator(mode="after")
    def _check_whole(self) -> Self:
        if self.report_to is not None and len(self.id) > MAX_REPORTING_ID:
            raise ValueError(
                f"the id has {len(self.id)} characters; with report_to it may have "
                f"{MAX_REPORTING_ID}, because its reports get longer ids of their own"
            )
        if self.report_signing_key is not None and self.report_to is None:
            raise ValueError("report_signing_key signs what goes to report_to; give both")
        if self.not_before and self.expires_at and self.expires_at <= self.not_before:
            raise ValueError(
                f"expires_at ({self.expires_at.isoformat()}) must be later than "
                f"not_before ({self.not_before.isoformat()})"
            )
        content.check_agreement(self.content_type, self.body)
        _ = self.body_bytes  # it raises where the body cannot be sent
        check_encoded(self)
        return self

    @cached_property
    def body_bytes(self) -> bytes:
        """The bytes that are signed and sent, the same at every attempt."""
        return content.encoded(self.body, is_text=self.content_type is not None)

    @property
    def authority(self) -> str:
        """Host and port of the target, as in ``orders.example.com:443``."""
        return target.authority(self.target)

    def first_status(self, now: datetime) -> Status:
        """The status in which it begins."""
        is_scheduled = self.not_before is not None and self.not_before > now
        return Status.SCHEDULED if is_scheduled else Status.DELIVERING

    def differences(self, other: "Notification") -> tuple[str, ...]:
        """The names of the fields in which ``other`` differs, as JSON tells them apart.

        Python takes ``1``, ``1.0`` and ``True`` for equal, and a target does not.
        """
        mine, others = self.to_json(), other.to_json()
        return tuple(
            name
            for name in mine
            if json.dumps(mine[name], sort_keys=True) != json.dumps(others[name], sort_keys=True)
        )

    def model_copy(self, *, update: Mapping[str, Any] | None = None, deep: bool = False) -> Self:
        """As pydantic's; the copy does not keep the bytes of a body that ``update`` replaces."""
        copy = super().model_copy(update=update, deep=deep)
        copy.__dict__.pop("body_bytes", None)
        return copy


def check_encoded(whole: Model) -> None:
    """Raises ``ValueError`` if ``whole`` is too long for Temporal."""
    size = len(whole.model_dump_json().encode())
    if size > MAX_ENCODED_BYTES:
        raise ValueError(
            f"as JSON it has {size:,} bytes in all (the escapes of its text included), "
            f"and the limit is {MAX_ENCODED_BYTES:,}"
        )


def _stored(value: object) -> Notification:
    if isinstance(value, Notification):
        return value
    return Notification.model_validate(value, extra="ignore")


StoredNotification = Annotated[Notification, PlainValidator(_stored)]
"""A notification that some release has accepted: fields that this one does not know are ignored."""
