"""``pip install 'tidings[cli]'``: the command ``tidings`` against a running service."""

import asyncio
import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from tests.packaging.environment import Environment
from tests.support.receiver import Receiver
from tests.support.service import Service
from tests.support.states import until_status
from tidings import Status

PERSON = ("--operator", "li", "--reason", "the path was wrong")


@pytest.fixture(scope="module")
def environment(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Environment:
    return Environment.create(tmp_path_factory.mktemp("command"), wheel, extra="cli")


@pytest.fixture
async def service(tmp_path: Path) -> AsyncIterator[Service]:
    service = Service(tmp_path)
    async with service.worker():
        yield service


def test_the_help_names_the_command(environment: Environment, tmp_path: Path) -> None:
    result = environment.tidings("resend", "--help", directory=tmp_path)
    assert result.returncode == 0, result.stderr
    assert result.stdout.startswith("Usage: tidings resend ")
    assert "starter.py" not in result.stdout


def test_every_module_of_the_command_is_importable(
    environment: Environment, tmp_path: Path
) -> None:
    """None needs another extra, or a module that is not in the wheel."""
    code = (
        "import pkgutil; from tidings import cli; "
        "names = [each.name for each in pkgutil.iter_modules(cli.__path__, 'tidings.cli.')]; "
        "[__import__(name) for name in names]; "
        "print(len(names) > 10)"
    )
    result = environment.run(code, tmp_path)
    assert (result.returncode, result.stdout) == (0, "True\n"), result.stderr


async def test_the_command_sends_lists_and_resolves(
    environment: Environment, service: Service, new_id: str, tmp_path: Path
) -> None:
    async def tidings(*arguments: str) -> tuple[str, str]:
        result = await asyncio.to_thread(
            environment.tidings, *arguments, directory=tmp_path, **service.environment
        )
        assert result.returncode == 0, result.stderr
        return result.stdout, result.stderr

    async def stuck() -> list[dict[str, Any]]:
        out, _ = await tidings("list", "--status", "awaiting_intervention", "--json")
        found: list[dict[str, Any]] = json.loads(out)
        return found

    client = await service.client()
    async with Receiver().running() as receiver:
        authority = receiver.url.removeprefix("http://")
        wrong, right = f"{receiver.url}/404", f"{receiver.url}/ok"
        for name in ("corrected", "given-up"):
            out, _ = await tidings(
                "send", "--id", f"{new_id}/{name}", "--type", "a.b", "--target", wrong
            )
            assert out == f"{new_id}/{name}: accepted\n"
            await until_status(client, f"{new_id}/{name}", Status.AWAITING_INTERVENTION)
        async with asyncio.timeout(30):
            while len(found := await stuck()) < 2:
                await asyncio.sleep(0.1)
        assert {each["authority"] for each in found} == {authority}
        await tidings("resend", f"{new_id}/corrected", "--new-target", right, *PERSON)
        assert (await client.outcome(f"{new_id}/corrected")).status is Status.DELIVERED
        out, _ = await tidings("abandon", "--target", authority, "--yes", "--json", *PERSON)
        assert json.loads(out)["batch"]["resolved"] == 1
        assert (await client.outcome(f"{new_id}/given-up")).status is Status.ABANDONED
        out, _ = await tidings("count", "--by", "authority", "--json")
        assert json.loads(out) == {authority: 2}
