"""Interventions: a person resends a notification, as it is or corrected, or abandons it."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Annotated, Any, Final, Self

from pydantic import Field, JsonValue, model_validator

from tidings.base import Duration, Model, default
from tidings.base.text import brief
from tidings.errors import InterventionRefusedError, InvalidInputError
from tidings.fields import content
from tidings.fields.acknowledgement import Acknowledgement
from tidings.fields.content import ContentType
from tidings.fields.headers import Headers
from tidings.fields.key_name import KeyName
from tidings.fields.preset import Retry
from tidings.fields.retry import Exponential
from tidings.fields.target import Target
from tidings.notification import Moment, Notification, check_encoded
from tidings.state import Change, NotificationState, WaitReason

Operator = Annotated[str, Field(min_length=1, max_length=200)]
Explanation = Annotated[str, Field(min_length=1, max_length=500)]

CORRECTABLE: Final = (
    "target", "body", "content_type", "headers", "retry", "acknowledgement", "expires_at",
    "signing_key",
)  # fmt: skip
"""The fields of a notification that a resend may correct."""


MAX_SPREAD: Final = timedelta(days=7)

if TYPE_CHECKING:
    Spread = Duration
else:
    Spread = Annotated[Duration, Field(ge=timedelta(0), le=MAX_SPREAD)]


class _Action(Model):
    """The base of the interventions."""

    def to_json(self) -> dict[str, Any]:
        """The fields that were given, and no others: a correction may set a default again."""
        whole = super().to_json()
        return {name: whole[name] for name in whole if name in self.model_fields_set}


class Resend(_Action):
    """Begin a new round; a field that is given corrects the notification, ``None`` included."""

    operator: Operator | None = None
    """Who resends it."""
    reason: Explanation | None = None
    target: Target | None = None
    body: JsonValue = None
    content_type: ContentType | None = None
    headers: Headers = Field(default_factory=dict)
    retry: Retry = default(Exponential())
    """A schedule; or the name of a preset, of which a correction takes only the schedule."""
    acknowledgement: Acknowledgement = Acknowledgement()
    expires_at: Moment | None = None
    signing_key: KeyName | None = None
    even_if_expired: bool = False
    """Send it although it has expired; it then no longer expires."""
    spread: Spread = default(timedelta(0))
    """The round begins at a random moment within this, so that many at once become a stream."""

    @model_validator(mode="after")
    def _check_whole(self) -> Self:
        """The way to the worker has limits of its own, so too much is refused here already."""
        content.encoded(self.body, is_text=True)  # of the two ways to send text, the shorter one
        check_encoded(self)
        return self

    def corrected(self, notification: Notification) -> Notification:
        """``notification`` with the corrections of this resend, validated as a whole.

        Raises ``InvalidInputError`` if the whole breaks a rule.
        """
        fields = {name: getattr(notification, name) for name in type(notification).model_fields}
        given = self.model_fields_set.intersection(CORRECTABLE)
        corrections = {name: getattr(self, name) for name in given}
        if self.even_if_expired:
            corrections.setdefault("expires_at", None)
        return Notification.model_validate({**fields, **corrections})


class Abandon(_Action):
    """Give the notification up."""

    operator: Operator | None = None
    """Who abandons it."""
    reason: Explanation | None = None
    spread: Spread = default(timedelta(0))
    """Its report goes out at a random moment within this; it ends at once all the same."""

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

    Raises ``InterventionRefusedError`` if the action makes no sense now or its correction breaks
    a rule.
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
    # It can be stuck as expired a moment before that time: the next attempt would come too late.
    is_expired = state.reason is WaitReason.EXPIRED and expires_at == notification.expires_at
    if expires_at is not None and (expires_at <= now or is_expired):
        raise InterventionRefusedError(
            f"notification {state.id!r} has expired (expires_at is {expires_at.isoformat()}); "
            "give a later expires_at, or even_if_expired"
        )
    return corrected


def changes(before: Notification, after: Notification) -> tuple[Change, ...]:
    """The differences of two versions, as a person may see them: header values are masked."""
    return tuple(
        Change(field=name, before=_visible(name, before), after=_visible(name, after))
        for name in before.differences(after)
    )


_MAX_TARGET: Final = 120


def _visible(field: str, notification: Notification) -> str:
    value = notification.model_dump(mode="json", include={field})[field]
    if field == "headers":
        value = dict.fromkeys(value, "***")
    if field == "acknowledgement":  # of its many conditions, the given ones
        value = notification.acknowledgement.model_dump(mode="json", exclude_defaults=True)
    return value if field == "target" and len(value) <= _MAX_TARGET else brief(value)
