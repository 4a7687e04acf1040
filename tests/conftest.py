"""What several kinds of tests share."""

import itertools

import pytest

_numbers = itertools.count(1)


@pytest.fixture
def new_id(request: pytest.FixtureRequest) -> str:
    """An id of a notification that no other test uses."""
    return f"{request.node.originalname}-{next(_numbers)}"
