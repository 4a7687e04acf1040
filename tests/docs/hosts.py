"""Targets on loopback in place of the hosts that the examples name."""

import re
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Final

from aiohttp import web

from tests.docs.markdown import PAGES, ROOT
from tests.support.service import Service, free_ports

_HOST: Final = re.compile(r"(?<![\w.-])(?:[a-z0-9-]+\.)+example\.com\b")
_LISTENERS: Final = (7233, 8233, 7243, 9999)
"""The ports of the pages: Temporal, its Web UI, its HTTP API, and the target of the tutorial."""


@dataclass
class Hosts:
    """A port of loopback for each host, and for each port that the pages name."""

    service: Service
    ports: dict[str, int] = field(default_factory=dict)
    tutorial: int = field(default_factory=lambda: free_ports(1)[0])

    @asynccontextmanager
    async def running(self) -> AsyncIterator["Hosts"]:
        """Answers for every host of the pages: 404 at ``/old``, otherwise 200 ``success``."""
        application = web.Application()
        application.router.add_route("*", "/{path:.*}", _answer)
        runner = web.AppRunner(application, access_log=None, shutdown_timeout=1)
        await runner.setup()
        try:
            for host in sorted(_all_hosts()):
                site = web.TCPSite(runner, "127.0.0.1", 0)
                await site.start()
                self.ports[host] = runner.addresses[-1][1]
            yield self
        finally:
            await runner.cleanup()

    def to_loopback(self, text: str) -> str:
        """``text`` with addresses of loopback in place of those that the pages name."""
        for host, port in self.ports.items():
            name = re.escape(host)
            text = re.sub(rf"https?://{name}(?![\w.-])", f"http://127.0.0.1:{port}", text)
            text = re.sub(rf"(?<![\w.-]){name}(?::443)?(?![\w.-])", f"127.0.0.1:{port}", text)
        for named, port in self._listeners.items():
            text = re.sub(rf"\b{named}\b", str(port), text)
        return text

    def to_names(self, text: str) -> str:
        """``text`` of a command with the addresses that the pages name."""
        for host, port in self.ports.items():
            text = text.replace(f"http://127.0.0.1:{port}", f"https://{host}")
            text = text.replace(f"127.0.0.1:{port}", f"{host}:443")
        for named, port in self._listeners.items():
            text = re.sub(rf"\b{port}\b", str(named), text)
        return text

    @property
    def _listeners(self) -> Mapping[int, int]:
        return dict(zip(_LISTENERS, [*self.service.ports, self.tutorial], strict=True))


def _all_hosts() -> set[str]:
    return {
        host for page in PAGES for host in _HOST.findall((ROOT / page).read_text(encoding="utf-8"))
    }


async def _answer(request: web.Request) -> web.Response:
    is_old = request.path.startswith("/old")
    return web.Response(status=404 if is_old else 200, text="no such page" if is_old else "success")
