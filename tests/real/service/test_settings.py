"""Refused settings: the worker ends at once with one line for each."""

import asyncio
import os
import sys
from pathlib import Path

import pytest

from tests.support.service import ROOT

SECRET = "pa55word"
KEY = "whsec_dGlkaW5ncyB0ZXN0IGtleSBvZiAyNCBieXRlcw"


async def lines_of_refusal(directory: Path, *arguments: str, **settings: str) -> list[str]:
    """Returns the output of a worker that must end with code 1 before it asks for a server."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        ROOT / "worker.py",
        *arguments,
        env={
            "PATH": os.environ["PATH"],
            "HOME": str(directory),
            "TEMPORAL_ADDRESS": "127.0.0.1:1",
            "TIDINGS_DIRECTORY": str(directory / "data"),
            **settings,
        },
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    async with asyncio.timeout(30):
        output, _ = await process.communicate()
    assert process.returncode == 1
    assert b"no Temporal server" not in output
    return output.decode().splitlines()


async def line_of_refusal(directory: Path, **settings: str) -> str:
    lines = await lines_of_refusal(directory, **settings)
    assert len(lines) == 1, lines
    return lines[0]


async def test_an_argument_starts_no_worker(tmp_path: Path) -> None:
    (line,) = await lines_of_refusal(tmp_path, "--help")
    assert "takes no arguments" in line
    assert "TIDINGS_*" in line


@pytest.mark.parametrize(
    ("url", "rule"),
    [
        pytest.param(
            f"socks5://user:{SECRET}@proxy.test:1080", "http://HOST:PORT", id="another-scheme"
        ),
        pytest.param(f"http://user:{SECRET}@proxy.test:3128/path", "path", id="a-path"),
        pytest.param(f"http://user:{SECRET}@proxy.test:0", "port", id="port-0"),
    ],
)
async def test_a_bad_proxy_is_named_and_not_repeated(tmp_path: Path, url: str, rule: str) -> None:
    line = await line_of_refusal(tmp_path, TIDINGS_PROXY=url)
    assert line.startswith("TIDINGS_PROXY: ")
    assert rule in line
    assert SECRET not in line
    assert "user" not in line


@pytest.mark.parametrize(
    ("entry", "rule"),
    [
        pytest.param("not_a_network/8", "a CIDR network", id="not-a-network"),
        pytest.param("10.0.0.1/8", "10.0.0.0/8", id="bits-beyond-the-prefix"),
        pytest.param("10.0.0.0/8:70000", "1 to 65535", id="port-too-large"),
    ],
)
async def test_a_bad_entry_of_the_egress_rules_is_named_once(
    tmp_path: Path, entry: str, rule: str
) -> None:
    settings = f"127.0.0.1, {entry}, .example.com"
    line = await line_of_refusal(tmp_path, TIDINGS_EGRESS_ALLOW=settings)
    assert line.startswith("TIDINGS_EGRESS_ALLOW")
    assert line.count("TIDINGS_EGRESS_ALLOW") == 1
    assert line.count(entry) == 1
    assert rule in line


@pytest.mark.parametrize(
    ("setting", "value", "rule"),
    [
        ("TIDINGS_CONNECTIONS_PER_HOST", "-1", "greater than or equal to 0"),
        ("TIDINGS_CONNECTIONS_PER_HOST", "many", "integer"),
        ("TIDINGS_RETENTION", "PT1M", "1 hour"),
        ("TIDINGS_RETENTION", "soon", "timedelta"),
        ("TIDINGS_CONCURRENCY", "0", "1"),
        ("TIDINGS_PORT", "65536", "65535"),
        ("TIDINGS_LOG_LEVEL", "loud", "'INFO'"),
        ("TIDINGS_EMBEDDED", "perhaps", "boolean"),
    ],
)
async def test_a_bad_value_is_repeated_as_it_was_set(
    tmp_path: Path, setting: str, value: str, rule: str
) -> None:
    line = await line_of_refusal(tmp_path, **{setting: value})
    assert line.startswith(f"{setting} is '{value}': ")
    assert rule in line


async def test_every_bad_setting_has_a_line_of_its_own(tmp_path: Path) -> None:
    lines = await lines_of_refusal(tmp_path, TIDINGS_PORT="0", TIDINGS_PROXY=SECRET)
    assert sorted(line.split()[0].rstrip(":") for line in lines) == [
        "TIDINGS_PORT",
        "TIDINGS_PROXY",
    ]
    assert SECRET not in f"{lines}"


async def test_a_malformed_address_of_temporal_is_named(tmp_path: Path) -> None:
    line = await line_of_refusal(tmp_path, TEMPORAL_ADDRESS=":::")
    assert "the address of Temporal ':::' (TEMPORAL_ADDRESS)" in line


async def test_certificates_that_are_missing_are_named(tmp_path: Path) -> None:
    line = await line_of_refusal(tmp_path, SSL_CERT_FILE=str(tmp_path / "ca.pem"))
    assert f"SSL_CERT_FILE={tmp_path / 'ca.pem'}" in line


async def test_a_keyring_that_is_missing_is_named(tmp_path: Path) -> None:
    line = await line_of_refusal(tmp_path, TIDINGS_KEYRING=str(tmp_path / "keyring.toml"))
    assert f"TIDINGS_KEYRING ({tmp_path / 'keyring.toml'}): No such file" in line


@pytest.mark.parametrize(
    "table",
    [
        pytest.param(f'orders = "{KEY[:12]}"', id="too short"),
        pytest.param(f'orders = "{KEY}', id="not TOML"),
        pytest.param(f'"{KEY}" = "orders"', id="name and key swapped"),
        pytest.param("", id="empty"),
    ],
)
async def test_a_bad_keyring_is_named_without_its_keys(tmp_path: Path, table: str) -> None:
    file = tmp_path / "keyring.toml"
    file.write_text(table)
    file.chmod(0o600)
    line = await line_of_refusal(tmp_path, TIDINGS_KEYRING=str(file))
    assert f"TIDINGS_KEYRING ({file}): " in line
    assert "dGlkaW5n" not in line
