"""The places in a stream of bytes where an answer may end; pure."""

import re
from typing import Final

_BLANK_LINE: Final = re.compile(rb"\n\r?\n")
_BEFORE_ITS_END: Final = 2
"""The most bytes of it that may belong to the piece before."""


class Pieces:
    """Received bytes, cut so that an answer ends at the end of a piece.

    aiohttp's parser does not report how far it has read. If it does not like the bytes behind an
    answer, it drops the answer too. An answer ends with a blank line (its head, or its last
    chunk), or after the length that its head states.
    """

    def __init__(self) -> None:
        self._received = b""
        self._position = 0
        self._has_begun = False
        self._body_left: int | None = None

    def __bool__(self) -> bool:
        """True if bytes are left to take."""
        return self._position < len(self._received)

    @property
    def is_body_complete(self) -> bool:
        """True if all of the stated length was taken."""
        return self._body_left == 0

    def add(self, data: bytes) -> None:
        """Appends received bytes."""
        kept = max(self._position - _BEFORE_ITS_END, 0)
        self._received = self._received[kept:] + data
        self._position -= kept

    def expect_body(self, length: int | None) -> None:
        """Continues behind the head of an answer; ``length`` is the stated length of its body."""
        self._body_left = length

    def expect_head(self) -> None:
        """Continues behind an informational answer (1xx), which another answer follows."""
        self._has_begun = False

    def take(self) -> bytes:
        """The next piece; empty if no bytes but empty lines before a head are left."""
        if not self._has_begun:
            self._skip_empty_lines()
        begin = self._position
        if self._body_left is not None:
            self._position = min(begin + self._body_left, len(self._received))
            self._body_left -= self._position - begin
        else:
            self._position = self._end_of_blank_line(begin)
        return self._received[begin : self._position]

    def _end_of_blank_line(self, begin: int) -> int:
        """The place behind the next blank line that ends after ``begin``, or behind all bytes."""
        start = max(begin - _BEFORE_ITS_END, 0)
        while match := _BLANK_LINE.search(self._received, start):
            if match.end() > begin:
                return match.end()
            start = match.start() + 1
        return len(self._received)

    def _skip_empty_lines(self) -> None:
        # A flood of them would be cut at each one, which would keep a core busy.
        self._position = len(self._received) - len(self._received[self._position :].lstrip(b"\r\n"))
        self._has_begun = bool(self)
