"""The time of a message, and the place of a signature in its request."""

from datetime import UTC, datetime, timedelta, tzinfo
from urllib.parse import parse_qs, urlsplit

import pytest

from activities.secrets.signature import Message, Signature, UnsignedError
from tests.support.samples import CALIFORNIA


@pytest.mark.parametrize("zone", [UTC, CALIFORNIA])
def test_the_zone_of_the_moment_does_not_matter(zone: tzinfo) -> None:
    moment = datetime.fromtimestamp(1614265330, UTC) + timedelta(microseconds=999_999)
    message = Message(
        id="1", sent_at=moment.astimezone(zone), method="POST", url="http://h", body=b""
    )
    assert (message.timestamp, message.timestamp_ms) == (1614265330, 1614265330999)


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        pytest.param("http://h", "http://h?b=%2F%2B%3D&a=%E5%9F%8E", id="no-path"),
        pytest.param("http://h/p", "http://h/p?b=%2F%2B%3D&a=%E5%9F%8E", id="no-query"),
        pytest.param("http://h/p?", "http://h/p?b=%2F%2B%3D&a=%E5%9F%8E", id="empty-query"),
        pytest.param("http://h/p?c=%2f", "http://h/p?c=%2f&b=%2F%2B%3D&a=%E5%9F%8E", id="query"),
        pytest.param("http://h/p?c&", "http://h/p?c&b=%2F%2B%3D&a=%E5%9F%8E", id="open-query"),
        pytest.param("http://h/?A=1", "http://h/?A=1&b=%2F%2B%3D&a=%E5%9F%8E", id="another-case"),
    ],
)
def test_parameters_come_last_in_the_query(url: str, expected: str) -> None:
    made = Signature(parameters={"b": "/+=", "a": "城"})
    assert made.added_to(url, {}) == (expected, {})
    assert parse_qs(urlsplit(expected).query)["b"] == ["/+="]


@pytest.mark.parametrize(
    ("made", "problem"),
    [
        pytest.param(
            Signature(headers={"X-Sign": "1"}),
            "header 'X-Sign' is where the signing key puts its signature; "
            "leave it out of Notification.headers",
            id="header",
        ),
        pytest.param(
            Signature(parameters={"sign": "1"}),
            "query parameter 'sign' is where the signing key puts its signature; "
            "leave it out of Notification.target",
            id="parameter",
        ),
    ],
)
def test_a_name_that_the_notification_has_too_is_refused(made: Signature, problem: str) -> None:
    """Otherwise a target could not know which of the two values is the signature."""
    with pytest.raises(UnsignedError) as error:
        made.added_to("http://h/?s%69gn=", {"x-sign": "0"})
    assert str(error.value) == problem
