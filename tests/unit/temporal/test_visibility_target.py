"""What finds the notifications of a target."""

import random

import pytest

from tests.support.queries import ALL
from tests.support.samples import notification
from tidings.errors import InvalidInputError
from tidings.state import Status
from tidings.temporal.visibility import query, search_attributes


@pytest.mark.parametrize(
    ("target", "condition"),
    [
        ("orders.example.com", "STARTS_WITH 'orders.example.com:'"),
        ("Orders.Example.COM", "STARTS_WITH 'orders.example.com:'"),
        ("localhost", "STARTS_WITH 'localhost:'"),
        ("127.0.0.1", "STARTS_WITH '127.0.0.1:'"),
        ("[::1]", "STARTS_WITH '[::1]:'"),
        ("orders.example.com:443", "= 'orders.example.com:443'"),
        ("ORDERS.example.com:8080", "= 'orders.example.com:8080'"),
        ("[2001:DB8::1]:8080", "= '[2001:db8::1]:8080'"),
        ("http://orders.example.com", "= 'orders.example.com:80'"),
        ("https://orders.example.com/notify?a=b", "= 'orders.example.com:443'"),
        ("HTTPS://Orders.example.com:8443/v2", "= 'orders.example.com:8443'"),
        ("http://[::1]/", "= '[::1]:80'"),
        ("http://0x7f.1/", "= '127.0.0.1:80'"),
        ("http://bücher.example/", "= 'xn--bcher-kva.example:80'"),
        ("order_service", "STARTS_WITH 'order_service:'"),
        ("orders.example.com.", "STARTS_WITH 'orders.example.com.:'"),
        ("orders.example.com:80", "= 'orders.example.com:80'"),
        ("orders.example.com:0443", "= 'orders.example.com:443'"),
    ],
)
def test_a_target_is_a_host_a_host_with_port_or_a_url(target: str, condition: str) -> None:
    assert query(target=target) == f"{ALL} AND NotificationTarget {condition}"


@pytest.mark.parametrize(
    "target",
    [
        "http://orders.example.com/notify",
        "https://Orders.Example.com/notify",
        "https://orders.example.com:8443/",
        "http://[2001:DB8::1]/",
        "http://127.0.0.1:8000/",
    ],
)
def test_a_target_is_found_by_the_url_it_was_sent_to(target: str) -> None:
    (written,) = (
        pair.value
        for pair in search_attributes(notification(target=target), Status.DELIVERING)
        if pair.key.name == "NotificationTarget"
    )
    assert query(target=target) == f"{ALL} AND NotificationTarget = '{written}'"
    assert query(target=written) == query(target=target)


@pytest.mark.parametrize(
    "target",
    [
        "http://x'y/",
        "http://x/y'",
        "http://x\n/",
        "http://x/\t",
        "\thttp://x/",
        "http://x\\y/",
        "http://x/\u200b",
    ],
    ids=ascii,
)
def test_a_hostile_url_is_refused_before_a_parser_makes_it_harmless(target: str) -> None:
    with pytest.raises(InvalidInputError, match="a filter cannot hold quotes"):
        query(target=target)


@pytest.mark.parametrize(
    "target",
    [
        "",
        "/",
        "?",
        "#",
        ":",
        ":80",
        "%",
        " orders.example.com",
        "a b",
        "a%",
        "::1",
        "[::1",
        "a:b:c",
        "orders.example.com:http",
        "orders.example.com:65536",
        "orders.example.com:-1",
        "http://",
        "http:///",
        "http://:80/",
        "http://[::1/",
        "https://orders.example.com:http/",
        "://",
        "://orders.example.com/",
        "256.1.1.1",
        "é" * 3000,
    ],
    ids=lambda target: ascii(target)[:40],
)
def test_what_is_no_host_host_with_port_or_url_is_refused_and_told(target: str) -> None:
    with pytest.raises(InvalidInputError, match="is no host, host:port or URL") as refused:
        query(target=target)
    assert ascii(target)[1:20] in ascii(str(refused.value))
    assert len(str(refused.value)) < 300


def test_whatever_is_asked_for_a_query_comes_out_or_a_refusal() -> None:
    """Nothing of the text gets into the query but a host, a port and what a type may hold."""
    source = random.Random(20260101)
    pieces = [*"':/@#?[]%.\\ \t\n\x00-_=", "http", "://", "x", "80", "é", "支付", "OR", "\ud800"]
    refused = 0
    for _ in range(3000):
        text = "".join(source.choices(pieces, k=source.randrange(7)))
        try:
            found = query(target=text)
        except InvalidInputError:
            refused += 1
        else:
            condition = found.removeprefix(f"{ALL} AND NotificationTarget ")
            assert condition.count("'") == 2
            assert condition.endswith("'")
    assert 500 < refused < 3000


@pytest.mark.parametrize(
    ("target", "host"),
    [
        ("bücher.example", "xn--bcher-kva.example"),
        ("[2001:db8:0:0::1]", "[2001:db8::1]"),
        ("orders.example.com/", "orders.example.com"),
    ],
)
def test_a_host_without_a_port_is_any_port_of_it_however_it_is_spelled(
    target: str, host: str
) -> None:
    assert query(target=target) == f"{ALL} AND NotificationTarget STARTS_WITH '{host}:'"


@pytest.mark.parametrize("target", ["127.0.0.1:", "orders.example.com:/notify", "[::1]:", "a:?b"])
def test_a_colon_without_a_port_is_no_port_at_all(target: str) -> None:
    """As ``"$HOST:$PORT"`` becomes where the port is not set."""
    with pytest.raises(InvalidInputError, match="there is no port after its colon"):
        query(target=target)


@pytest.mark.parametrize("target", ["file:///etc/passwd", "x://orders.example.com", "data://,"])
def test_a_url_that_no_notification_can_have_is_refused(target: str) -> None:
    with pytest.raises(InvalidInputError):
        query(target=target)
