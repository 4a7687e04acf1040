"""The request of an attempt, with its signature."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from activities.secrets.keyring import Keyring
from activities.secrets.signature import Message
from tidings.notification import Notification


@dataclass(frozen=True, kw_only=True)
class Request:
    """One HTTP request, ready to be sent."""

    method: str
    url: str = field(repr=False)
    headers: Mapping[str, str] = field(repr=False)
    content: bytes = field(repr=False)
    timeout: timedelta
    """For the whole exchange, the answer's body included."""


def signed_request(notification: Notification, sent_at: datetime, keyring: Keyring) -> Request:
    """The request of an attempt that is made at ``sent_at``.

    The body and ``webhook-id`` are the same at every attempt, also after a resend, so a target
    can recognize a repetition. Timestamp and signature belong to the attempt. The signed bytes
    are the sent bytes: they are encoded once. Raises ``UnsignedError``.
    """
    content = notification.request_content
    headers = dict(notification.headers)
    if content.content_type is not None:
        headers["Content-Type"] = content.content_type
    headers["webhook-id"] = notification.id
    headers["webhook-timestamp"] = str(int(sent_at.timestamp()))
    url = content.url
    if notification.signing_key is not None:
        message = Message(
            id=notification.id,
            sent_at=sent_at,
            method=notification.method,
            url=url,
            body=content.body,
        )
        signature = keyring.signer(notification.signing_key).signature(message)
        url, headers = signature.added_to(url, headers)
    return Request(
        method=notification.method,
        url=url,
        headers=headers,
        content=content.body,
        timeout=notification.timeout,
    )
