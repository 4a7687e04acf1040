import random
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest

from tidings.errors import InvalidInputError
from tidings.state import Status
from tidings.visibility import query, search_attributes

from .samples import notification

ALL = (
    "WorkflowType = 'Notification' AND WorkflowId STARTS_WITH 'notification:'"
    " AND ExecutionStatus != 'Failed' AND ExecutionStatus != 'ContinuedAsNew'"
)
ABANDONED = (
    "(NotificationStatus = 'abandoned'"
    " OR ExecutionStatus IN ('Terminated', 'Canceled', 'TimedOut'))"
)
CHINA = timezone(timedelta(hours=8))


def test_without_a_filter_it_finds_what_was_ever_accepted() -> None:
    assert query() == ALL


@pytest.mark.parametrize(
    ("status", "condition"),
    [
        (Status.SCHEDULED, "NotificationStatus = 'scheduled' AND ExecutionStatus = 'Running'"),
        (
            Status.DELIVERING,
            (
                "(NotificationStatus = 'delivering' OR NotificationStatus IS NULL) "
                "AND ExecutionStatus = 'Running'"
            ),
        ),
        (Status.DELIVERED, "NotificationStatus = 'delivered' AND ExecutionStatus = 'Completed'"),
        (
            Status.AWAITING_INTERVENTION,
            "NotificationStatus = 'awaiting_intervention' AND ExecutionStatus = 'Running'",
        ),
        (
            Status.ABANDONED,
            ABANDONED,
        ),
    ],
)
def test_a_status_is_found_and_what_was_killed_counts_as_abandoned(
    status: Status, condition: str
) -> None:
    assert query(status=status) == f"{ALL} AND {condition}"


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
    ("filters", "conditions"),
    [
        ({"type": "payment.succeeded"}, "NotificationType = 'payment.succeeded'"),
        (
            {"since": datetime(2026, 1, 1, tzinfo=UTC)},
            "StartTime >= '2026-01-01T00:00:00+00:00'",
        ),
        (
            {"until": datetime(2026, 1, 1, 8, 30, 0, 5, tzinfo=CHINA)},
            "StartTime < '2026-01-01T08:30:00.000005+08:00'",
        ),
        (
            {
                "status": Status.DELIVERED,
                "target": "orders.example.com",
                "type": "paid",
                "since": datetime(2026, 1, 1, tzinfo=UTC),
                "until": datetime(2026, 1, 2, tzinfo=CHINA),
            },
            (
                "NotificationStatus = 'delivered' AND ExecutionStatus = 'Completed'"
                " AND NotificationTarget STARTS_WITH 'orders.example.com:'"
                " AND NotificationType = 'paid'"
                " AND StartTime >= '2026-01-01T00:00:00+00:00'"
                " AND StartTime < '2026-01-02T00:00:00+08:00'"
            ),
        ),
        (
            {"status": Status.ABANDONED, "type": "paid"},
            f"{ABANDONED} AND NotificationType = 'paid'",
        ),
    ],
    ids=["type", "since", "until", "all", "abandoned-and-type"],
)
def test_filters_are_all_to_hold(filters: dict[str, Any], conditions: str) -> None:
    assert query(**filters) == f"{ALL} AND {conditions}"


@pytest.mark.parametrize("name", ["type", "target"])
@pytest.mark.parametrize(
    "value",
    [
        "x' OR 'a' = 'a",
        "it's",
        "'",
        "x\\",
        "x\\' OR 1 = 1",
        "x\n",
        "x\r\ny",
        "x\x00",
        "x\x1b[2J",
        "x\u2028",
        "x\u200b",
        "x\ud800",
    ],
    ids=ascii,
)
def test_a_hostile_filter_is_refused_and_told(name: str, value: str) -> None:
    with pytest.raises(InvalidInputError) as refused:
        query(**{name: value})  # type: ignore[arg-type]
    assert ascii(value)[1:-1].lower() in str(refused.value).lower()


@pytest.mark.parametrize("name", ["type", "target"])
def test_a_hostile_filter_is_told_in_a_line(name: str) -> None:
    with pytest.raises(InvalidInputError) as refused:
        query(**{name: "'" * 100_000})  # type: ignore[arg-type]
    assert len(str(refused.value)) < 300


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
        ("orders.example.com:", "orders.example.com"),
    ],
)
def test_a_host_without_a_port_is_any_port_of_it_however_it_is_spelled(
    target: str, host: str
) -> None:
    assert query(target=target) == f"{ALL} AND NotificationTarget STARTS_WITH '{host}:'"


@pytest.mark.parametrize("target", ["file:///etc/passwd", "x://orders.example.com", "data://,"])
def test_a_url_that_no_notification_can_have_is_refused(target: str) -> None:
    with pytest.raises(InvalidInputError):
        query(target=target)


@pytest.mark.parametrize("name", ["since", "until"])
def test_a_moment_needs_a_time_zone(name: str) -> None:
    naive = datetime(2026, 1, 1)  # noqa: DTZ001 -- what is refused
    with pytest.raises(InvalidInputError, match=r"2026-01-01T00:00:00 has no time zone"):
        query(**{name: naive})  # type: ignore[arg-type]


def test_a_notification_is_found_by_status_target_and_type() -> None:
    given = notification(target="https://Orders.example.com/notify?secret=1")
    written = {
        pair.key.name: pair.value
        for pair in search_attributes(given, Status.AWAITING_INTERVENTION).search_attributes
    }
    assert written == {
        "NotificationStatus": "awaiting_intervention",
        "NotificationTarget": "orders.example.com:443",
        "NotificationType": "payment.succeeded",
    }
