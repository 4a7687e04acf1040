"""The setting ``TIDINGS_EGRESS_ALLOW``: its entries, and the connections that it admits."""

import pytest

from activities.egress.rules import EGRESS_ALLOW, EgressRules


def admits(text: str, *, host: str = "hook.test", address: str = "10.0.0.7", port: int) -> bool:
    refusal = EgressRules.parse(text).refusal(host=host, address=address, port=port)
    assert refusal is None or EGRESS_ALLOW in refusal
    return refusal is None


# Networks.


@pytest.mark.parametrize(
    ("text", "address", "admitted"),
    [
        ("10.0.0.7", "10.0.0.7", True),
        ("10.0.0.7", "10.0.0.8", False),
        ("10.0.0.7/32", "10.0.0.7", True),
        ("10.0.0.0/29", "10.0.0.7", True),
        ("10.0.0.0/29", "10.0.0.8", False),
        ("10.0.0.0/255.0.0.0", "10.0.0.7", True),
        ("0.0.0.0/0", "10.0.0.7", True),
        ("0.0.0.0/0", "fd00::7", False),
        ("0.0.0.0/0", "::ffff:10.0.0.7", True),
        ("10.0.0.0/8", "::ffff:10.0.0.7", True),
        ("10.0.0.0/8", "64:ff9b::a00:7", True),
        ("10.0.0.0/8", "2002:a00:7::1", True),
        ("10.0.0.0/8", "2606:4700::5efe:a00:7", True),
        ("::ffff:10.0.0.0/104", "::ffff:10.0.0.7", True),
        ("::ffff:10.0.0.0/104", "10.0.0.7", False),
        ("2606:4700::/32", "2606:4700::5efe:a00:7", True),
        ("2002::/16", "2002:a00:7::1", True),
        ("::/0", "fd00::7", True),
        ("::/0", "10.0.0.7", False),
        ("::/0", "::ffff:10.0.0.7", True),
        ("::1", "::1", True),
        ("::1", "127.0.0.1", False),
        ("[::1]", "::1", True),
        ("fd00::/8", "fd12:3456::1", True),
        ("FD00::/8", "fd12:3456::1", True),
        ("fd00::/8", "fc00::1", False),
        ("fe80::/10", "fe80::1%eth0", True),
        ("192.168.0.0/16,10.0.0.0/8", "10.0.0.7", True),
        ("192.168.0.0/16, 10.0.0.0/8", "10.0.0.7", True),
        ("\n 192.168.0.0/16\n\t10.0.0.0/8,,\n", "10.0.0.7", True),
    ],
)
def test_a_network_admits_its_addresses(text: str, address: str, *, admitted: bool) -> None:
    assert admits(text, address=address, port=443) is admitted


@pytest.mark.parametrize("text", ["", " ", ",", " ,\n, "])
def test_an_empty_setting_admits_nothing_more(text: str) -> None:
    assert EgressRules.parse(text) == EgressRules()


# Host names.


@pytest.mark.parametrize(
    ("host", "admitted"),
    [
        ("example.com", True),
        ("a.example.com", True),
        ("b.a.example.com", True),
        ("A.Example.COM", True),
        ("a.example.com.", True),
        ("notexample.com", False),
        ("example.com.evil.test", False),
        ("example.org", False),
        ("com", False),
        ("", False),
        ("example.com..", False),
        ("10.0.0.7", False),
        ("[::ffff:10.0.0.7]", False),
        ("a.ex\u0430mple.com", False),
    ],
)
def test_a_host_name_admits_itself_and_all_names_under_it(host: str, *, admitted: bool) -> None:
    for text in ("example.com", ".example.com", "*.example.com", "EXAMPLE.com."):
        assert admits(text, host=host, port=443) is admitted


@pytest.mark.parametrize(
    ("text", "host"),
    [
        ("receiver", "receiver"),
        ("localhost", "app.localhost"),
        ("my_service.internal", "my_service.internal"),
        ("xn--bcher-kva.example", "shop.xn--bcher-kva.example"),
        ("10.example", "10.example"),
        ("a-b.example", "a-b.example"),
    ],
)
def test_host_names_have_many_forms(text: str, host: str) -> None:
    assert admits(text, host=host, port=8025)


def test_a_letter_that_becomes_ascii_in_lower_case_is_refused() -> None:
    assert "\u212a".lower() == "k"
    assert not admits("bank.example", host="ban\u212a.example", port=443)


@pytest.mark.parametrize("host", ["10.0.0.7", "[::ffff:10.0.0.7]", "::ffff:10.0.0.7"])
def test_a_literal_is_admitted_by_its_address(host: str) -> None:
    assert admits("10.0.0.0/8", host=host, port=443)


def test_an_admitted_host_may_have_any_address_but_metadata() -> None:
    rules = EgressRules.parse("hook.test")
    for address in ("10.0.0.7", "127.0.0.1", "fd00::7", "2001::1", "::ffff:10.0.0.7", "8.8.8.8"):
        assert rules.refusal(host="hook.test", address=address, port=80) is None
    for address in ("169.254.169.254", "fd00:ec2::254", "64:ff9b::a9fe:a9fe"):
        refusal = rules.refusal(host="hook.test", address=address, port=80)
        assert refusal is not None
        assert refusal.endswith("which nothing may admit")


# Ports.


@pytest.mark.parametrize(
    ("text", "address", "ports", "refused_ports"),
    [
        ("10.0.0.0/8", "10.0.0.7", {80, 443, 1024, 8025, 65535}, {22, 25, 81, 1023}),
        ("hook.test", "10.0.0.7", {80, 443, 1024, 8025, 65535}, {22, 25, 81, 1023}),
        ("10.0.0.0/8:8025", "10.0.0.7", {8025}, {25, 80, 443, 8026}),
        ("10.0.0.7:25", "10.0.0.7", {25}, {80, 443, 8025}),
        ("hook.test:8025", "10.0.0.7", {8025}, {25, 80, 443, 8026}),
        (".test:25", "10.0.0.7", {25}, {80, 443, 8025}),
        ("[fd00::/8]:8025", "fd00::7", {8025}, {25, 80, 443, 8026}),
        ("[fd00::7]:25", "fd00::7", {25}, {80, 443, 8025}),
        ("[10.0.0.7]:25", "10.0.0.7", {25}, {80, 443, 8025}),
        ("10.0.0.7:25 10.0.0.7:8025", "10.0.0.7", {25, 8025}, {80, 443}),
        ("10.0.0.0/8 10.0.0.7:25", "10.0.0.7", {25, 80, 443, 8025}, {22, 81}),
        ("10.0.0.0/8:8025", "::ffff:10.0.0.7", {8025}, {25, 80, 443, 8026}),
        (":25", "8.8.8.8", {25, 80, 443, 8025}, {22, 81}),
        (":25", "10.0.0.7", set(), {25, 80, 443, 8025}),
        (":25 10.0.0.0/8", "10.0.0.7", {25, 80, 443, 8025}, {22, 81}),
        (":25 hook.test", "10.0.0.7", {25, 80, 443, 8025}, {22, 81}),
        (":25 10.0.0.7:8025", "10.0.0.7", {8025}, {25, 80, 443}),
        (":25,:00081", "8.8.8.8", {25, 80, 81}, {22}),
        (":8025", "8.8.8.8", {80, 8025, 8026}, {25}),
        ("8.8.8.8:25", "8.8.8.8", {25, 80, 443, 8025}, {22, 81}),
        ("8.8.8.8:25", "8.8.4.4", {80, 443, 8025}, {25}),
        ("hook.test:25", "8.8.8.8", {25, 80, 443, 8025}, {22, 81}),
        ("other.test:25", "8.8.8.8", {80, 443, 8025}, {25}),
    ],
)
def test_a_port_belongs_to_its_entry(
    text: str, address: str, ports: set[int], refused_ports: set[int]
) -> None:
    asked = ports | refused_ports
    assert {port for port in asked if admits(text, address=address, port=port)} == ports


def test_the_refusal_names_the_port_if_only_the_port_is_wrong() -> None:
    refusals = {
        text: EgressRules.parse(text).refusal(host="hook.test", address="10.0.0.7", port=25)
        for text in ("192.168.0.0/16", "10.0.0.0/8:8025", "10.0.0.0/8")
    }
    private = "10.0.0.7 is in 10.0.0.0/8 (Private-Use, RFC 1918)"
    private += f", and {EGRESS_ALLOW} does not admit it"
    assert refusals == {
        "192.168.0.0/16": private,
        "10.0.0.0/8:8025": f"{private} at port 25",
        "10.0.0.0/8": "port 25 is below 1024 and neither 80 nor 443, "
        f"and {EGRESS_ALLOW} does not admit it",
    }


# Broken entries.


@pytest.mark.parametrize(
    ("entry", "expected"),
    [
        ("10.0.0.7/8", "it probably means 10.0.0.0/8, or 10.0.0.7 alone"),
        ("10.0.0.7/8:8025", "it probably means 10.0.0.0/8, or 10.0.0.7 alone"),
        ("fd00::7/8", "it probably means fd00::/8, or fd00::7 alone"),
        ("[fd00::7/8]:8025", "it probably means fd00::/8, or fd00::7 alone"),
        (":0", "has port 0, which is not 1 to 65535"),
        ("10.0.0.7:0", "has port 0, which is not 1 to 65535"),
        ("example.com:65536", "has port 65536, which is not 1 to 65535"),
        ("[::1]:99999", "has port 99999, which is not 1 to 65535"),
        *(
            (entry, "is not an IP address, a CIDR network, or a host name")
            for entry in (
                *("10.0.0.0/33", "10.0.0.0/-1", "10.0.0.0/", "10.0.0.256", "010.0.0.1", "10.1"),
                *("2130706433", "0x7f000001", "example.0x7f", "example.1", "1.2.3.4.5"),
                *(":", ":x", ":-1", ":100000", "10.0.0.7:", "10.0.0.7:http", "10.0.0.7:25:25"),
                *("fd00::/8:8025", "[fd00::/8", "fd00::/8]", "[]", "[]:25", "[::1]x", "[[::1]]"),
                *("fe80::1%eth0", "[fe80::1%eth0]:80", "::1::", "fd00::/129", "10.0.0.7%eth0"),
                *("[example.com]:80", "example.com/8", "http://example.com", "a@example.com"),
                *("*", ".", "*.*.example.com", "..example.com", "a..example.com", "*example.com"),
                *("-a.example", "a-.example", "a.*.example", "b\u00fccher.example", "bank\u212a"),
                *("a" * 64, ".".join(["a" * 63] * 4) + ".a", "!10.0.0.7", "10.0.0.1-10.0.0.9"),
            )
        ),
    ],
)
def test_a_bad_entry_is_named_with_what_is_expected(entry: str, expected: str) -> None:
    with pytest.raises(ValueError, match=EGRESS_ALLOW) as refused:
        EgressRules.parse(f"10.0.0.0/8, {entry} example.com")
    message = str(refused.value)
    assert message.startswith(f"{EGRESS_ALLOW}: {entry!r} ")
    assert expected in message


@pytest.mark.parametrize(
    ("text", "host", "port", "admitted"),
    [
        ("", "orders.example.com", 443, True),
        ("", "orders.example.com", 25, False),
        (":25", "orders.example.com", 25, True),
        ("example.com:25", "Orders.example.com.", 25, True),
        ("example.com:25", "orders.example.net", 25, False),
        ("1.1.1.1:25, 0.0.0.0/0:25", "orders.example.com", 25, False),
        ("", "10.0.0.7", 443, False),
        ("10.0.0.0/8", "10.0.0.7", 443, True),
        ("", "[::1]", 443, False),
        ("", "localhost", 443, False),
        ("", "a.localhost.", 8080, False),
        ("localhost", "localhost", 8080, True),
        ("0.0.0.0/0, ::/0", "169.254.169.254", 80, False),
    ],
)
def test_a_host_that_a_proxy_resolves_is_checked_by_name(
    text: str,
    host: str,
    port: int,
    admitted: bool,  # noqa: FBT001
) -> None:
    refusal = EgressRules.parse(text).refusal_unresolved(host=host, port=port)
    assert (refusal is None) is admitted
