"""The condition ``body_equals``: the whole body is an agreed text; pure."""

from activities.verdict.charset import agreed_codec, decoded
from activities.verdict.unmet import UnmetError, one_of
from tidings.base.text import brief
from tidings.fields.body_condition import folded

_CONDITION = "body_equals"


def check_text(
    agreed: tuple[str, ...], body: bytes, content_type: str | None, *, ignore_case_and_space: bool
) -> None:
    """Raises ``UnmetError`` if the body is not one of ``agreed``."""
    if ignore_case_and_space:
        found = folded(decoded(_CONDITION, body, content_type))
        is_agreed = found in map(folded, agreed)
    else:
        is_agreed = _exactly(body, content_type) in agreed
    if is_agreed:
        return
    wanted = one_of([brief(text) for text in agreed])
    relaxed = ", even if case and space are ignored" if ignore_case_and_space and body else ""
    state = "is empty," if not body else "is"
    problem = f"the body {state} not {wanted}{relaxed}"
    raise UnmetError(_CONDITION, problem, found=body.strip().decode("ascii", errors="replace"))


def _exactly(body: bytes, content_type: str | None) -> str | None:
    """The body with its byte order mark, if it has one; ``None`` if it is not a text."""
    try:
        return body.decode(agreed_codec(_CONDITION, content_type))
    except UnicodeDecodeError:
        return None
