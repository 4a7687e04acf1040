"""A service, a target and a browser, all on loopback."""

import os
import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from aiohttp import web
from playwright.async_api import Browser, Route, async_playwright, expect

from tests.real.ui.web import HEIGHT, WIDTH, WebUI
from tests.support.receiver import Receiver
from tests.support.service import ROOT, Service
from tidings import NotificationClient

TIMEOUT = 20_000
"""Longest time until something appears on a page, in milliseconds."""

HOSTILE = (
    "<script>alert(1)</script> <img src=http://evil.example/a.png onerror=alert(2)> | **bold** | "
    "`code` [link](http://evil.example/b) http://evil.example/c ![x](http://evil.example/d.png)"
)


class Target(Receiver):
    """Answers ``/down`` and ``/hostile`` with 503 and a text, which for the latter is markup."""

    async def answer(self, request: web.Request) -> web.Response:
        answer = await super().answer(request)
        texts = {"/down": "closed for maintenance until 10:00", "/hostile": HOSTILE}
        text = texts.get(request.path)
        return answer if text is None else web.Response(status=503, text=text)


@pytest.fixture(scope="session")
async def service(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Service]:
    service = Service(tmp_path_factory.mktemp("service"))
    async with service.worker():
        yield service


@pytest.fixture(scope="session")
async def client(service: Service) -> NotificationClient:
    return await service.client()


@pytest.fixture(scope="session")
async def target() -> AsyncIterator[Receiver]:
    async with Target().running() as target:
        yield target


@pytest.fixture(scope="session")
async def browser() -> AsyncIterator[Browser]:
    """Debian's Chromium, without the requests that it makes by itself."""
    chromium = shutil.which("chromium")
    assert chromium is not None, "Chromium is not installed; `make test-ui` installs it"
    expect.set_options(timeout=TIMEOUT)
    arguments = [
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-gpu",
        "--disable-lcd-text",
        "--disable-quic",
        "--disable-sync",
        "--no-first-run",
    ]
    if os.geteuid() == 0:
        arguments.append("--no-sandbox")  # root cannot use the sandbox
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=chromium, args=arguments)
        yield browser
        await browser.close()


@pytest.fixture
async def ui(browser: Browser, service: Service) -> AsyncIterator[WebUI]:
    """The Web UI in a new browser profile; it must not ask any other host for anything."""
    url = f"http://127.0.0.1:{service.ports[1]}"
    elsewhere = list[str]()

    async def abort(route: Route) -> None:
        elsewhere.append(route.request.url)
        await route.abort()

    context = await browser.new_context(
        viewport={"width": WIDTH, "height": HEIGHT}, locale="en-US", timezone_id="UTC"
    )
    context.set_default_timeout(TIMEOUT)
    await context.route(lambda address: not address.startswith(f"{url}/"), abort)
    yield WebUI(await context.new_page(), url)
    await context.close()
    assert elsewhere == []


@pytest.fixture
def screenshots(tmp_path: Path) -> Path:
    """The directory for pictures: the one of the documentation only on request."""
    directory = os.environ.get("TIDINGS_SCREENSHOTS")
    return ROOT / directory if directory else tmp_path
