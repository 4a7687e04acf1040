"""The list of everything that is not delivered, by the link that ``tidings summary`` prints."""

import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from playwright.async_api import Locator, expect

from tests.docs.markdown import links
from tests.real.ui.stuck import get_stuck
from tests.real.ui.web import HEIGHT, WebUI
from tests.support import terminal
from tests.support.receiver import Receiver
from tests.support.sent import start_malformed
from tests.support.service import Service, free_ports
from tests.support.states import until_status
from tests.support.until import until
from tidings import (
    Acknowledgement,
    FixedInterval,
    Notification,
    NotificationClient,
    Status,
    contract,
)

LIST_WIDTH, LIST_HEIGHT = 1600, 640
COLUMNS = ("NotificationStatus", "NotificationType", "NotificationTarget", "NotificationCause")
OPEN = (Status.SCHEDULED, Status.DELIVERING, Status.AWAITING_INTERVENTION)
PAGE, DEFAULT = "docs/how-to/resolve.md", "http://127.0.0.1:8233"
STUCK = "awaiting_intervention"


@pytest.fixture(scope="module")
async def service(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Service]:
    """A service of its own: the link shows everything, and other tests leave much."""
    service = Service(tmp_path_factory.mktemp("list"))
    async with service.worker():
        yield service


@pytest.fixture(scope="module")
async def client(service: Service) -> NotificationClient:
    return await service.client()


@pytest.fixture(scope="module")
async def rows(client: NotificationClient, target: Receiver) -> list[tuple[str, ...]]:
    """Notifications of all kinds; the result is what the columns of the undelivered ones show."""
    down, up = f"127.0.0.1:{free_ports(1)[0]}", target.url.removeprefix("http://")
    says_ok = Acknowledgement(json_equals={"/code": "OK"})
    order, paid, points = "order.expired", "payment.succeeded", "points.earned"
    await client.send(Notification(id="payment-1001", type=paid, target=f"{target.url}/ok"))
    await client.send(
        Notification(
            id="payment-1005",
            type=paid,
            target=f"{target.url}/503",
            retry=FixedInterval(interval=3600, maximum_attempts=3),
        )
    )
    tomorrow = datetime.now(UTC) + timedelta(days=1)
    await client.send(
        Notification(id="order-1004", type=order, target=f"{target.url}/ok", not_before=tomorrow)
    )
    await start_malformed(client, "points-8", points)
    await get_stuck(client, f"http://{down}/", "order-1003", type=order)
    await get_stuck(
        client, f"{target.url}/says/FAIL", "points-7", type=points, acknowledgement=says_ok
    )
    await get_stuck(client, f"{target.url}/404", "order-1002", type=order)
    await get_stuck(client, f"{target.url}/down", "payment-1002")
    await until_status(client, "payment-1001", Status.DELIVERED)

    async def are_listed() -> bool:
        return (
            await client.count(status=OPEN) == 6 and await client.count(status=Status.REJECTED) == 1
        )

    await until(are_listed, within=10)
    return [
        ("payment-1002", STUCK, paid, up, "answered:503"),
        ("order-1002", STUCK, order, up, "refused:404"),
        ("points-7", STUCK, points, up, "body:/code=FAIL"),
        ("order-1003", STUCK, order, down, "connection_refused"),
        ("order-1004", "scheduled", order, up, ""),
        ("payment-1005", "delivering", paid, up, ""),
        ("points-8", "rejected", "", "", ""),
    ]


async def expect_rows(table: Locator, rows: list[tuple[str, ...]]) -> None:
    """Expects these rows and no others; each shows the four columns behind its id, in order."""
    with_ids = table.get_by_role("row").filter(has_text=contract.WORKFLOW_ID_PREFIX)
    await expect(with_ids).to_have_count(len(rows))
    for notification_id, *cells in rows:
        name = contract.workflow_id(notification_id)
        link = table.page.get_by_role("link", name=name, exact=True)
        row = table.get_by_role("row").filter(has=link)
        await expect(row.get_by_role("cell")).to_contain_text([*cells])
        shown = await row.get_by_role("cell").all_inner_texts()
        assert [text.strip() for text in shown[-len(COLUMNS) :]] == cells


async def test_summary_in_a_terminal_has_the_same_notifications(
    ui: WebUI, service: Service, rows: list[tuple[str, ...]], screenshots: Path
) -> None:
    """Its picture stands in the documentation."""
    code, out, err = await service.starter("summary", "--web-ui", DEFAULT, FORCE_COLOR="1")
    assert code == 0, err
    await ui.page.set_content(terminal.page("tidings summary", out))
    shown = ui.page.locator("#terminal")
    await expect(shown).to_contain_text(f"{len(rows)} notifications")
    table = [each.strip() for each in (await shown.inner_text()).splitlines()]
    for _, status, _, authority, cause in rows:
        (line,) = (each for each in table if each.startswith(status) and cause in each)
        assert authority in line
    box = await shown.bounding_box()
    assert box is not None
    await ui.page.set_viewport_size({"width": int(box["width"]) + 1, "height": HEIGHT})
    await ui.screenshot(screenshots / "summary.png", width=box["width"], height=box["height"])


async def test_the_links_of_summary_and_docs_show_rows_that_differ(
    ui: WebUI, service: Service, rows: list[tuple[str, ...]], screenshots: Path
) -> None:
    """A person sets the four columns once; every link and filter then shows them."""
    code, out, err = await service.starter("summary", "--web-ui", ui.url, "--json")
    assert code == 0, err
    table = await ui.open_list(json.loads(out)["web_ui"])
    await ui.configure_columns(add=COLUMNS, remove=("Status", "Run ID", "Type", "End"))
    await ui.fold_navigation()
    await expect_rows(table, rows)
    await ui.page.set_viewport_size({"width": LIST_WIDTH, "height": LIST_HEIGHT})
    await ui.screenshot(screenshots / "list.png", width=LIST_WIDTH, height=LIST_HEIGHT)

    (documented,) = (it for it in links(PAGE) if f"{DEFAULT}/namespaces/" in it)
    stuck = [row for row in rows if row[1] == STUCK]
    await expect_rows(await ui.open_list(documented.replace(DEFAULT, ui.url)), stuck)
    by_id = {notification_id: (notification_id, *cells) for notification_id, *cells in rows}
    for query, found in {
        "NotificationCause = 'connection_refused'": ["order-1003"],
        "NotificationCause STARTS_WITH 'answered:'": ["payment-1002"],
        "NotificationStatus = 'delivering'": ["payment-1005"],
        "NotificationStatus = 'rejected'": ["points-8"],
    }.items():
        await expect_rows(await ui.list(query), [by_id[each] for each in found])
