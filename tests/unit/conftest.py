"""The keyring of a test, as a file and as a directory."""

from pathlib import Path

import pytest

from tests.support.keyrings import OLD, write


@pytest.fixture
def table(tmp_path: Path) -> Path:
    return write(tmp_path / "keyring.toml", f'orders = "{OLD}"\n')


@pytest.fixture
def directory(tmp_path: Path) -> Path:
    (tmp_path / "keyring").mkdir()
    write(tmp_path / "keyring" / "orders", f"{OLD}\n")
    return tmp_path / "keyring"
