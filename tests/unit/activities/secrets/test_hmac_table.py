"""The table of an HMAC scheme: what it may say, and the messages about the rest."""

import pickle
from traceback import TracebackException
from typing import Any, Final

import pytest

from activities.secrets.hmac_table import parse_hmac
from tests.support.signing_keys import MARKER

VALID: Final = {"scheme": "hmac", "secret": MARKER, "header": "X-Sign"}
QUERY: Final = {"scheme": "hmac", "secret": MARKER, "query": "sign"}
SEVERAL: Final = {"scheme": "hmac", "header": "X-Sign", "separator": ","}
NOT_BOTH: Final = "and not both"
SAME: Final = "so every signature would be the same"
PLACEHOLDERS: Final = "{body} {id} {timestamp} {timestamp_ms} {secret} {method} {url}"

BROKEN: Final[dict[str, tuple[dict[str, Any], str]]] = {
    # Its fields.
    "another scheme": ({**VALID, "scheme": "rsa"}, "scheme: 'rsa' is not hmac"),
    "scheme that is a secret": (
        {**VALID, "scheme": MARKER},
        "scheme: a text of 10 characters is not hmac",
    ),
    "scheme that is not text": ({**VALID, "scheme": 1}, "scheme: it is not text"),
    "misspelt field": (
        {**VALID, "algoritm": "sha1"},
        "field 4 is not known; perhaps algorithm is meant",
    ),
    "field that is a secret": (
        {"scheme": "hmac", MARKER: "secret"},
        "field 2 is not known; known are scheme, secret, secrets, algorithm, template,",
    ),
    # Its secrets.
    "no secret": (
        {"scheme": "hmac", "header": "X-Sign"},
        "secret or secrets: neither is there; give exactly one of them",
    ),
    "secret and secrets": (
        {**VALID, "secrets": [MARKER]},
        "secret or secrets: both are there; give exactly one of them",
    ),
    "empty secret": ({**VALID, "secret": ""}, "secret: it is empty"),
    "secret that is a number": ({**VALID, "secret": 3}, "secret: it is not text"),
    "secret that is a list": ({**VALID, "secret": [MARKER]}, "secret: it is not text"),
    "long secret": (
        {**VALID, "secret": MARKER * 101},
        "secret: a text of 1,010 characters, and the limit is 1,000",
    ),
    "no secrets": ({**SEVERAL, "secrets": []}, "secrets: it has 0; 1 to 10 are needed"),
    "too many secrets": (
        {**SEVERAL, "secrets": [MARKER] * 11},
        "secrets: it has 11; 1 to 10 are needed",
    ),
    "number among secrets": (
        {**SEVERAL, "secrets": [MARKER, 3]},
        "secrets, number 2: it is not text",
    ),
    "empty one among secrets": (
        {**SEVERAL, "secrets": ["", MARKER]},
        "secrets, number 1: it is empty",
    ),
    "secrets without separator": (
        {"scheme": "hmac", "header": "X-Sign", "secrets": [MARKER, "b"]},
        "secrets: it has 2, but no separator is there; give separator if the target accepts",
    ),
    # The form of the signature.
    "unknown algorithm": (
        {**VALID, "algorithm": "md5"},
        "algorithm: 'md5' is not sha256 or sha1 or sha512",
    ),
    "algorithm in capitals": (
        {**VALID, "algorithm": "SHA256"},
        "algorithm: 'SHA256' is not sha256 or sha1 or sha512",
    ),
    "algorithm that is a secret": (
        {**VALID, "algorithm": MARKER},
        "algorithm: a text of 10 characters is not sha256",
    ),
    "unknown encoding": (
        {**VALID, "encoding": "base32"},
        "encoding: 'base32' is not hex or base64",
    ),
    "unknown placeholder": (
        {**VALID, "template": f"{{body}}.{{{MARKER}}}"},
        f"template: placeholder 2 is not one of {PLACEHOLDERS}; double other braces",
    ),
    "placeholder without a name": ({**VALID, "template": "{}"}, "template: placeholder 1 is not"),
    "placeholder with a format": (
        {**VALID, "template": "{body:>9}"},
        "template: placeholder 1 is not one of",
    ),
    "placeholder with a conversion": (
        {**VALID, "template": "{id}{body!r}"},
        "template: placeholder 2 is not one of",
    ),
    "attribute of a placeholder": (
        {**VALID, "template": "{body.__class__}"},
        "template: placeholder 1 is not one of",
    ),
    "nested placeholder": (
        {**VALID, "template": f"{{{MARKER}{{body}}}}"},
        "template: a brace has no other;",
    ),
    "open brace": (
        {**VALID, "template": f"{MARKER}{{body"},
        "template: a brace has no other; double one that is meant as it is",
    ),
    "closing brace": ({**VALID, "template": f"{MARKER}}}"}, "template: a brace has no other;"),
    "empty template": ({**VALID, "template": ""}, "template: it has none of {body}, {id},"),
    "template of the secret alone": ({**VALID, "template": "{secret}{method}{url}"}, SAME),
    "template that is a list": ({**VALID, "template": ["{body}"]}, "template: it is not text"),
    "body in the prefix": (
        {**VALID, "prefix": "{body}"},
        "prefix: placeholder 1 is not one of {timestamp} {timestamp_ms};",
    ),
    "line break in the prefix": ({**VALID, "prefix": "a\r\nb: c"}, "prefix: it must be printable"),
    "space before the prefix": ({**VALID, "prefix": " a"}, "prefix: it must be printable ASCII"),
    "prefix that is not ASCII": ({**VALID, "prefix": "城"}, "prefix: it must be printable ASCII"),
    "empty separator": (
        {**SEVERAL, "secrets": [MARKER, "b"], "separator": ""},
        "separator: it must be printable ASCII, at least one character",
    ),
    "line break in the separator": (
        {**VALID, "separator": "\n"},
        "separator: it must be printable",
    ),
    # Its place.
    "no place": (
        {"scheme": "hmac", "secret": MARKER},
        "header or query: neither is there; give exactly one of them",
    ),
    "two places": (
        {**VALID, "query": "sign"},
        "header or query: both are there; give exactly one of them",
    ),
    "header that is a secret": (
        {**VALID, "header": f"{MARKER}: 1"},
        "header: it is not a header name: a header name is 1 to 100 of A-Z",
    ),
    "empty header": ({**VALID, "header": ""}, "header: it is not a header name"),
    "long header": ({**VALID, "header": "a" * 101}, "header: it is not a header name"),
    "header of Tidings": (
        {**VALID, "header": "Webhook-Signature"},
        "header: 'Webhook-Signature' is set by Tidings or by the connection; give another",
    ),
    "header of the connection": (
        {**VALID, "header": "Host"},
        "header: 'Host' is set by Tidings or",
    ),
    "timestamp in a header of Tidings": (
        {**VALID, "template": "{timestamp}{body}", "timestamp_header": "webhook-timestamp"},
        "timestamp_header: 'webhook-timestamp' is set by Tidings or by the connection;",
    ),
    "query that is not a name": (
        {**QUERY, "query": f"{MARKER}=&"},
        "query: it is not the name of a query parameter: 1 to 100 of A-Z a-z 0-9 _ . ~ -",
    ),
    # Its timestamp.
    "timestamp header with query": (
        {**QUERY, "timestamp_header": "X-Time"},
        "timestamp_header: it goes with header only; give timestamp_query",
    ),
    "timestamp in the query with header": (
        {**VALID, "timestamp_query": "t"},
        "timestamp_query: it goes with query only; give timestamp_header",
    ),
    "two headers of one name": (
        {**VALID, "template": "{timestamp}{body}", "timestamp_header": "x-sign"},
        "timestamp_header: it has the same name as header",
    ),
    "timestamp that is not signed": (
        {**VALID, "timestamp_header": "X-Time"},
        "timestamp_header: it carries the timestamp that is signed, so template must have",
    ),
    "two units of one timestamp": (
        {**QUERY, "template": "{timestamp}{timestamp_ms}", "timestamp_query": "t"},
        NOT_BOTH,
    ),
    "prefix that is not signed": (
        {**VALID, "prefix": "t={timestamp},v1="},
        "prefix: {timestamp} is not signed; add it to template",
    ),
    "milliseconds that are not sent": (
        {**QUERY, "template": "{timestamp_ms}"},
        "template: {timestamp_ms} is signed but not sent; add timestamp_query",
    ),
}


@pytest.mark.parametrize(("fields", "problem"), BROKEN.values(), ids=BROKEN.keys())
def test_a_broken_table_is_refused_and_not_shown(fields: dict[str, Any], problem: str) -> None:
    with pytest.raises(ValueError, match=r"^[a-z]") as error:
        parse_hmac(fields)
    message = str(error.value)
    assert problem in message
    assert problem in {SAME, NOT_BOTH} or message.startswith(problem)
    assert len(message) < 220
    trace = "".join(TracebackException.from_exception(error.value).format())
    assert MARKER not in f"{error.value!r} {trace} {pickle.dumps(str(error.value))!r}"


@pytest.mark.parametrize(
    "fields",
    [
        pytest.param({**VALID, "header": "Authorization", "prefix": "HMAC "}, id="authorization"),
        pytest.param({**VALID, "separator": ", "}, id="separator-that-is-ready"),
        pytest.param({**SEVERAL, "secrets": [MARKER] * 10}, id="ten-secrets"),
        pytest.param({"scheme": "hmac", "header": "X", "secrets": ["a"]}, id="list-of-one"),
        pytest.param({**VALID, "template": "{timestamp}.{body}"}, id="time-in-webhook-timestamp"),
        pytest.param({**VALID, "secret": "a"}, id="short-secret"),
        pytest.param({**QUERY, "query": "X-Sign.v1~_"}, id="query-name"),
    ],
)
def test_what_a_table_may_say(fields: dict[str, Any]) -> None:
    assert repr(parse_hmac(fields)) == "<HmacScheme>"
