"""The condition that finds the notifications of a target."""

import random

import pytest

from tests.support.queries import ALL
from tests.support.samples import notification
from tidings.errors import InvalidInputError
from tidings.filter import Filter
from tidings.state import Status
from tidings.temporal.query import query
from tidings.temporal.visibility import search_attributes


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
        ("https://orders.example.com/", "= 'orders.example.com:443'"),
        ("HTTPS://Orders.example.com:8443", "= 'orders.example.com:8443'"),
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
    assert query(Filter(target=target)) == f"{ALL} AND NotificationTarget {condition}"


@pytest.mark.parametrize(
    "target",
    [
        "http://orders.example.com",
        "https://Orders.Example.com/",
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
    assert query(Filter(target=target)) == f"{ALL} AND NotificationTarget = '{written}'"
    assert query(Filter(target=written)) == query(Filter(target=target))


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
def test_a_hostile_url_is_refused_before_it_is_parsed(target: str) -> None:
    with pytest.raises(InvalidInputError, match="a filter cannot hold quotes"):
        query(Filter(target=target))


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
def test_what_is_not_a_host_or_url_is_refused(target: str) -> None:
    with pytest.raises(InvalidInputError, match=r"Filter.target is ") as refused:
        query(Filter(target=target))
    assert ascii(target.partition("?")[0])[1:20].strip("'") in ascii(str(refused.value))
    assert len(str(refused.value)) < 300


def test_any_text_gives_a_query_or_a_refusal() -> None:
    """Only a host and a port get from the text into the query."""
    source = random.Random(20260101)
    pieces = [*"':/@#?[]%.\\ \t\n\x00-_=", "http", "://", "x", "80", "é", "支付", "OR", "\ud800"]
    refused = 0
    for _ in range(3000):
        text = "".join(source.choices(pieces, k=source.randrange(7)))
        try:
            found = query(Filter(target=text))
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
def test_a_host_without_a_port_means_any_port(target: str, host: str) -> None:
    assert query(Filter(target=target)) == f"{ALL} AND NotificationTarget STARTS_WITH '{host}:'"


@pytest.mark.parametrize("target", ["127.0.0.1:", "orders.example.com:/notify", "[::1]:", "a:?b"])
def test_a_colon_without_a_port_is_refused(target: str) -> None:
    """As ``"$HOST:$PORT"`` if the port is not set."""
    with pytest.raises(InvalidInputError, match="there is no port after its colon"):
        query(Filter(target=target))


@pytest.mark.parametrize("target", ["file:///etc/passwd", "x://orders.example.com", "data://,"])
def test_a_url_that_is_not_http_is_refused(target: str) -> None:
    with pytest.raises(InvalidInputError, match="neither http nor https"):
        query(Filter(target=target))


@pytest.mark.parametrize("end", ["/notify", "?a=b", "/notify?a=b"])
def test_case_1_a_path_is_not_for_the_query(end: str) -> None:
    """Temporal's lists hold host and port only, so the rest is decided behind the query."""
    filter_ = Filter(target=f"https://orders.example.com{end}")
    assert query(filter_) == f"{ALL} AND NotificationTarget = 'orders.example.com:443'"
    assert not filter_.is_exact


@pytest.mark.parametrize("target", ["orders.example.com:80", "https://orders.example.com/"])
def test_a_host_is_decided_by_the_query_alone(target: str) -> None:
    assert Filter(target=target).is_exact
