"""The headers of an attempt, signed as Standard Webhooks says."""

from collections.abc import Mapping
from datetime import datetime

from activities.keyring import Keyring
from activities.signing import signatures
from tidings.notification import Notification


def headers(notification: Notification, sent_at: datetime, keyring: Keyring) -> Mapping[str, str]:
    """What goes out beside the body, which is the same at every attempt.

    So is the id, over resends too, so that a target can tell a repetition; timestamp and
    signature are the attempt's own. Raises ``UnknownKeyError``.
    """
    given = dict(notification.headers)
    if notification.body is not None:
        given["content-type"] = notification.content_type or "application/json"
    given["webhook-id"] = notification.id
    given["webhook-timestamp"] = str(int(sent_at.timestamp()))
    if notification.signing_key is not None:
        given["webhook-signature"] = signatures(
            keyring.keys(notification.signing_key),
            id=notification.id,
            timestamp=sent_at,
            body=notification.body_bytes,
        )
    return given
