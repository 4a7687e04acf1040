"""The rules on what may be sent today; pure.

They are checked once, when something is sent, and may change with every release. The rules of the
models are different: they are checked each time that a stored notification is read. A model may
become looser but never stricter, as it would refuse, and lose, what was accepted before.
"""

from collections.abc import Mapping
from typing import Final

from tidings.credentials import is_credential, is_credential_name, is_key
from tidings.errors import InvalidInputError
from tidings.intervention import Abandon, Action
from tidings.notification import Notification

_HEADER_ADVICE: Final = (
    "headers are stored and shown in clear; sign with signing_key, which the target can verify, "
    "or have a gateway of yours add it"
)


def check_notification(notification: Notification) -> None:
    """Raises ``InvalidInputError`` if ``notification`` must not be sent today."""
    _check_headers("Notification", notification.headers)
    _check_key("Notification.signing_key", notification.signing_key)
    _check_key("Notification.report_signing_key", notification.report_signing_key)


def check_intervention(action: Action) -> None:
    """Raises ``InvalidInputError`` if the corrections of ``action`` must not be sent today."""
    if isinstance(action, Abandon):
        return
    model = type(action).__name__
    _check_headers(model, action.headers)
    _check_key(f"{model}.signing_key", action.signing_key)
    _check_key(f"{model}.report_signing_key", action.report_signing_key)


def _check_headers(model: str, headers: Mapping[str, str]) -> None:
    """Refuses credentials, because history and Web UI show headers to everybody."""
    for name, value in headers.items():
        if is_credential(name):
            raise InvalidInputError(
                f"{model}.headers: a header's name, not shown, looks like a credential: "
                f"{_HEADER_ADVICE}"
            )
        if is_credential_name(name) or is_credential(value):
            raise InvalidInputError(
                f"{model}.headers: header {name!r} looks like a credential: {_HEADER_ADVICE}"
            )


def _check_key(field: str, name: str | None) -> None:
    if name is not None and is_key(name):
        raise InvalidInputError(
            f"{field}: it looks like a secret; give the name of a key, never the secret"
        )
