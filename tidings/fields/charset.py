"""The charsets in which texts are sent and read; pure."""

from typing import Final

UTF_8: Final = "utf-8"
CHARSETS: Final = frozenset(
    {
        *(UTF_8, "utf8", "us-ascii", "ascii", "iso-8859-1", "windows-1252"),
        *("gb2312", "gbk", "gb18030", "big5", "shift_jis", "euc-jp", "euc-kr"),
    }
)
"""The names of all charsets, in lower case. Python reads many more, some of them unsafe."""

_ADVICE: Final = "leave the character out, or choose utf-8 or gb18030, which have every character"


def encoded(text: str, charset: str) -> bytes:
    """``text`` in ``charset``; raises ``ValueError`` with the first character that does not fit."""
    try:
        content = text.encode(charset)
    except UnicodeEncodeError as error:
        raise _unfit(text[error.start], charset) from None
    back = content.decode(charset, errors="replace")
    if back != text:  # as a yen sign in Shift_JIS, which comes back as a backslash
        lost = next(char for char, other in zip(text, back, strict=False) if char != other)
        raise _unfit(lost, charset)
    return content


def _unfit(character: str, charset: str) -> ValueError:
    if "\ud800" <= character <= "\udfff":
        return ValueError(f"{character!a} is half of a surrogate pair, which no charset has")
    return ValueError(f"{charset} has no {character!r} (U+{ord(character):04X}); {_ADVICE}")
