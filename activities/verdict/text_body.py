"""The condition ``body_equals``: the whole body is the agreed text; pure."""

from activities.verdict.unmet import UnmetError
from tidings.base.text import brief


def check_text(expected: str, body: bytes, *, ignore_case_and_space: bool) -> None:
    """Raises ``UnmetError`` if the body is not ``expected``."""
    if not ignore_case_and_space:
        if body != expected.encode():
            raise UnmetError("body_equals", f"the body is not {brief(expected)}")
    elif _folded(decoded("body_equals", body)) != _folded(expected):
        problem = f"the body is not {brief(expected)}, even if case and space are ignored"
        raise UnmetError("body_equals", problem)


def decoded(condition: str, body: bytes) -> str:
    """The body as text; raises ``UnmetError`` for ``condition`` if it is not in UTF-8."""
    try:
        return body.decode("utf-8-sig")  # some senders begin with a byte order mark
    except UnicodeDecodeError:
        raise UnmetError(condition, "the body is not in UTF-8") from None


def _folded(text: str) -> str:
    # Unicode's normal forms are left out: some texts take seconds to normalize.
    return text.strip().casefold()
