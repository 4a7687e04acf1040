"""The reader of console blocks finds commands, and misses what was not printed."""

import pytest

from tests.docs.console import NEXT, Console


@pytest.mark.parametrize(
    ("text", "script", "expected"),
    [
        pytest.param("$ ls\na\nb\n", "ls", [["a", "b"]], id="command-and-output"),
        pytest.param("$ a\nx\n$ b\ny\n", f"a\necho '{NEXT}'\nb", [["x"], ["y"]], id="two-commands"),
        pytest.param("$ a \\\n    -b\nx\n", "a \\\n    -b", [["x"]], id="continued-line"),
        pytest.param("$ a '{\n  1}'\nx\n", "a '{\n  1}'", [["x"]], id="open-quote"),
        pytest.param("$ a  # it's so\n", "a  # it's so", [[]], id="quote-in-a-comment"),
    ],
)
def test_commands_are_told_from_output(text: str, script: str, expected: list[list[str]]) -> None:
    assert Console.parse(text) == Console(script, expected)


@pytest.mark.parametrize(
    ("expected", "missing"),
    [
        pytest.param(["one two", "three"], None, id="all-there"),
        pytest.param(["o… two"], None, id="anything-between"),
        pytest.param(["…hre…"], None, id="anything-around"),
        pytest.param(["three", "one two"], "one two", id="wrong-order"),
        pytest.param(["one"], "one", id="half-a-line"),
    ],
)
def test_expected_lines_are_found_in_order(expected: list[str], missing: str | None) -> None:
    assert Console("", [expected]).missing("one   two\nthree\n") == missing


def test_the_output_of_another_command_does_not_count() -> None:
    console = Console.parse("$ a\nx\n$ b\ny\n")
    assert console.missing(f"x\n{NEXT}\ny\n") is None
    assert console.missing(f"x\ny\n{NEXT}\n") == "y"
    assert console.missing(f"{NEXT}\nx\ny\n") == "x"
