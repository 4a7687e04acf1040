"""The command lines that are refused: what they print, and their exit code."""

from collections.abc import Sequence
from typing import Final

import pytest

from tests.support.batches import PERSON, UNKNOWN
from tests.support.sent import FROM, TO
from tests.support.service import Service

SEND: Final = ("send", "--id", "a", "--type", "b", "--target", "http://x.test/")
EXPORT: Final = ("export", "--since", FROM, "--until", TO)
LONE: Final = '"\\ud800"'
"""Half a character, which has no encoding."""

WRONG: Final[dict[str, tuple[Sequence[str], str]]] = {
    "nothing to send": (["send"], "Notification.id is missing"),
    "id with a dot": ([*SEND[:2], "a.b", *SEND[3:]], "'a.b'"),
    "body not JSON": ([*SEND, "--body", "{"], "--body is not JSON"),
    "no file": (["send", "--file", "/nowhere/at/all"], "cannot be read"),
    "file and options": (["send", "--file", "x", "--id", "a"], "leave the other options out"),
    "header without a colon": ([*SEND, "--header", "none"], "'Name: value'"),
    "credential in a header": ([*SEND, "--header", "Authorization: x"], "like a credential"),
    "secret as a key's name": ([*SEND, "--signing-key", "whsec_abc"], "like a secret"),
    "credential in a correction": (
        ["resend", "a", "--header", "X-Api-Key: x", *PERSON],
        "Resend.headers: header 'X-Api-Key' looks like a credential",
    ),
    "credential in a correction of many": (
        ["resend", "--all", "--yes", "--header", "X-Api-Key: x", *PERSON],
        "looks like a credential",
    ),
    "neither id nor filter": (["resend", *PERSON], "give IDs, or filters"),
    "id and rate": (["resend", "a", "--rate", "5", *PERSON], "leave it out for one ID"),
    "id and filter": (["abandon", "a", "--type", "b", *PERSON], "either IDs or filters"),
    "ids and a filter": (["abandon", "a", "b", "--cause", "c", *PERSON], "either IDs or filters"),
    "id and all": (["abandon", "a", "--all", *PERSON], "either IDs or filters"),
    "id and empty filter": (["resend", "a", "--type", "", *PERSON], "either IDs or filters"),
    "id and target filter": (
        ["resend", "a", "--target", "http://b/", *PERSON],
        "to correct the URL of 'a', give --new-target",
    ),
    "id and both targets": (
        ["resend", "a", "--target", "http://b/", "--new-target", "http://c/", *PERSON],
        "--target is a filter",
    ),
    "path without a scheme": (
        ["resend", "--target", "b.test/v2", "--yes", *PERSON],
        "a path needs a whole URL in front of it",
    ),
    "target with a fragment": (
        ["abandon", "--target", "http://b.test/v2#paid", "--yes", *PERSON],
        "never sent to a target; leave it out",
    ),
    "target with a user": (["list", "--target", "http://li@b.test/"], "neither user nor password"),
    "status alone": (
        ["abandon", "--status", "scheduled", "--yes", *PERSON],
        "give IDs, or filters",
    ),
    "all and a reason": (
        ["resend", "--all", "--because", "refused", "--yes", *PERSON],
        "leave the filters out",
    ),
    "delivered without intent": (
        ["resend", "--status", "delivered", "--type", "a", "--yes", *PERSON],
        "add --delivered to send it again",
    ),
    "abandoned without intent": (
        ["resend", "--status", "abandoned", "--type", "a", "--yes", *PERSON],
        "add --abandoned to send it again",
    ),
    "scheduled without intent": (
        ["resend", "--status", "scheduled", "--type", "a", "--yes", *PERSON],
        "to send those before their time, add --now",
    ),
    "correction of what is delivered": (
        ["correct", "--status", "delivered", "--type", "a", "--timeout", "5", "--yes", *PERSON],
        "correct acts on scheduled, delivering, awaiting_intervention",
    ),
    "reason of what is delivered": (
        ["resend", "--delivered", "--because", "refused", "--yes", *PERSON],
        "only awaiting_intervention has a reason",
    ),
    "correction of nothing": (
        ["correct", "a", *PERSON],
        "it corrects nothing; set at least one of",
    ),
    "correction of a target filter": (
        ["correct", "a", "--target", "http://b/", *PERSON],
        "to correct the URL of 'a', give --new-target",
    ),
    "beginning of an id with a quote": (["list", "--id-prefix", "x'"], "Filter.id_prefix"),
    "nobody": (["resend", "--all"], "--operator and --reason are missing"),
    "no reason": (["resend", "a", "--operator", "li"], "--reason is missing"),
    "empty operator": (
        ["abandon", "a", "--reason", "paid", "--operator", ""],
        "--operator is missing",
    ),
    "blank operator and reason": (
        ["abandon", "a", "--reason", " ", "--operator", "\t"],
        "--operator and --reason are",
    ),
    "correction to no object": (
        ["resend", "a", "--ack", "[]", *PERSON],
        "Resend.acknowledgement is []",
    ),
    "correction of many to no object": (
        ["resend", "--all", "--yes", "--ack", "null", *PERSON],
        "Resend.acknowledgement is None",
    ),
    "body without an encoding": (
        ["resend", "a", "--body", f'{{"a": {LONE}}}', *PERSON],
        "half of a surrogate pair",
    ),
    "text without an encoding": (
        ["resend", "a", "--body", "\udcff", "--content-type", "text/plain", *PERSON],
        "\\udcff",
    ),
    "body of many without an encoding": (
        ["resend", "--all", "--yes", "--body", LONE, *PERSON],
        "half of a surrogate pair",
    ),
    "condition with a comment": (
        ["resend", "--where", "a = 1 /* ( */ ) OR (a = 2 /* ) */", *PERSON],
        "a condition cannot have, or a comment",
    ),
    "target without a port": (
        ["abandon", "--target", "127.0.0.1:", "--yes", *PERSON],
        "no port after its colon",
    ),
    "day and a period": (
        ["export", "--day", "today", "--since", FROM],
        "--day",
    ),
    "no period": (["export"], "an export needs a period: give --day"),
    "empty period": (["export", "--since", TO, "--until", FROM], "is not after"),
    "type with a quote": ([*EXPORT, "--type", "it's"], "cannot hold quotes"),
    "output is a device": ([*EXPORT, "--output", "/dev/null"], "--output /dev/null is not a file"),
    "no time": (["list", "--since", "tomorrow"], "it takes a span before now"),
    "empty target": (["list", "--target", ""], "Filter.target is ''"),
    "target with a space": (["list", "--target", "x y"], "'x y'"),
    "type with half a quote": (["list", "--type", "x'"], "cannot hold quotes"),
    "reason of a status without one": (
        ["count", "--by", "reason", "--status", "delivered"],
        "--status is delivered, which has no reason",
    ),
    "target of another scheme": (["count", "--target", "ftp://x"], "neither http nor https"),
    "batch to stop without an id": (["batch", "--stop"], "give its ID"),
    "batch to stop and follow": (["batch", UNKNOWN, "--stop", "--follow"], "leave one out"),
}
"""Arguments, and a part of the message: what no request to Temporal is needed for."""

UNUSABLE: Final[dict[str, tuple[Sequence[str], str]]] = {
    "no such command": (["shout"], "shout"),
    "no such status": (["list", "--status", "lost"], "'lost'"),
    "host is not counted by": (["count", "--by", "host"], "'authority'"),
    "rate too slow": (["resend", "--type", "a", "--rate", "0.01", *PERSON], "--rate"),
    "no such reason": (["resend", "--because", "late", *PERSON], "'exhausted', 'refused'"),
    "no such format": ([*EXPORT, "--format", "xml"], "xml"),
    "option repeated": (["list", "--type", "a", "--type", "b"], "give it once"),
}
"""Arguments that the parser refuses, and a part of its message."""

REFUSED: Final[dict[str, tuple[Sequence[str], str]]] = {
    "state of nobody": (["state", "nobody-sent-this"], "no notification 'nobody-sent-this'"),
    "resend of nobody": (
        ["resend", "nobody-sent-this", *PERSON],
        "no notification 'nobody-sent-this'",
    ),
    "resend of half a character": (["resend", "\udcff", *PERSON], "no notification '\\udcff'"),
    "broken condition": (
        ["resend", "--where", "NotificationType =", "--yes", *PERSON],
        "syntax error",
    ),
    "condition on nothing": (
        ["abandon", "--where", "Nonsense = 'a'", "--yes", *PERSON],
        "Nonsense",
    ),
    "no such batch": (["batch", UNKNOWN], UNKNOWN),
    "not a batch": (["batch", "notification:a"], "no batch 'notification:a'"),
}
"""Arguments, and a part of the message: what the service refuses."""


@pytest.mark.parametrize(("arguments", "fragment"), WRONG.values(), ids=WRONG)
async def test_a_wrong_command_line_is_refused_before_connecting(
    service: Service, arguments: Sequence[str], fragment: str
) -> None:
    """If it connected, there would be no server, and another exit code."""
    code, out, err = await service.starter(*arguments, TEMPORAL_ADDRESS="127.0.0.1:1")
    assert (code, out) == (2, ""), err
    assert err.startswith("error: ")
    assert err.count("\n") == 1
    assert fragment in err


@pytest.mark.parametrize(("arguments", "fragment"), UNUSABLE.values(), ids=UNUSABLE)
async def test_an_unusable_command_line_shows_the_usage(
    service: Service, arguments: Sequence[str], fragment: str
) -> None:
    code, out, err = await service.starter(*arguments, TEMPORAL_ADDRESS="127.0.0.1:1")
    assert (code, out) == (2, "")
    assert err.startswith("Usage: starter.py ")
    assert fragment in err
    assert "Traceback" not in err


@pytest.mark.parametrize(("arguments", "fragment"), REFUSED.values(), ids=REFUSED)
async def test_a_refused_request_is_one_line(
    service: Service, arguments: Sequence[str], fragment: str
) -> None:
    code, out, err = await service.starter(*arguments)
    assert (code, out) == (1, "")
    assert err.startswith("error: ")
    assert err.count("\n") == 1
    assert fragment in err
