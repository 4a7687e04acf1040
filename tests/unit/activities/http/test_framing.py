"""The pieces in which an answer is parsed."""

import pytest

from activities.http.framing import Pieces


def taken(pieces: Pieces) -> list[bytes]:
    found = []
    while pieces:
        found.append(pieces.take())
    return found


@pytest.mark.parametrize(
    ("packets", "expected"),
    [
        pytest.param([b"a\r\nb\r\n\r\nc"], [b"a\r\nb\r\n\r\n", b"c"], id="one packet"),
        pytest.param([b"a\n\nb\n\nc"], [b"a\n\n", b"b\n\n", b"c"], id="bare line feeds"),
        pytest.param([b"a\r\n\nb\n\r\nc"], [b"a\r\n\n", b"b\n\r\n", b"c"], id="mixed"),
        pytest.param([b"a\r\n", b"\r\nb"], [b"a\r\n", b"\r\n", b"b"], id="cut between lines"),
        pytest.param([b"a\r\n\r", b"\nb"], [b"a\r\n\r", b"\n", b"b"], id="cut before a line feed"),
        pytest.param(
            [b"a\r", b"\n", b"\r", b"\nb"], [b"a\r", b"\n", b"\r", b"\n", b"b"], id="bytes"
        ),
        pytest.param([b"a\r\nb"], [b"a\r\nb"], id="no blank line"),
        pytest.param([b"\r\n\r\n\na\n\nb"], [b"a\n\n", b"b"], id="empty lines before"),
        pytest.param([b"\r\n", b"\n", b"a"], [b"", b"", b"a"], id="empty lines in packets"),
    ],
)
def test_a_piece_ends_with_a_blank_line(packets: list[bytes], expected: list[bytes]) -> None:
    pieces, found = Pieces(), []
    for packet in packets:
        pieces.add(packet)
        found += taken(pieces)
    assert found == expected


@pytest.mark.parametrize("length", [0, 1, 3, 4, 10])
def test_a_body_of_known_length_is_one_piece(length: int) -> None:
    body = b"\n\n\n\nsurplus"
    pieces = Pieces()
    pieces.add(b"head\n\n" + body)
    assert pieces.take() == b"head\n\n"
    pieces.expect_body(length)
    if length:
        assert pieces.take() == body[:length]
    assert pieces.is_body_complete
    assert pieces  # the surplus


def test_a_body_may_come_in_packets() -> None:
    pieces = Pieces()
    pieces.add(b"head\n\n")
    assert pieces.take() == b"head\n\n"
    pieces.expect_body(5)
    for packet, is_complete in ((b"12", False), (b"345", True)):
        pieces.add(packet)
        assert taken(pieces) == [packet]
        assert pieces.is_body_complete is is_complete


def test_empty_lines_are_skipped_behind_an_informational_answer() -> None:
    pieces = Pieces()
    pieces.add(b"hints\n\n\r\n\r\nhead\n\n")
    assert pieces.take() == b"hints\n\n"
    pieces.expect_head()
    assert taken(pieces) == [b"head\n\n"]


def test_empty_lines_are_not_skipped_in_a_body() -> None:
    pieces = Pieces()
    pieces.add(b"head\n\n")
    assert pieces.take() == b"head\n\n"
    pieces.expect_body(None)
    pieces.add(b"\r\n\r\n")
    assert b"".join(taken(pieces)) == b"\r\n\r\n"
