"""Any answer under any rule: it always gets a judgement, and never by an error."""

from hypothesis import given, reject, settings
from hypothesis import strategies as st

from activities.verdict.judgement import Verdict
from tests.support.judging import ACKNOWLEDGED, judged, rule
from tidings.errors import InvalidInputError
from tidings.fields.acknowledgement import Acknowledgement

SCALARS = st.none() | st.booleans() | st.integers(-9, 9) | st.floats(-9, 9) | st.just("ok")
STATUSES = st.lists(st.integers(200, 299) | st.integers(400, 599), max_size=4)


def _rule_that_can_decide(**parts: object) -> Acknowledgement:
    """The rule of these parts. A rule that is refused when it is written is not an example."""
    try:
        return rule(**parts)
    except InvalidInputError:
        reject()


RULES = st.builds(
    _rule_that_can_decide,
    status=st.none() | STATUSES.map(lambda several: [200, *several]),
    body_equals=st.none() | st.text(st.characters(exclude_categories=["Cs"]), max_size=20),
    json_equals=st.none()
    | st.dictionaries(
        st.sampled_from(["", "/", "/a", "/a/0", "/0/a~1b", "/-"]),
        SCALARS | st.lists(SCALARS, min_size=1, max_size=10),
        min_size=1,
    ),
    refused_if=st.none() | st.just({"xml_equals": {"a": ["no", "never"]}}),
    pending_if=st.none() | st.just({"json_equals": {"/a": [1, "wait"]}}),
)
XML_RULES = st.builds(
    rule,
    xml_equals=st.dictionaries(st.sampled_from([".", "a", "a/b", "支"]), st.just("ok"), min_size=1),
)
HEADERS = st.sampled_from(
    ["text/plain; charset=gbk", "text/xml;charset=ascii", 'a/b; charset="big5"', "; charset=x"]
)
ANSWERED = st.just(200) | st.integers(100, 999)
JSON_PARTS = [
    *'{}[]",:\\ ', '"a"', '"\\u0000', "ok", "1e999", "NaN", "null", "-0", "\ufeff", "\0", "\n",
]  # fmt: skip
XML_PARTS = [
    "<a>", "</a>", "<b/>", "ok", "&lt;", "&x;", "<!--", "-->", "<?", "?>", "<![CDATA[", "]]>",
    "<!DOCTYPE a [", "<!ENTITY x 'y'>", "]>", "&#xD800;", "&#0;", "<x:a xmlns:x='y'>", "\0",
    "<?xml version='1.0'", " encoding='utf-16'", " encoding='idna'",
]  # fmt: skip
BODIES = (
    st.binary(max_size=200)
    | st.lists(st.sampled_from(JSON_PARTS), max_size=20).map(lambda parts: "".join(parts).encode())
    | st.lists(st.sampled_from(XML_PARTS), max_size=20).map(lambda parts: "".join(parts).encode())
    | st.lists(st.sampled_from(XML_PARTS), max_size=9).map(
        lambda each: "".join(each).encode("utf-16")
    )
)


@settings(max_examples=500, deadline=1000)
@given(
    agreed=RULES | XML_RULES,
    body=BODIES,
    status=ANSWERED,
    truncated=st.booleans(),
    header=st.none() | st.text(max_size=99) | HEADERS,
)
def test_any_answer_gets_a_judgement(
    agreed: Acknowledgement,
    body: bytes,
    status: int,
    truncated: bool,  # noqa: FBT001
    header: str | None,
) -> None:
    judgement = judged(agreed, status, body, truncated=truncated, content_type=header)
    assert isinstance(judgement.verdict, Verdict)
    assert (judgement.unmet is None) == (judgement.verdict is ACKNOWLEDGED)
