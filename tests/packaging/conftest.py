"""The wheel of this checkout, built once for all tests of a process."""

from pathlib import Path

import pytest

from tests.packaging.environment import build


@pytest.fixture(scope="session")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build(tmp_path_factory.mktemp("wheel"))
