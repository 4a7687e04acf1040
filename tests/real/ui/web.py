"""Temporal's Web UI as a person uses it: by what is written on it."""

from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from urllib.parse import urlencode

from PIL import Image
from playwright.async_api import FloatRect, Locator, Page, expect

from tidings.contract import workflow_id

WIDTH = 1400
HEIGHT = 1600


@dataclass
class WebUI:
    """One page of a browser, on the Web UI of a service."""

    page: Page
    url: str

    async def list(self, query: str) -> Locator:
        """The table of what a query finds."""
        await self.page.goto(
            f"{self.url}/namespaces/default/workflows?{urlencode({'query': query})}"
        )
        table = self.page.get_by_role("table", name="Workflows")
        await expect(table).to_be_visible()
        return table

    async def configure_columns(self, *, add: tuple[str, ...], remove: tuple[str, ...]) -> None:
        """What the list shows; the browser remembers it."""
        await self.page.get_by_role("button", name="Configure Columns").click()
        for action, names in (("Add", add), ("Remove", remove)):
            for name in names:
                button = self.page.get_by_role("button", name=f"{action} {name} column", exact=True)
                await button.click()
        await self.page.get_by_role("button", name="Close Workflows Table configuration").click()

    async def open(self, notification_id: str) -> None:
        """The page of a notification, by its address."""
        name = workflow_id(notification_id)
        await self.page.goto(f"{self.url}/namespaces/default/workflows?query=WorkflowId='{name}'")
        await self.follow(notification_id)

    async def follow(self, notification_id: str) -> None:
        """The page of a notification, from the list that is shown."""
        await self.page.get_by_role("link", name=workflow_id(notification_id), exact=True).click()
        await self.page.get_by_role("tab", name="User Metadata").click()
        await expect(self.current_details.get_by_role("paragraph").first).to_be_visible()

    async def refresh(self) -> None:
        """What is shown of a notification does not follow it by itself."""
        await self.page.reload()

    @property
    def summary(self) -> Locator:
        return self._shown(0)

    @property
    def details(self) -> Locator:
        return self._shown(1)

    @property
    def current_details(self) -> Locator:
        """What we call the page of a notification."""
        return self._shown(2)

    @property
    def status(self) -> Locator:
        """What that page begins with."""
        return self.current_details.get_by_role("strong").first

    def _shown(self, number: int) -> Locator:
        """Each piece of Markdown is a document of its own, in the order of the headings."""
        return self.page.frame_locator("iframe").nth(number).get_by_role("main")

    async def open_form(self, signal: str) -> Locator:
        """The form *Send a Signal*, with the signal chosen."""
        await self.page.get_by_role("button", name="More Actions").click()
        await self.page.get_by_role("menuitem", name="Send a Signal").click()
        form = self.page.get_by_role("dialog", name="Send a Signal")
        await form.get_by_role("button", name="Select a signal").click()
        await form.get_by_role("option", name=signal, exact=True).click()
        return form

    async def submit(self, form: Locator) -> None:
        """By the keyboard: the form sets the JSON anew and grows, away from under a mouse."""
        await form.get_by_role("button", name="Submit").press("Enter")

    async def signal(self, signal: str, data: str | None = None) -> None:
        """Sends a signal from the form, with what is typed into *Data*, if anything."""
        form = await self.open_form(signal)
        if data is not None:
            await form.get_by_role("textbox", name="Data").fill(data)
        await self.submit(form)
        await expect(self.page.get_by_text("Workflow signaled.").first).to_be_visible()

    async def fold_navigation(self) -> None:
        """Leaves the width to what the page is about; the browser remembers it."""
        await self.page.get_by_role("button", name="Collapse Navigation").click()
        await expect(self.page.get_by_role("button", name="Expand Navigation")).to_be_visible()

    async def screenshot(self, path: Path, *, height: float) -> None:
        """A picture from the top down to ``height``, in few colours, for repositories keep it."""
        clip: FloatRect = {"x": 0, "y": 0, "width": WIDTH, "height": height}
        taken = await self.page.screenshot(clip=clip, animations="disabled")
        Image.open(BytesIO(taken)).quantize(64).save(path, optimize=True)
