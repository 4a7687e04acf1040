"""PostgreSQL and Redis from the system's packages, each for the length of a block, on loopback."""

import asyncio
import os
import pwd
import shutil
import signal
import socket
import subprocess
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Final

from bench.target import HOST

_USER: Final = "postgres"
"""PostgreSQL refuses to run as root."""
_READY_WITHIN: Final = 30.0
_POLL_SECONDS: Final = 0.05


@asynccontextmanager
async def postgresql(directory: Path) -> AsyncIterator[str]:
    """A new PostgreSQL with its usual durability; the value is the URL of its database."""
    data, port = directory / "postgresql", _free_port()
    binaries = await asyncio.to_thread(_initialize, data)
    command = [
        str(binaries / "postgres"), "-D", str(data), "-p", str(port),
        "-c", f"listen_addresses={HOST}", "-c", f"unix_socket_directories={data}",
    ]  # fmt: skip
    async with _running(command, port, directory / "postgresql.log", _user()):
        yield f"postgresql+psycopg://{_USER}@{HOST}:{port}/postgres"


@asynccontextmanager
async def redis(directory: Path) -> AsyncIterator[str]:
    """A new Redis that appends each write to a file, synced each second; the value is its URL."""
    binary, port = shutil.which("redis-server"), _free_port()
    if binary is None:
        raise RuntimeError("redis-server is not there: apt-get install redis-server")
    command = [
        binary, "--port", str(port), "--bind", HOST, "--dir", str(directory), "--save", "",
        "--appendonly", "yes", "--appendfsync", "everysec",
    ]  # fmt: skip
    async with _running(command, port, directory / "redis.log", None):
        yield f"redis://{HOST}:{port}/0"


@asynccontextmanager
async def _running(
    command: Sequence[str], port: int, log: Path, user: str | None
) -> AsyncIterator[None]:
    with log.open("wb") as output:
        process = await asyncio.create_subprocess_exec(
            *command, stdout=output, stderr=output, user=user, cwd="/"
        )
    try:
        async with asyncio.timeout(_READY_WITHIN):
            while not _listens(port):
                if process.returncode is not None:
                    raise RuntimeError(f"{command[0]} ended with {process.returncode}; see {log}")
                await asyncio.sleep(_POLL_SECONDS)
        yield
    finally:
        if process.returncode is None:
            process.send_signal(signal.SIGINT)
        await process.wait()


def _initialize(data: Path) -> Path:
    """Makes the files of a new PostgreSQL; returns the directory of its programs."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin"))
    if not found:
        raise RuntimeError("PostgreSQL is not there: apt-get install postgresql")
    user = _user()
    data.mkdir()
    if user is not None:
        data.parent.chmod(0o755)
        shutil.chown(data, user)
    subprocess.run(  # noqa: S603 -- the command is this module's own
        [found[-1] / "initdb", "-D", data, "-U", _USER, "--auth=trust"],
        check=True,
        user=user,
        cwd="/",
        stdout=subprocess.DEVNULL,
    )
    return found[-1]


def _user() -> str | None:
    """The user to run as; ``None`` if this is not root."""
    return pwd.getpwnam(_USER).pw_name if os.geteuid() == 0 else None


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex((HOST, port)) == 0


def _free_port() -> int:
    with socket.create_server((HOST, 0)) as listener:
        port: int = listener.getsockname()[1]
    return port
