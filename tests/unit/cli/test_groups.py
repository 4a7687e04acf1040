"""Groups of options in the signature of a command."""

import inspect
from typing import Annotated, Any, get_type_hints

import typer

from tidings.cli.groups import FilterOptions, ManyOptions, expanded

CALLS: list[dict[str, Any]] = []


def command(
    name: Annotated[str, typer.Argument()], *, chosen: FilterOptions, yes: bool = False
) -> None:
    """Does it."""
    CALLS.append({"name": name, "chosen": chosen, "yes": yes})


def test_a_group_is_replaced_by_its_options_in_its_place() -> None:
    made = expanded(command)
    names = list(inspect.signature(made).parameters)
    of_group = list(get_type_hints(FilterOptions))
    assert names == ["name", *of_group, "yes"]
    assert (made.__name__, made.__doc__) == ("command", "Does it.")
    parameters = inspect.signature(made).parameters
    assert all(parameters[each].default is None for each in of_group)
    assert made.__annotations__["target"] == FilterOptions.__annotations__["target"]


def test_the_command_gets_the_whole_group() -> None:
    CALLS.clear()
    nothing = dict.fromkeys(get_type_hints(FilterOptions))
    expanded(command)(name="a", **{**nothing, "target": "h.example"}, yes=True)
    assert [{"name": "a", "chosen": FilterOptions(target="h.example"), "yes": True}] == CALLS


def test_options_are_given_if_one_has_a_value() -> None:
    assert not FilterOptions().are_given
    assert not FilterOptions(status=[]).are_given
    assert FilterOptions(type_="").are_given
    assert ManyOptions().ids is None
