"""The headers of a notification: allowed names and values, and their limits."""

import pytest

from tests.support.samples import SECRET, notification, refusal

KIB_8 = 8 * 1024


@pytest.mark.parametrize(
    "name",
    [
        "Host",
        "content-length",
        "Content-Type",
        "Transfer-Encoding",
        "connection",
        "Keep-Alive",
        "TE",
        "trailer",
        "upgrade",
        "Proxy-Authorization",
        "proxy-authenticate",
        "proxy-connection",
        "accept-encoding",
        "expect",
        "User-Agent",
        "Webhook-Id",
        "webhook-timestamp",
        "webhook-signature",
    ],
)
def test_a_header_that_is_not_the_senders_is_refused(name: str) -> None:
    message = refusal(headers={name: SECRET})
    assert "Notification.headers" in message
    assert repr(name) in message
    assert SECRET not in message


@pytest.mark.parametrize(
    ("headers", "fragment"),
    [
        pytest.param({"X-Key": SECRET, "x-key": "1"}, "'x-key' is given twice", id="twice"),
        pytest.param({"x-key": SECRET, "X-Key": "1"}, "'X-Key' is given twice", id="twice-too"),
        pytest.param({"x-key": f"{SECRET}\r\nx: y"}, "'x-key'", id="crlf"),
        pytest.param({"x-key": f"{SECRET}\n"}, "'x-key'", id="lf-at-the-end"),
        pytest.param({"x-key": f"{SECRET}\r"}, "'x-key'", id="cr-at-the-end"),
        pytest.param({"x-key": f" {SECRET}"}, "'x-key'", id="space-before"),
        pytest.param({"x-key": f"{SECRET}\t"}, "'x-key'", id="tab-after"),
        pytest.param({"x-key": f"{SECRET}\x00"}, "'x-key'", id="nul"),
        pytest.param({"x-key": f"{SECRET}é"}, "'x-key'", id="not-ascii"),
        pytest.param({"x-key": f"{SECRET}\ud800"}, "Notification.headers", id="surrogate"),
        pytest.param({"x-key": SECRET + "x" * 3997}, "4002", id="too-long"),
        pytest.param({"x key": SECRET}, "'x …' is not a header name", id="space-in-a-name"),
        pytest.param({"": SECRET}, "''", id="empty-name"),
        pytest.param({"x-key\r\nx": SECRET}, r"'x-key\r…'", id="crlf-in-a-name"),
        pytest.param({"x-key\n": SECRET}, r"'x-key\n'", id="lf-after-a-name"),
        pytest.param({"x-key:": SECRET}, "'x-key:'", id="colon-in-a-name"),
        pytest.param({"schlüssel": SECRET}, "'schlüssel'", id="name-not-ascii"),
        pytest.param({"x" * 101: SECRET}, "101 characters, and the limit is 100", id="name-long"),
        pytest.param({"\x00" * 5000: SECRET}, "5,000 characters", id="name-far-too-long"),
        pytest.param({f"x-key: {SECRET}": ""}, "'x-key:…' is not a header name", id="whole-line"),
        pytest.param({f"x-key={SECRET}": ""}, "'x-key=…' is not a header name", id="with-equals"),
        pytest.param({f"x-key:\n{SECRET}": ""}, "'x-key:…'", id="two-lines"),
        pytest.param({"x-ключ": SECRET}, "made of A-Z a-z 0-9 and", id="what-a-name-is"),
        pytest.param({"x-key": [SECRET]}, "Notification.headers.x-key", id="list"),
        pytest.param({"x-key": None, "x": SECRET}, "Notification.headers.x-key", id="none"),
        pytest.param({"x-key": SECRET, 5: "x"}, "Notification.headers.5", id="number-as-a-name"),
        pytest.param(SECRET, "Notification.headers", id="text"),
        pytest.param([SECRET], "Notification.headers", id="list-of-text"),
        pytest.param({f"x-{n}": SECRET for n in range(51)}, "50", id="51-of-them"),
    ],
)
def test_bad_headers_are_refused_without_their_values(headers: object, fragment: str) -> None:
    message = refusal(headers=headers)
    assert "Notification.headers" in message
    assert fragment in message
    assert SECRET not in message


# How large they are together.


def sized(size: int) -> dict[str, str]:
    """Headers of ``size`` bytes, names and values together."""
    headers = {"x-a": "a" * 4000, "x-b": "b" * 4000}
    rest = size - sum(len(name) + len(value) for name, value in headers.items())
    return {**headers, "x-rest": "r" * (rest - len("x-rest"))}


@pytest.mark.parametrize("size", [8100, KIB_8 - 1, KIB_8])
def test_all_headers_together_may_have_8_kib(size: int) -> None:
    headers = sized(size)
    assert sum(len(name + value) for name, value in headers.items()) == size
    assert notification(headers=headers).headers == headers


@pytest.mark.parametrize("size", [KIB_8 + 1, 2 * 4000 + 4002])
def test_more_than_8_kib_of_headers_are_refused_with_both_sizes(size: int) -> None:
    message = refusal(headers=sized(size))
    assert "Notification.headers: " in message
    assert f"{size:,} bytes" in message
    assert "8,192" in message
    assert "rrr" not in message


def test_names_count_towards_the_size() -> None:
    headers = {"x" * 99 + str(number): "v" * 900 for number in range(9)}
    assert "9,000 bytes" in refusal(headers=headers)
