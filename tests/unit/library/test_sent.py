"""What a notification says now, beside what it said when it was sent."""

from tests.support.samples import notification
from tidings import SentNotification
from tidings.fields import headers

JWT = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.abc"


def test_only_what_differs_is_changed() -> None:
    now, sent = notification(body=1, timeout=5), notification(body=True, timeout=5)
    found = SentNotification.of(now=now, sent=sent, complete=True)
    assert (found.id, found.changed, found.complete) == (now.id, ("body",), True)
    assert (found.now.body, found.sent) == (1, sent)


def test_headers_are_compared_before_they_are_masked() -> None:
    now, sent = notification(headers={"X-Shop": "1"}), notification(headers={"X-Shop": "2"})
    found = SentNotification.of(now=now, sent=sent, complete=False)
    assert found.changed == ("headers",)
    assert found.sent is not None
    assert found.now.headers == found.sent.headers == {"X-Shop": "***"}
    assert now.headers == {"X-Shop": "1"}  # what is sent stays as it is


def test_what_is_not_kept_has_not_changed() -> None:
    found = SentNotification.of(now=notification(), sent=None, complete=True)
    assert (found.sent, found.changed) == (None, ())


def test_its_json_holds_both() -> None:
    sent = notification(body={"paid": "12.50"}, headers={"X-Shop": "7"})
    document = SentNotification.of(now=sent, sent=sent, complete=True).to_json()
    assert document["now"] == document["sent"]
    assert document["now"] == {**sent.to_json(), "headers": {"X-Shop": "***"}}


def test_a_name_that_is_a_secret_is_masked_too() -> None:
    masked = headers.masked({"X-Shop": "7", JWT: "x"})
    assert masked == {"X-Shop": "***", "***": "***"}
