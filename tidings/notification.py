"""The notification: what is to be told to whom, and how persistently."""

import json
import re
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Annotated, Final, Literal
from urllib.parse import urlsplit

from pydantic import (
    AfterValidator,
    AwareDatetime,
    Field,
    JsonValue,
    ValidationError,
    model_validator,
)
from pydantic_core import Url

from tidings.acknowledgement import Acknowledgement
from tidings.headers import Headers
from tidings.key_name import KeyName
from tidings.model import Duration, Model, default, shown
from tidings.preset import Retry, applied
from tidings.retry import Exponential

MAX_BODY_BYTES: Final = 1024 * 1024
MAX_ENCODED_BYTES: Final = 1_300_000
"""The most a whole notification may weigh as JSON; Temporal takes 2 MiB, the story included."""
MAX_BODY_DEPTH: Final = 100
"""JSON readers in other places give up at their own depths; this is below all of them."""
MAX_REPORTING_ID: Final = 180
MAX_TIMEOUT: Final = timedelta(seconds=60)
"""The longest one attempt may take, and so the longest a worker needs to shut down."""

_WORD = r"[A-Za-z0-9_.+-]+"
_PARAMETER = rf' *; *({_WORD})=({_WORD}|"[ !#-~]*")'
_CONTENT_TYPE = re.compile(rf"{_WORD}/{_WORD}(?:{_PARAMETER})*")
_JSON_CONTENT_TYPE = re.compile(rf"application/(?:{_WORD}\+)?json *(?:;|\Z)", re.IGNORECASE)
_HOST_NAME = re.compile(r"(?=.{1,253}\.?\Z)(?:[a-z0-9_-]{1,63}\.)*[a-z0-9_-]{1,63}\.?")


def _valid_target(target: str) -> str:
    if not re.fullmatch(r"[\x21-\x7e]+", target):
        raise ValueError("a URL holds printable ASCII only; percent-encode the rest")
    try:
        url = Url(target)
    except ValidationError as error:
        raise ValueError(f"no URL ({error.errors()[0]['msg']})") from None
    if url.scheme not in {"http", "https"}:
        raise ValueError("a target begins with http:// or https://")
    authority = urlsplit(target).netloc
    if "@" in authority:
        raise ValueError("a target must not hold a user or password")
    # Parsers that read one text as two hosts are how a check gets bypassed.
    written = (
        authority.lower().rpartition(":")[0]
        if url.port is not None and ":" in authority
        else authority
    )
    if f"{url.host}" != written.lower() and not written.startswith("["):
        raise ValueError(f"its host is {url.host} to some readers; write it so")
    if not written.startswith("[") and not _HOST_NAME.fullmatch(f"{url.host}"):
        raise ValueError("a host name has parts of 1 to 63 letters, digits, - and _; 253 in all")
    if url.port == 0:
        raise ValueError("port 0 cannot be connected to")
    if "#" in target:
        raise ValueError("a fragment (#…) is never sent to a target; leave it out")
    return target


def _valid_content_type(content_type: str) -> str:
    if not _CONTENT_TYPE.fullmatch(content_type):
        raise ValueError("a content type reads type/subtype, with parameters after ';'")
    for name, value in re.findall(_PARAMETER, content_type):
        if name.lower() == "charset" and value.strip('"').lower() not in {"utf-8", "utf8"}:
            raise ValueError("a text body is sent in UTF-8, and in no other charset")
    return content_type


def _in_utc(moment: datetime) -> datetime:
    try:
        return moment.astimezone(UTC)
    except OverflowError:
        raise ValueError("beyond the years that a calendar has") from None


Id = Annotated[str, Field(pattern=r"^[A-Za-z0-9_\-:/]{1,200}$")]
Target = Annotated[str, Field(max_length=2048), AfterValidator(_valid_target)]
ContentType = Annotated[str, Field(max_length=200), AfterValidator(_valid_content_type)]
Moment = Annotated[AwareDatetime, AfterValidator(_in_utc)]
"""A moment, kept in UTC: in a zone, an hour that comes twice does not equal its own JSON."""

if TYPE_CHECKING:
    Timeout = Duration
    InterventionTimeout = Duration
else:
    Timeout = Annotated[Duration, Field(ge=timedelta(milliseconds=10), le=MAX_TIMEOUT)]
    InterventionTimeout = Annotated[Duration, Field(gt=timedelta(0), le=timedelta(days=3650))]


# A workflow reads the notification that it was started with anew at every replay. A rule that is
# tightened after its release would refuse what was accepted, and lose it.
class Notification(Model):
    """One thing to tell one target.

    Raises ``InvalidInputError`` where a field breaks its rule.
    """

    id: Id
    """The business key, 1 to 200 of ``A-Z a-z 0-9 _ - : /``; sent again it changes nothing."""
    type: str = Field(max_length=200, pattern=r"^[A-Za-z0-9_\-]+(?:\.[A-Za-z0-9_\-]+)*$")
    """What happened, as dotted words: ``payment.succeeded``."""
    target: Target
    """The URL to send to: http or https, without user and password."""
    body: JsonValue = None
    """Any JSON value; or text, with ``content_type``; ``None`` sends an empty body."""
    content_type: ContentType | None = None
    """``None`` is ``application/json``. A text body goes out as it is, in UTF-8."""
    headers: Headers = Field(default_factory=dict)
    """Further headers, at most 50 and 8 KiB; stored and shown in clear, so no credentials."""
    method: Literal["POST", "PUT", "PATCH"] = "POST"
    retry: Retry = default(Exponential())
    """The schedule of one round; or the name of a preset, which also sets what it knows of
    ``acknowledgement`` and ``timeout``, unless they are given."""
    acknowledgement: Acknowledgement = Acknowledgement()
    timeout: Timeout = default(timedelta(seconds=10))
    """The length of one attempt, the answer's body included; at most 60 s."""
    not_before: Moment | None = None
    """The first attempt is not made before this."""
    expires_at: Moment | None = None
    """No attempt begins at or after this."""
    signing_key: KeyName | None = None
    """The name of the key in the worker's keyring that signs each attempt; never the secret."""
    report_to: Target | None = None
    """The URL that is told when it gets stuck, and how it ended after that."""
    report_signing_key: KeyName | None = None
    """The name of the key that signs those reports."""
    intervention_timeout: InterventionTimeout = default(timedelta(days=30))
    """How long it waits for a person before it ends abandoned."""

    @model_validator(mode="before")
    @classmethod
    def _apply_preset(cls, given: object) -> object:
        return applied(given)

    def check_whole(self) -> None:
        """See ``Model``."""
        if self.report_to is not None and len(self.id) > MAX_REPORTING_ID:
            raise ValueError(
                f"the id has {len(self.id)} characters; with report_to it may have "
                f"{MAX_REPORTING_ID}, because its reports get longer ids of their own"
            )
        if self.report_signing_key is not None and self.report_to is None:
            raise ValueError("report_signing_key signs what goes to report_to; give both")
        if self.not_before and self.expires_at and self.expires_at <= self.not_before:
            raise ValueError(
                f"expires_at ({self.expires_at.isoformat()}) must be later than "
                f"not_before ({self.not_before.isoformat()})"
            )
        if (
            self.content_type is not None
            and not isinstance(self.body, str | None)
            and not _JSON_CONTENT_TYPE.match(self.content_type)
        ):
            raise ValueError(
                f"body must be text where content_type is {self.content_type!r}; "
                f"it is {type(self.body).__name__}"
            )
        check_body(self.body, is_text=self.content_type is not None)
        check_encoded(self)

    @property
    def body_bytes(self) -> bytes:
        """The bytes that are sent, the same at every attempt."""
        return _body_bytes(self.body, is_text=self.content_type is not None)

    def differences(self, other: "Notification") -> tuple[str, ...]:
        """The names of the fields in which ``other`` differs, as JSON tells them apart.

        Python takes ``1``, ``1.0`` and ``True`` for equal, and a target does not.
        """
        mine, others = self.to_json(), other.to_json()
        return tuple(
            name
            for name in mine
            if json.dumps(mine[name], sort_keys=True) != json.dumps(others[name], sort_keys=True)
        )

    @property
    def authority(self) -> str:
        """Host and port of the target, as in ``orders.example.com:443``."""
        return authority(self.target)


def check_body(body: JsonValue, *, is_text: bool) -> None:
    """Raises ``ValueError`` where ``body`` cannot be sent; ``is_text``: if a string, as it is."""
    if _nests_deeper(body, MAX_BODY_DEPTH):
        raise ValueError(f"the body nests deeper than {MAX_BODY_DEPTH} levels")
    try:
        size = len(_body_bytes(body, is_text=is_text))
    except ValueError as error:
        raise ValueError(f"the body {shown(body)} cannot be sent: {error}") from None
    if size > MAX_BODY_BYTES:
        raise ValueError(
            f"the body has {size:,} bytes, and the limit is {MAX_BODY_BYTES:,}; "
            "send a reference to the content in its place"
        )


def check_encoded(whole: Model) -> None:
    """Raises ``ValueError`` where ``whole`` is too long to be handed over to Temporal."""
    encoded = len(whole.model_dump_json())
    if encoded > MAX_ENCODED_BYTES:
        raise ValueError(
            f"as JSON it has {encoded:,} bytes in all (the escapes of its text included), "
            f"and the limit is {MAX_ENCODED_BYTES:,}"
        )


def _body_bytes(body: JsonValue, *, is_text: bool) -> bytes:
    if body is None:
        return b""
    if is_text and isinstance(body, str):
        return body.encode()
    text = json.dumps(body, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    return text.encode()


def authority(target: str) -> str:
    """Host and port of a URL, the port spelt out, the host in lower case."""
    url = Url(target)
    return f"{url.host}:{url.port}"


def _nests_deeper(value: JsonValue, levels: int) -> bool:
    if not isinstance(value, dict | list):
        return False
    children = value.values() if isinstance(value, dict) else value
    return levels == 0 or any(_nests_deeper(child, levels - 1) for child in children)
