"""The place where the examples of one page run, in their order and with what came before."""

import ast
import asyncio
import inspect
import json
import os
import signal
import sys
import tomllib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, Final

from tests.docs.console import Console
from tests.docs.hosts import Hosts
from tests.docs.markdown import ROOT, Block
from tests.support.service import Service
from tests.support.states import until_status
from tidings import Status

_LIMIT_SECONDS: Final = 60


class Stage:
    """A service, targets on loopback, a checkout to run commands in, and Python's names."""

    def __init__(self, service: Service, hosts: Hosts, checkout: Path) -> None:
        self._service = service
        self._hosts = hosts
        self._checkout = checkout
        self._names: dict[str, Any] = {"__name__": "__example__"}
        self._background: list[asyncio.subprocess.Process] = []

    @property
    def address(self) -> str:
        """The address of Temporal."""
        return self._service.address

    async def run(self, block: Block) -> None:
        """Runs a block; raises if it fails, or prints something else than its page shows."""
        text = self._hosts.to_loopback(block.text)
        if block.file is not None:
            (self._checkout / block.file).write_text(text)
        match block.language:
            case "json":
                json.loads(text)
            case "toml":
                tomllib.loads(text)
            case "setup":
                await self._prepare(text, block.place)
            case "python" if "run(main())" in text:
                await self._run_script(text)
            case "python":
                await self._execute(text, block.place, self._names)
            case "console" if block.background:
                await self._start(Console.parse(text))
            case "console":
                await self._command(Console.parse(block.text), Console.parse(text).script)

    async def end(self) -> None:
        """Ends what still runs in the background."""
        for process in self._background:
            if process.returncode is None:
                os.killpg(process.pid, signal.SIGTERM)
                await process.wait()

    async def _prepare(self, text: str, place: str) -> None:
        """Runs the code of a comment, which has helpers that the reader does not see."""
        helpers: dict[str, Any] = {
            "Path": Path,
            "Status": Status,
            "checkout": self._checkout,
            "service": self._service,
            "stop_background": self.end,
            "until": until_status,
        }
        if "client" in text:
            helpers["client"] = await self._service.client()
        names = {**self._names, **helpers}
        await self._execute(text, place, names)
        self._names.update({name: names[name] for name in names if name not in helpers})

    async def _execute(self, text: str, place: str, names: dict[str, Any]) -> None:
        code = compile(text, place, "exec", flags=ast.PyCF_ALLOW_TOP_LEVEL_AWAIT, dont_inherit=True)
        async with asyncio.timeout(_LIMIT_SECONDS):
            result = eval(code, names)  # noqa: S307 -- the text is that of our own pages
            if inspect.isawaitable(result):
                await result

    async def _run_script(self, text: str) -> None:
        output = await self._output(sys.executable, "-c", text)
        assert output, "a script of the pages prints its result"

    async def _command(self, shown: Console, script: str) -> None:
        output = self._hosts.to_names(await self._output("bash", "-euc", script))
        missing = shown.missing(output)
        assert missing is None, f"not printed: {missing!r}, but:\n{output}"

    async def _start(self, console: Console) -> None:
        """Starts a command that goes on; it is ready once it has printed its first line."""
        process = await self._process("bash", "-euc", console.script)
        self._background.append(process)
        assert process.stdout is not None
        async with asyncio.timeout(_LIMIT_SECONDS):
            line = await process.stdout.readline()
        missing = console.missing(line.decode())
        assert missing is None, f"not printed: {missing!r}, but {line!r}"

    async def _output(self, *command: str) -> str:
        process = await self._process(*command)
        async with asyncio.timeout(_LIMIT_SECONDS):
            output, _ = await process.communicate()
        assert process.returncode == 0, output.decode()
        return output.decode()

    async def _process(self, *command: str) -> asyncio.subprocess.Process:
        return await asyncio.create_subprocess_exec(
            *command,
            cwd=self._checkout,
            env={
                **self._service.environment,
                "PATH": f"{self._checkout / '.venv/bin'}:{os.environ['PATH']}",
                "PYTHONPATH": str(ROOT),
                "PYTHONUNBUFFERED": "1",
                "COLUMNS": "200",
            },
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
            start_new_session=True,
        )


def new_checkout(directory: Path) -> Path:
    """A directory that looks like a checkout; what commands write stays in it."""
    binaries = directory / ".venv" / "bin"
    binaries.mkdir(parents=True)
    for entry in ROOT.iterdir():
        if not entry.name.startswith(".") and entry.name not in {"build", "dist"}:
            (directory / entry.name).symlink_to(entry)
    _write_command(binaries / "python", f'exec "{sys.executable}" "$@"')
    _write_command(binaries / "tidings", f'exec "{sys.executable}" "{ROOT}/starter.py" "$@"')
    return directory


def _write_command(path: Path, line: str) -> None:
    path.write_text(f"#!/bin/sh\n{line}\n")
    path.chmod(0o755)


@asynccontextmanager
async def stage(directory: Path, *, with_service: bool) -> AsyncIterator[Stage]:
    """A stage for one page, with a running service if its examples need one."""
    (directory / "checkout").mkdir()
    (directory / "service").mkdir()
    service = Service(directory / "service")
    async with Hosts(service).running() as hosts:
        made = Stage(service, hosts, new_checkout(directory / "checkout"))
        try:
            if with_service:
                async with service.worker(TIDINGS_KEYRING=str(_keyring(directory))):
                    yield made
            else:
                yield made
        finally:
            await made.end()


def _keyring(directory: Path) -> Path:
    """The keyring of the worker: the key that the pages call ``orders``."""
    path = directory / "keyring.toml"
    path.write_text('orders = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"\n')
    path.chmod(0o600)
    return path


def needs_service(block: Block) -> bool:
    """True if an example speaks to Temporal."""
    if block.not_run is not None:
        return False
    if block.language == "console":
        return True
    return block.language in {"python", "setup"} and (
        "await " in block.text or "run(" in block.text
    )
