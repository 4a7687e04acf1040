"""Ids for the notifications of all kinds of tests."""

import itertools

import pytest

_numbers = itertools.count(1)


@pytest.fixture
def new_id(request: pytest.FixtureRequest) -> str:
    """An id for a notification that no other test uses."""
    return f"{request.node.originalname}-{next(_numbers)}"
