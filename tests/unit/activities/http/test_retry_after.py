"""The delay that ``Retry-After`` asks for."""

from datetime import timedelta

import pytest

from activities.http.exchange import parse_retry_after
from tests.support.samples import NOW

YEAR = 365 * 86400


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        # Seconds.
        ("120", 120),
        ("0", 0),
        ("007", 7),
        (" 120\t", 120),
        (str(YEAR), YEAR),
        (str(YEAR + 1), YEAR),
        ("9" * 5000, YEAR),
        # The three forms of RFC 9110 section 5.6.7, of which two are obsolete.
        ("Thu, 01 Jan 2026 00:02:00 GMT", 120),
        ("Thursday, 01-Jan-26 00:02:00 GMT", 120),
        ("Thu Jan  1 00:02:00 2026", 120),
        # Other zones, which are allowed in mail but not in HTTP.
        ("Thu, 01 Jan 2026 08:02:00 +0800", 120),
        ("Wed, 31 Dec 2025 19:02:00 -0500", 120),
        ("Wed, 31 Dec 2025 19:02:00 EST", 120),
        ("Thu, 01 Jan 2026 00:02:00 -0000", 120),
        ("Thu, 01 Jan 2026 00:02:00", 120),
        # The past.
        ("Thu, 01 Jan 2026 00:00:00 GMT", 0),
        ("Wed, 31 Dec 2025 23:59:59 GMT", 0),
        ("Sun, 06 Nov 1994 08:49:37 GMT", 0),
        ("Thu, 01 Jan 2026 00:02:00 +0800", 0),
        ("Mon, 01 Jan 0001 00:00:00 +2359", 0),
    ],
)
def test_retry_after_is_seconds_or_a_date(header: str, seconds: float) -> None:
    assert parse_retry_after(header, NOW) == timedelta(seconds=seconds)


@pytest.mark.parametrize(
    "header",
    [
        None,
        "",
        " ",
        "-1",
        "+5",
        "1.5",
        "1e3",
        "0x10",
        "1_000",
        "1,000",
        "12 34",
        "٣",
        "²",
        "\uff11\uff12\uff10",
        "soon",
        "\x00",
        "ÿæ",
        ",,,,",
        "((((((((",
        "2026-01-01T00:02:00Z",
        "Thu, 99 Jan 2026 00:00:00 GMT",
        "Thu, 01 Jan 2026 99:99:99 GMT",
        "Thu, 01 Jan 99999 00:00:00 GMT",
        f"Thu, 01 Jan {'9' * 20} 00:00:00 GMT",
        f"Thu, {'9' * 20} Jan 2026 00:00:00 GMT",
        f"Thu, 01 Jan 2026 {'9' * 20}:00:00 GMT",
        "Thu, 01 Jan 2026 00:02:00 +2400",
        "Thu, 01 Jan 2026 00:02:00 +99999999",
        "1 " * 10_000,
    ],
    ids=lambda header: ascii(header)[:40],
)
def test_an_unreadable_retry_after_asks_for_nothing(header: str | None) -> None:
    assert parse_retry_after(header, NOW) is None


@pytest.mark.parametrize(
    "header", ["Fri, 31 Dec 9999 23:59:59 GMT", "Fri, 31 Dec 9999 23:59:59 -2359"]
)
def test_a_date_at_the_end_of_time_asks_for_long(header: str) -> None:
    asked = parse_retry_after(header, NOW)
    assert asked is not None
    assert asked >= timedelta(days=365)
