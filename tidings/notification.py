"""The notification: its content, its target, and its schedule of attempts; pure."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from functools import cached_property
from hashlib import sha256
from typing import TYPE_CHECKING, Annotated, Any, Final, Literal, Self

from pydantic import (
    AfterValidator,
    AwareDatetime,
    Field,
    ValidatorFunctionWrapHandler,
    WrapValidator,
    model_validator,
)

from tidings.base import Duration, Model, default
from tidings.fields import content, target
from tidings.fields.acknowledgement import Acknowledgement
from tidings.fields.binary import Binary
from tidings.fields.content import Content
from tidings.fields.content_type import ContentType
from tidings.fields.headers import Headers
from tidings.fields.json_value import Body
from tidings.fields.key_name import KeyName
from tidings.fields.preset import Retry, applied
from tidings.fields.retry import Exponential
from tidings.fields.target import Target
from tidings.state import Status

MAX_ENCODED_BYTES: Final = 1_450_000
"""The limit for a whole notification as JSON: a body of 1 MiB in base64, and the other fields.
Temporal accepts 2 MiB, its state included."""
MAX_REPORTING_ID: Final = 180
"""Characters. The reports on a notification have longer ids than the notification itself."""
MAX_TIMEOUT: Final = timedelta(seconds=60)
"""The limit for one attempt, and so for the shutdown of a worker."""

_DIGITS: Final = 32
"""Of a digest; enough that no two contents share one by chance."""


def _in_utc(moment: datetime) -> datetime:
    try:
        return moment.astimezone(UTC)
    except OverflowError:
        raise ValueError("in UTC it lies outside the years 1 to 9999") from None


Id = Annotated[str, Field(pattern=r"^[A-Za-z0-9_\-:/]{1,200}$")]
Moment = Annotated[AwareDatetime, AfterValidator(_in_utc)]
"""A moment in UTC. In a zone with summer time, a moment may differ from its own JSON."""

Method = Literal["POST", "PUT", "PATCH", "GET"]

if TYPE_CHECKING:
    Timeout = Duration
    InterventionTimeout = Duration
else:
    Timeout = Annotated[Duration, Field(ge=timedelta(milliseconds=10), le=MAX_TIMEOUT)]
    InterventionTimeout = Annotated[Duration, Field(gt=timedelta(0), le=timedelta(days=3650))]


# A workflow validates its notification again at every replay. If a rule here became stricter after
# a release, accepted notifications would be refused, and lost. Such a rule belongs into policy.py.
class Notification(Model):
    """One message to one target.

    Raises ``InvalidInputError`` if a field breaks its rule.
    """

    id: Id
    """The business key, 1 to 200 characters of ``A-Z a-z 0-9 _ - : /``. Sending the same
    notification again changes nothing."""
    type: str = Field(max_length=200, pattern=r"^[A-Za-z0-9_\-]+(?:\.[A-Za-z0-9_\-]+)*$")
    """The event in dotted words, as ``payment.succeeded``; at most 200 characters."""
    target: Target
    """The URL to send to: http or https, without user, password and fragment."""
    body: Body = None
    """Any JSON value, or text together with ``content_type``; at most 1 MiB as it is sent.
    ``None`` sends an empty body. The body of a form (``application/x-www-form-urlencoded``) or of
    a GET may be an object of texts, numbers, ``true`` and ``false``; a list repeats its name, and
    ``null`` is left out."""
    body_base64: Binary = default(None)
    """Bytes in place of ``body``, in base64 (Python also takes ``bytes``); at most 1 MiB of bytes.
    They need a ``content_type``, and are sent as they are."""
    content_type: ContentType | None = None
    """The content type of the body; ``None`` is ``application/json``. A text with a content type
    is sent as it is, in the charset that the type declares (``text/plain; charset=gbk``) or in
    UTF-8. A text without a content type is sent as a JSON string."""
    headers: Headers = Field(default_factory=dict)
    """Further headers, at most 50 and 8 KiB together. They are stored and shown in clear, so they
    must not hold credentials."""
    method: Method = "POST"
    """The HTTP method of each attempt. A GET sends no body: ``body`` becomes the query of the URL,
    behind the query that ``target`` has. The whole URL has at most 8000 bytes."""
    retry: Retry = default(Exponential())
    """The schedule of one round, or the name of a preset. A preset also sets
    ``acknowledgement`` and ``timeout``, if its source names them and they are not given."""
    acknowledgement: Acknowledgement = Acknowledgement()
    """The rule on which answers acknowledge; by default every 2xx."""
    timeout: Timeout = default(timedelta(seconds=10))
    """The limit for one attempt, the answer's body included: 10 ms to 60 s."""
    not_before: Moment | None = None
    """The moment before which the first attempt is not made; ``None`` is at once."""
    expires_at: Moment | None = None
    """The moment from which no attempt begins any more; ``None`` is never."""
    signing_key: KeyName | None = None
    """The name of the key in the worker's keyring that signs each attempt, and never the secret.
    ``None`` sends it unsigned."""
    report_to: Target | None = None
    """The URL that gets a report when the notification is stuck, and another one when it ends
    after that. ``None`` sends no reports."""
    report_signing_key: KeyName | None = None
    """The name of the key that signs these reports."""
    intervention_timeout: InterventionTimeout = default(timedelta(days=30))
    """The time that it waits for a person before it ends abandoned; at most 3650 days."""

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
        _ = self.request_content  # raises if it cannot be sent
        check_encoded(self)
        return self

    @property
    def request_content(self) -> Content:
        """URL, content type and body of each request, encoded once: the signed and the sent."""
        return self._encoded_content

    @cached_property  # its name begins with _, without which dict() of a notification shows it
    def _encoded_content(self) -> Content:
        return content.encoded(
            method=self.method,
            target=self.target,
            body=self.body,
            body_base64=self.body_base64,
            content_type=self.content_type,
        )

    @property
    def body_bytes(self) -> bytes:
        """The bytes of the body as they are sent; empty for a GET."""
        return self.request_content.body

    @property
    def authority(self) -> str:
        """Host and port of the target, as ``orders.example.com:443``."""
        return target.authority(self.target)

    def first_status(self, now: datetime) -> Status:
        """The status that it has at first, if it is accepted ``now``."""
        is_scheduled = self.not_before is not None and self.not_before > now
        return Status.SCHEDULED if is_scheduled else Status.DELIVERING

    def differences(self, other: "Notification") -> tuple[str, ...]:
        """The names of the fields whose JSON differs in ``other``."""
        return self.unlike(other.fingerprints())

    def fingerprints(self) -> dict[str, str]:
        """A digest of each field's JSON, by the names of the fields.

        ``1``, ``1.0`` and ``True`` are equal in Python, but not for a target.
        """
        return {
            name: sha256(json.dumps(value, sort_keys=True).encode()).hexdigest()[:_DIGITS]
            for name, value in self.to_json().items()
        }

    def unlike(self, fingerprints: Mapping[str, str]) -> tuple[str, ...]:
        """The names of the fields in which this is another notification than ``fingerprints``.

        A field that an older release did not have must have its default.
        """
        is_set = self.model_dump(exclude_defaults=True)
        return tuple(
            name
            for name, digest in self.fingerprints().items()
            if (digest != fingerprints[name] if name in fingerprints else name in is_set)
        )

    def model_copy(self, *, update: Mapping[str, Any] | None = None, deep: bool = False) -> Self:
        """As pydantic's. The copy encodes its own content, which ``update`` may have replaced."""
        copy = super().model_copy(update=update, deep=deep)
        copy.__dict__.pop("_encoded_content", None)
        return copy


def check_encoded(whole: Model) -> None:
    """Raises ``ValueError`` if ``whole`` is too long for Temporal."""
    size = len(whole.model_dump_json().encode())
    if size > MAX_ENCODED_BYTES:
        raise ValueError(
            f"as JSON it has {size:,} bytes in all (the escapes of its text included), "
            f"and the limit is {MAX_ENCODED_BYTES:,}"
        )


def _stored(value: object, _: ValidatorFunctionWrapHandler) -> Notification:
    # The handler would refuse unknown fields, and a second validation would double the work.
    if isinstance(value, Notification):
        return value
    return Notification.model_validate(value, extra="ignore")


StoredNotification = Annotated[Notification, WrapValidator(_stored)]
"""A notification that any release has accepted: fields that this one does not know are ignored."""
