"""The charsets in which texts are sent and read; pure."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

UTF_8: Final = "utf-8"
# Servers that declare GB2312 send GBK, which GB18030 contains. The WHATWG's Encoding Standard
# reads all three as one.
CODECS: Final[Mapping[str, str]] = MappingProxyType(
    {
        UTF_8: "utf-8", "utf8": "utf-8", "us-ascii": "ascii", "ascii": "ascii",
        "iso-8859-1": "iso-8859-1", "windows-1252": "windows-1252",
        "gb2312": "gb18030", "gbk": "gb18030", "gb18030": "gb18030",
        "big5": "big5", "shift_jis": "shift_jis", "euc-jp": "euc-jp", "euc-kr": "euc-kr",
    }
)  # fmt: skip
"""Python's codec that reads each charset, by the name of the charset in lower case.

A text is written in the charset itself. Others are neither read nor written.
"""

_ADVICE: Final = "leave the character out, or choose utf-8 or gb18030, which have every character"


def encoded(text: str, charset: str) -> bytes:
    """``text`` in ``charset``; raises ``ValueError`` with the first character that does not fit."""
    try:
        content = text.encode(charset)
    except UnicodeEncodeError as error:
        raise _unfit(text[error.start], charset) from None
    back = content.decode(charset, errors="replace")
    if back != text:  # as a yen sign in Shift_JIS, which comes back as a backslash
        pairs = zip(text, back, strict=False)
        raise _unfit(next((char for char, other in pairs if char != other), text[-1]), charset)
    return content


def _unfit(character: str, charset: str) -> ValueError:
    if "\ud800" <= character <= "\udfff":
        return ValueError(f"{character!a} is half of a surrogate pair, which no charset has")
    return ValueError(f"{charset} has no {character!r} (U+{ord(character):04X}); {_ADVICE}")
