"""Interventions: a person resends a notification, perhaps corrected, or abandons it; pure."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Annotated, Any, Final, Self

from pydantic import Field, JsonValue, model_validator

from tidings import content
from tidings.acknowledgement import Acknowledgement
from tidings.base import Duration, Model, default
from tidings.content import ContentType
from tidings.errors import InterventionRefusedError, InvalidInputError
from tidings.headers import Headers
from tidings.key_name import KeyName
from tidings.notification import Moment, Notification, check_encoded
from tidings.preset import Retry
from tidings.retry import Exponential
from tidings.state import Change, NotificationState, WaitReason
from tidings.target import Target
from tidings.text import brief

Operator = Annotated[str, Field(min_length=1, max_length=200)]
Explanation = Annotated[str, Field(min_length=1, max_length=500)]

CORRECTABLE: Final = (
    "target", "body", "content_type", "headers", "retry", "acknowledgement", "expires_at",
    "signing_key",
)  # fmt: skip
"""The fields of a notification that a resend may correct."""

MAX_SPREAD: Final = timedelta(days=7)
"""The longest time over which a batch spreads its rounds."""

_MAX_TARGET: Final = 120
"""Characters. A URL up to this length is shown whole."""

if TYPE_CHECKING:
    Spread = Duration
else:
    Spread = Annotated[Duration, Field(ge=timedelta(0), le=MAX_SPREAD)]


class Resend(Model):
    """The start of a new round, perhaps with corrections.

    A correction is a field that is set, even to ``None``. The notification keeps every other field.
    """

    operator: Operator | None = None
    """The person who resends it, 1 to 200 characters."""
    reason: Explanation | None = None
    """The reason for the resend, 1 to 500 characters."""
    target: Target | None = None
    """Another URL to send to."""
    body: JsonValue = None
    """Another body: any JSON value, or text together with a content type."""
    content_type: ContentType | None = None
    """Another content type; ``None`` is ``application/json``."""
    headers: Headers = Field(default_factory=dict)
    """Other headers, in place of all that the notification has."""
    retry: Retry = default(Exponential())
    """Another schedule, or the name of a preset. Only the schedule of the preset is used."""
    acknowledgement: Acknowledgement = Acknowledgement()
    """Another rule on which answers acknowledge."""
    expires_at: Moment | None = None
    """Another moment at which it expires; ``None`` is never."""
    signing_key: KeyName | None = None
    """The name of another key that signs each attempt; ``None`` sends it unsigned."""
    even_if_expired: bool = False
    """Resend it although it has expired. It then does not expire any more."""
    spread: Spread = default(timedelta(0))
    """The round begins at a random moment within this time, at most 7 days. A batch sets it, so
    that not all of its rounds begin at once."""

    @model_validator(mode="after")
    def _check_whole(self) -> Self:
        """Temporal refuses what is too long without saying why, so that is checked here."""
        content.encoded(self.body, is_text=True)  # of two ways to send a text, the shorter one
        check_encoded(self)
        return self

    def to_json(self) -> dict[str, Any]:
        """The fields that were set, and no others: a correction may set a default again."""
        whole = super().to_json()
        return {name: whole[name] for name in whole if name in self.model_fields_set}

    def corrected(self, notification: Notification) -> Notification:
        """``notification`` with the corrections of this resend, validated as a whole.

        Raises ``InvalidInputError`` if the whole breaks a rule.
        """
        fields = {name: getattr(notification, name) for name in type(notification).model_fields}
        corrected = self.model_fields_set.intersection(CORRECTABLE)
        corrections = {name: getattr(self, name) for name in corrected}
        if self.even_if_expired:
            corrections.setdefault("expires_at", None)
        return Notification.model_validate({**fields, **corrections})


class Abandon(Model):
    """The end of a notification without an acknowledgement."""

    operator: Operator | None = None
    """The person who abandons it, 1 to 200 characters."""
    reason: Explanation | None = None
    """The reason for giving it up, 1 to 500 characters."""
    spread: Spread = default(timedelta(0))
    """The report on it begins at a random moment within this time, at most 7 days. The
    notification itself ends at once. A batch sets it, so that not all reports begin at once."""

    @property
    def summary(self) -> str:
        """One sentence for a person."""
        by = f" by {self.operator}" if self.operator is not None else ""
        why = f": {self.reason}" if self.reason is not None else ""
        return f"abandoned{by}{why}"


def check(
    action: Resend | Abandon, notification: Notification, state: NotificationState, now: datetime
) -> Notification:
    """The notification as ``action`` leaves it.

    Raises ``InterventionRefusedError`` if the action does not make sense now, or if its correction
    breaks a rule.
    """
    if state.status.is_final:
        raise InterventionRefusedError(
            f"notification {state.id!r} is {state.status}; it can be neither resent nor abandoned"
        )
    if isinstance(action, Abandon):
        return notification
    try:
        corrected = action.corrected(notification)
    except InvalidInputError as error:
        raise InterventionRefusedError(f"the correction breaks a rule: {error}") from None
    expires_at = corrected.expires_at
    # It is stuck as expired shortly before that time if the next attempt would come too late.
    is_expired = state.reason is WaitReason.EXPIRED and expires_at == notification.expires_at
    if expires_at is not None and (expires_at <= now or is_expired):
        raise InterventionRefusedError(
            f"notification {state.id!r} has expired (expires_at is {expires_at.isoformat()}); "
            "give a later expires_at, or set even_if_expired"
        )
    return corrected


def changes(before: Notification, after: Notification) -> tuple[Change, ...]:
    """The differences of two versions as a person may see them, with header values masked."""
    return tuple(
        Change(field=name, before=_visible(name, before), after=_visible(name, after))
        for name in before.differences(after)
    )


def _visible(field: str, notification: Notification) -> str:
    value = notification.model_dump(mode="json", include={field})[field]
    if field == "headers":
        value = dict.fromkeys(value, "***")
    if field == "acknowledgement":  # only the conditions that are set
        value = notification.acknowledgement.model_dump(mode="json", exclude_defaults=True)
    return value if field == "target" and len(value) <= _MAX_TARGET else brief(value)
