"""Fresh environments with the wheel of this checkout, made without a network."""

import subprocess
import sys
import sysconfig
import venv
from collections.abc import Iterable
from dataclasses import dataclass
from importlib.metadata import distribution, distributions
from pathlib import Path
from typing import Self

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

CHECKOUT = Path(__file__).parents[2]


def build(directory: Path) -> Path:
    """The wheel of this checkout, built by the hatchling that is installed."""
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", directory],
        cwd=CHECKOUT,
        check=True,
    )
    (built,) = directory.iterdir()
    return built


@dataclass(frozen=True)
class Environment:
    """An environment with the wheel, what it requires, and nothing else."""

    scripts: Path
    """The directory of its interpreter and its commands."""

    @classmethod
    def create(cls, directory: Path, wheel: Path, extra: str = "") -> Self:
        """Installs the wheel with pip, and links what it requires from this environment."""
        venv.create(directory, with_pip=False)
        base = {"base": str(directory)}
        scripts = Path(sysconfig.get_path("scripts", "venv", base))
        pip = [sys.executable, "-m", "pip", "--python", str(scripts / "python")]
        options = ["-q", "--no-index", "--no-deps", "--disable-pip-version-check"]
        subprocess.run([*pip, "install", *options, wheel], check=True)
        site_packages = Path(sysconfig.get_path("purelib", "venv", base))
        (installed,) = distributions(path=[str(site_packages)])
        for name in _closure(installed.requires or [], extra):
            _link(name, site_packages)
        return cls(scripts)

    def run(self, code: str, directory: Path) -> subprocess.CompletedProcess[str]:
        """Runs Python code in ``directory``, away from the checkout."""
        return self._run("python", "-c", code, directory=directory, environment={})

    def tidings(
        self, *arguments: str, directory: Path, **settings: str
    ) -> subprocess.CompletedProcess[str]:
        """Runs the command ``tidings``."""
        return self._run("tidings", *arguments, directory=directory, environment=settings)

    def _run(
        self, program: str, *arguments: str, directory: Path, environment: dict[str, str]
    ) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [self.scripts / program, *arguments],
            cwd=directory,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )


def _closure(requirements: Iterable[str], extra: str) -> set[str]:
    """The distributions that the requirements lead to, without any extra that nobody asks for."""
    pending = [(each, {"", extra}) for each in requirements]
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
