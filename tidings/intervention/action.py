"""Interventions: a person resends, corrects or abandons a notification; pure."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Annotated, Any, Final, Literal, Self

from pydantic import Field, model_validator

from tidings.base import Model, default
from tidings.base.text import brief
from tidings.fields import binary, content, headers
from tidings.fields.acknowledgement import Acknowledgement
from tidings.fields.binary import Binary
from tidings.fields.content_type import ContentType
from tidings.fields.headers import Headers
from tidings.fields.json_value import Body
from tidings.fields.key_name import KeyName
from tidings.fields.preset import Retry
from tidings.fields.retry import Exponential
from tidings.fields.target import Target
from tidings.filter import Filter
from tidings.notification import Method, Moment, Notification, Timeout, check_encoded
from tidings.state import Change

Operator = Annotated[str, Field(min_length=1, max_length=200)]
Explanation = Annotated[str, Field(min_length=1, max_length=500)]
ActionName = Literal["resend", "correct", "abandon"]

_MAX_TARGET: Final = 120
"""Characters. A URL up to this length is shown whole."""


class _Action(Model):
    """The fields of every intervention."""

    operator: Operator | None = None
    """The person who intervenes, 1 to 200 characters."""
    reason: Explanation | None = None
    """The reason for it, 1 to 500 characters."""
    only_if: Filter | None = None
    """A condition: if the notification does not meet it at that moment, nothing changes."""
    batch: str | None = Field(default=None, max_length=100)
    """The id of the batch that it belongs to, which is kept with it."""

    @model_validator(mode="after")
    def _check_condition(self) -> Self:
        if self.only_if is not None and self.only_if.where is not None:
            raise ValueError(
                "only_if has a where, which a notification cannot check by itself; "
                "leave it out, or act on many with it"
            )
        return self

    def to_json(self) -> dict[str, Any]:
        """The fields that were set, and no others: a correction may set a default again."""
        whole = super().to_json()
        return {name: whole[name] for name in whole if name in self.model_fields_set}


class _Correction(_Action):
    """The fields of a notification that a person may correct.

    A correction is a field that is set, even to ``None``. The notification keeps every other field.
    """

    target: Target | None = None
    """Another URL to send to."""
    method: Method = "POST"
    """Another method."""
    body: Body = None
    """Another body, in place of ``body_base64``, too: any JSON value, or text together with a
    content type. ``None`` sends an empty body."""
    body_base64: Binary = default(None)
    """Another body of bytes, in base64, in place of ``body``, too; ``None`` takes it away."""
    content_type: ContentType | None = None
    """Another content type; ``None`` is ``application/json``."""
    headers: Headers = Field(default_factory=dict)
    """Other headers, in place of all that the notification has."""
    retry: Retry = default(Exponential())
    """Another schedule, or the name of a preset. Only the schedule of the preset is used."""
    acknowledgement: Acknowledgement = Acknowledgement()
    """Another rule on which answers acknowledge."""
    timeout: Timeout = default(Notification.model_fields["timeout"].default)
    """Another length of one attempt."""
    expires_at: Moment | None = None
    """Another moment at which it expires; ``None`` is never."""
    signing_key: KeyName | None = None
    """The name of another key that signs each attempt; ``None`` sends it unsigned."""
    report_to: Target | None = None
    """Another URL for reports; ``None`` sends no further reports."""
    report_signing_key: KeyName | None = None
    """The name of another key that signs the reports."""

    @model_validator(mode="after")
    def _check_whole(self) -> Self:
        """Temporal refuses what is too long without saying why, so that is checked here."""
        if self.body is not None and self.body_base64 is not None:
            raise ValueError("body and body_base64 are both given; give one of them")
        content.check_body(self.body)
        check_encoded(self)
        return self

    @property
    def corrections(self) -> dict[str, Any]:
        """The corrected fields with their new values. A body replaces one of the other kind."""
        corrected = self.model_fields_set.intersection(Notification.model_fields)
        if "body" in corrected or self.body_base64 is not None:
            corrected |= {"body", "body_base64"}
        return {name: getattr(self, name) for name in corrected}

    def corrected(self, notification: Notification) -> Notification:
        """``notification`` with these corrections, validated as a whole.

        Raises ``InvalidInputError`` if the whole breaks a rule.
        """
        fields = {name: getattr(notification, name) for name in type(notification).model_fields}
        return Notification.model_validate({**fields, **self.corrections})


class Resend(_Correction):
    """The start of a new round, perhaps with corrections."""

    even_if_expired: bool = False
    """Resend it although it has expired. It then does not expire any more."""
    even_if_delivered: bool = False
    """Send it again although its target has acknowledged it."""
    even_if_abandoned: bool = False
    """Send it again although somebody has given it up."""

    @property
    def corrections(self) -> dict[str, Any]:
        """The corrected fields with their new values."""
        without_expiry: dict[str, Any] = {"expires_at": None} if self.even_if_expired else {}
        return {**without_expiry, **super().corrections}


class Correct(_Correction):
    """A correction that sends nothing by itself.

    A scheduled notification keeps its time, a running one goes on with its next attempt as
    corrected, and a stuck one stays stuck.
    """

    not_before: Moment | None = None
    """Another moment before which no attempt is made, for a scheduled notification; ``None`` is
    now."""

    @model_validator(mode="after")
    def _check_purpose(self) -> Self:
        if not self.corrections:
            fields = ", ".join(name for name in CORRECTABLE)
            raise ValueError(f"it corrects nothing; set at least one of {fields}")
        return self


class Abandon(_Action):
    """The end of a notification without an acknowledgement."""

    @property
    def summary(self) -> str:
        """One sentence for a person."""
        by = f" by {self.operator}" if self.operator is not None else ""
        why = f": {self.reason}" if self.reason is not None else ""
        return f"abandoned{by}{why}"


Action = Resend | Correct | Abandon

CORRECTABLE: Final = tuple(
    name for name in Notification.model_fields if name in Correct.model_fields
)
"""The fields of a notification that a person may correct."""

ACTIONS: Final[Mapping[str, type[Resend] | type[Correct] | type[Abandon]]] = MappingProxyType(
    {"resend": Resend, "correct": Correct, "abandon": Abandon}
)
"""The actions by the names of their signals."""


def action_name(action: Action) -> ActionName:
    """The name of the signal that asks for ``action``."""
    match action:
        case Resend():
            return "resend"
        case Correct():
            return "correct"
        case Abandon():
            return "abandon"


def changes(before: Notification, after: Notification) -> tuple[Change, ...]:
    """The differences of two versions as a person may see them, with header values masked."""
    return tuple(
        Change(field=name, before=_visible(name, before), after=_visible(name, after))
        for name in before.differences(after)
    )


def _visible(field: str, notification: Notification) -> str:
    value = notification.model_dump(mode="json", include={field})[field]
    if field == "headers":
        value = headers.masked(value)
    if field == "acknowledgement":  # only the conditions that are set
        value = notification.acknowledgement.model_dump(mode="json", exclude_defaults=True)
    if field == "body_base64" and value is not None:
        return binary.described(binary.decoded(value))
    return value if field == "target" and len(value) <= _MAX_TARGET else brief(value)
