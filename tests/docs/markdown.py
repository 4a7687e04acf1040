"""The pages of the documentation: their fenced blocks, headings and links."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Final

from markdown_it import MarkdownIt
from markdown_it.token import Token

ROOT: Final = Path(__file__).parents[2]
PAGES: Final = tuple(
    sorted(
        path.relative_to(ROOT).as_posix()
        for path in [
            *(ROOT / name for name in ("README.md", "README.zh-CN.md", "CONTRIBUTING.md")),
            *(ROOT / "docs").rglob("*.md"),
        ]
    )
)
"""Every page that a reader opens, by its path in the checkout."""

_MARKDOWN: Final = MarkdownIt().enable("table")
_COMMENT: Final = re.compile(
    r"<!--\s*(?P<kind>not run|setup|background|file)\b:?\s*(?P<text>.*?)\s*-->\s*\Z", re.DOTALL
)


@dataclass(frozen=True, kw_only=True)
class Block:
    """One fenced block, or the code of a comment that prepares the next one."""

    page: str
    line: int
    """Counted from 1."""
    language: str
    """``setup`` for the code of a comment."""
    text: str
    not_run: str | None = None
    """Why the test cannot run it; ``None`` if it does."""
    background: bool = False
    """True if it runs until the end of its page."""
    file: str | None = None
    """The file that a reader writes it to."""

    @property
    def place(self) -> str:
        """Page and line."""
        return f"{self.page}:{self.line}"


def blocks(page: str) -> Iterator[Block]:
    """The fenced blocks of a page, and the comments that prepare one, in their order."""
    comments: dict[str, str] = {}
    for token in _tokens(page):
        line = token.map[0] + 1 if token.map else 0
        if token.type == "html_block" and (match := _COMMENT.match(token.content)):
            if match["kind"] == "setup":
                yield Block(page=page, line=line, language="setup", text=match["text"])
            else:
                comments[match["kind"]] = match["text"]
        elif token.type == "fence":
            yield Block(
                page=page,
                line=line,
                language=token.info.strip(),
                text=token.content,
                not_run=comments.get("not run"),
                background="background" in comments,
                file=comments.get("file"),
            )
            comments.clear()


def anchors(page: Path) -> set[str]:
    """The anchors of a page's headings, as GitHub and MyST make them."""
    tokens = _MARKDOWN.parse(page.read_text(encoding="utf-8"))
    found: set[str] = set()
    for token, following in pairwise(tokens):
        if token.type == "heading_open":
            found.add(_slug(following))
    return found


def links(page: str) -> Iterator[str]:
    """The addresses of a page's links and images."""
    for token in _tokens(page):
        for child in token.children or ():
            address = child.attrGet("href") or child.attrGet("src")
            if address is not None:
                yield str(address)
        if token.type in {"html_block", "html_inline"}:
            yield from re.findall(r'(?:src|href|srcset)="([^"]+)"', token.content)


def _slug(heading: Token) -> str:
    text = "".join(child.content for child in heading.children or ())
    return re.sub(r"[^\w\- ]", "", text.strip().lower()).replace(" ", "-")


def _tokens(page: str) -> list[Token]:
    return _MARKDOWN.parse((ROOT / page).read_text(encoding="utf-8"))
