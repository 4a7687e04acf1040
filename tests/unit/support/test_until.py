"""The helper with which tests wait."""

import asyncio
from collections.abc import Iterator

import pytest

from tests.support.until import until


@pytest.fixture
def numbers() -> Iterator[int]:
    return iter([0, 0, 3])


async def test_a_plain_condition_is_called_until_it_holds(numbers: Iterator[int]) -> None:
    assert await until(lambda: next(numbers)) == 3


async def test_an_async_condition_is_awaited_until_it_holds(numbers: Iterator[int]) -> None:
    async def number() -> int:
        await asyncio.sleep(0)
        return next(numbers)

    assert await until(number) == 3


async def test_a_failure_shows_the_condition_and_its_last_value() -> None:
    with pytest.raises(AssertionError, match=r"not within 0\.01 s: .*len\(\[\]\).* \(last was 0\)"):
        await until(lambda: len([]), within=0.01)


async def test_a_failure_shows_a_description_if_there_is_one() -> None:
    with pytest.raises(AssertionError, match=r"not within 0\.01 s: the moon to rise"):
        await until(asyncio.Event().wait, within=0.01, what="the moon to rise")


async def test_a_timeout_of_the_condition_itself_is_raised() -> None:
    async def impatient() -> bool:
        raise TimeoutError

    with pytest.raises(TimeoutError):
        await until(impatient)
