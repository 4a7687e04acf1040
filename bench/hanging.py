"""``python -m bench.hanging COUNT``: so many targets that take every request and never answer.

It prints their URLs in one line, then runs until SIGTERM.
"""

import asyncio
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

from bench.target import HOST
from demo.child import Child


@asynccontextmanager
async def hanging(count: int, directory: Path) -> AsyncIterator[list[str]]:
    """Runs the targets in a process of its own; the value is their URLs, without a path."""
    pipe = asyncio.subprocess.PIPE
    arguments = ["-m", "bench.hanging", str(count)]
    child = await Child.start("hanging", arguments, directory=directory, stdout=pipe)
    try:
        assert child.process.stdout is not None
        yield (await child.process.stdout.readline()).decode().split()
    finally:
        await child.stop()


async def _swallow(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while await reader.read(65_536):
        pass
    writer.close()


async def _main(count: int) -> None:
    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    async with AsyncExitStack() as servers:
        urls = []
        for _ in range(count):
            server = await asyncio.start_server(_swallow, HOST, 0, backlog=1024)
            servers.push_async_callback(server.wait_closed)
            servers.callback(server.close)
            urls.append(f"http://{HOST}:{server.sockets[0].getsockname()[1]}")
        print(*urls, flush=True)
        await stop.wait()


if __name__ == "__main__":
    asyncio.run(_main(int(sys.argv[1])))
