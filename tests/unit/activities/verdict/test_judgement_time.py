"""The time to judge an answer: judging blocks the whole worker, so it must be short."""

import encodings
import time

import pytest

from tests.support.judging import RETRY, judged, rule
from tidings.fields.acknowledgement import Acknowledgement

SIZE = 65_536


def three_times(condition: str) -> Acknowledgement:
    """A rule that reads the body for a refusal, for a pending answer and to acknowledge."""
    path = "/a" if condition == "json_equals" else "a"
    fields = {verdict: {condition: {path: verdict}} for verdict in ("refused_if", "pending_if")}
    return rule(**{condition: {path: "ok"}}, **fields)


TEXT = rule(body_equals="ok", ignore_case_and_space=True)
JSON = three_times("json_equals")
XML = three_times("xml_equals")

LONGEST = 0.5
"""In seconds of CPU time; without the bounds, the worst of these bodies took 4 s."""


def filled(unit: str, before: str = "", after: str = "") -> bytes:
    """A body of ``unit`` repeated, as long as the worker reads."""
    room = SIZE - len(f"{before}{after}".encode())
    return f"{before}{unit * (room // len(unit.encode()))}{after}".encode()


@pytest.mark.parametrize(
    ("agreed", "body"),
    [
        pytest.param(TEXT, filled("\u0327\u0301"), id="marks-to-be-sorted"),
        pytest.param(TEXT, filled("\u0315\u0300\u05ae\u0062", "a"), id="marks-of-many-classes"),
        pytest.param(TEXT, filled("ﷺ"), id="letters-that-grow"),
        pytest.param(TEXT, filled(" ", after="x"), id="space"),
        pytest.param(JSON, filled("[", "", ""), id="json-lists"),
        pytest.param(JSON, filled("9", "[", "]"), id="json-number"),
        pytest.param(JSON, filled("9" * 300 + ",", "[", "1]"), id="json-numbers"),
        pytest.param(JSON, filled("1,", "[", "1]"), id="json-digits"),
        pytest.param(JSON, filled("0", "[1.", "1]"), id="json-fraction"),
        pytest.param(JSON, filled("9", "[1e", "]"), id="json-exponent"),
        pytest.param(JSON, filled("1.7e308,", "[", "1]"), id="json-floats"),
        pytest.param(JSON, filled('"\\u0000",', "[", "1]"), id="json-escapes"),
        pytest.param(JSON, filled("\\ud83d\\ude00", '["', '"]'), id="json-pairs"),
        pytest.param(JSON, filled("\\udfff", '["', '"]'), id="json-halves"),
        pytest.param(JSON, filled('{"\\udfff":1},', "[", "1]"), id="json-halves-in-names"),
        pytest.param(
            JSON,
            ("{" + ",".join(f'"{n}":1' for n in range(7000)) + ',"6999":1}').encode(),
            id="json-names",
        ),
        pytest.param(XML, filled("<a>"), id="xml-depth"),
        pytest.param(XML, filled("<a/>", "<r>", "</r>"), id="xml-breadth"),
        pytest.param(
            XML,
            ("<r " + " ".join(f"a{n}='1'" for n in range(5500)) + "/>").encode(),
            id="xml-attributes",
        ),
        pytest.param(XML, filled("&#65;", "<r><a>", "</a></r>"), id="xml-references"),
        pytest.param(XML, filled("<!-- -->", "<r>", "</r>"), id="xml-comments"),
        pytest.param(XML, filled(" ", "<?xml version='1.0'", "?><r/>"), id="xml-declaration"),
        pytest.param(XML, filled(" ", "", "<r/>"), id="xml-space"),
    ],
)
def test_no_answer_takes_long_to_judge(agreed: Acknowledgement, body: bytes) -> None:
    """The fastest of three counts: the others are slow because of what runs beside them."""
    assert SIZE // 2 < len(body) <= SIZE + 20_000
    taken = []
    for _ in range(3):
        began = time.process_time()
        assert judged(agreed, 200, body).verdict is RETRY
        taken.append(time.process_time() - began)
    assert min(taken) < LONGEST


def test_made_up_encodings_leave_nothing_behind() -> None:
    """Python keeps every encoding that it was ever asked for."""
    known = len(encodings._cache)
    for number in range(50):
        body = f"<?xml version='1.0' encoding='x-{number}-{'y' * 60_000}'?><a>ok</a>".encode()
        assert judged(XML, 200, body).verdict is RETRY
        assert judged(XML, 200, b"\xff\xfe" + body.decode().encode("utf-16-le")).verdict is RETRY
    assert len(encodings._cache) <= known + 1  # UTF-16 itself
