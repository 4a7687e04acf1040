"""The command line as a whole: its options, its help, and its name."""

from pathlib import Path
from typing import Any

import pytest
import typer
from typer.testing import CliRunner

from tidings import cli
from tidings.cli.app import app

COMMANDS: dict[str, Any] = typer.main.get_command(app).commands  # type: ignore[attr-defined]


def options(*, repeatable: bool) -> list[Any]:
    """Every option that takes a value, as a command and an option."""
    return [
        pytest.param(name, option.opts[0], id=f"{name} {option.opts[0]}")
        for name, command in COMMANDS.items()
        for option in command.params
        if option.param_type_name == "option"
        and not option.is_flag
        and option.multiple is repeatable
    ]


@pytest.mark.parametrize(("command", "option"), options(repeatable=False))
def test_an_option_with_one_value_is_given_once(command: str, option: str) -> None:
    """The parser alone takes the last value, and the first has no effect."""
    result = CliRunner().invoke(app, [command, option, "a", f"{option}=b"])
    assert result.exit_code == 2
    assert f"Invalid value for '{option}'" in result.output
    assert "it takes one value and was given 2 times; give it once" in result.output


@pytest.mark.parametrize(("command", "option"), options(repeatable=True))
def test_a_repeatable_option_says_so_and_keeps_both(command: str, option: str) -> None:
    values = {
        "--header": ("X-A: 1", "X-B: 2"),
        "--ack-status": ("200", "204"),
        "--ack-body": ("success", "SUCCESS"),
        "--status": ("delivered", "abandoned"),
        "--by": ("url", "type") if command == "summary" else ("target", "reason"),
    }
    (parameter,) = [each for each in COMMANDS[command].params if option in each.opts]
    given = [option, values[option][0], f"{option}={values[option][1]}"]
    context = COMMANDS[command].make_context(command, given, resilient_parsing=True)
    assert tuple(context.params[parameter.name]) == values[option]
    assert "Repeatable" in parameter.help


def test_a_flag_may_be_repeated() -> None:
    result = CliRunner().invoke(app, ["presets", "--json", "--json"])
    assert result.exit_code == 0


def test_each_command_has_a_module_of_its_name() -> None:
    directory = Path(cli.__file__).parent
    assert {command.callback.__module__ for command in COMMANDS.values()} == {
        f"tidings.cli.{name}" for name in COMMANDS
    }
    assert all((directory / f"{name}.py").is_file() for name in COMMANDS)


def test_only_one_module_knows_the_name_of_the_program() -> None:
    """Every message then names the program that the user ran."""
    modules = Path(cli.__file__).parent.glob("*.py")
    assert [each.name for each in modules if "starter.py" in each.read_text()] == ["program.py"]
