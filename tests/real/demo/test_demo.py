"""``python -m demo``, as a newcomer runs it first."""

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.support.service import ROOT, free_ports, is_listening

PORT_SETTINGS = ("TIDINGS_PORT", "TIDINGS_UI_PORT", "TIDINGS_HTTP_PORT")
TIMEOUT = 120


@dataclass(frozen=True)
class Stage:
    """The ports and the directory of one run of the demo."""

    ports: dict[str, int]
    directory: Path

    def start(self, *arguments: str) -> "subprocess.Popen[str]":
        """Starts the demo."""
        settings = {name: str(port) for name, port in self.ports.items()}
        return subprocess.Popen(
            [sys.executable, "-m", "demo", *arguments],
            cwd=ROOT,
            env={**os.environ, **settings, "TMPDIR": str(self.directory)},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def check_nothing_is_left(self) -> None:
        """Checks that no directory is left, and that nobody listens any more."""
        assert list(self.directory.iterdir()) == []
        assert not [port for port in self.ports.values() if is_listening(port)]


@pytest.fixture
def stage(tmp_path: Path) -> Stage:
    ports = dict(zip(PORT_SETTINGS, free_ports(len(PORT_SETTINGS)), strict=True))
    return Stage(ports, tmp_path)


def test_all_sides_agree(stage: Stage) -> None:
    """The demo ends by itself with a summary, and leaves nothing behind."""
    demo = stage.start()
    output, errors = demo.communicate(timeout=TIMEOUT)
    assert (demo.returncode, errors) == (0, "")
    assert "All 6 agree." in output
    stage.check_nothing_is_left()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM], ids=["SIGINT", "SIGTERM"])
def test_a_signal_ends_everything(stage: Stage, number: signal.Signals) -> None:
    """The exit code contains the number of the signal; nothing is left behind."""
    demo = stage.start()
    assert demo.stdout is not None
    _read_until(demo.stdout, "hands over")
    demo.send_signal(number)
    _, errors = demo.communicate(timeout=TIMEOUT)
    assert (demo.returncode, errors) == (128 + number, "")
    stage.check_nothing_is_left()


def test_a_taken_port_is_named(stage: Stage) -> None:
    """The demo ends at once, without a traceback."""
    taken = stage.ports["TIDINGS_UI_PORT"]
    with socket.create_server(("127.0.0.1", taken)):
        demo = stage.start()
        _, errors = demo.communicate(timeout=TIMEOUT)
    assert demo.returncode == 1
    assert f"port {taken} on 127.0.0.1" in errors
    assert "Traceback" not in errors
    stage.check_nothing_is_left()


def test_a_kept_demo_waits_for_a_person(stage: Stage) -> None:
    """With --keep it runs on after the summary, until a signal stops it."""
    demo = stage.start("--keep")
    assert demo.stdout is not None
    _read_until(demo.stdout, "All 6 agree.")
    _read_until(demo.stdout, "payment-1003 is stuck")
    _read_until(demo.stdout, "keeps running until Ctrl-C")
    demo.send_signal(signal.SIGINT)
    output, errors = demo.communicate(timeout=TIMEOUT)
    assert (demo.returncode, errors) == (130, "")
    (directory,) = stage.directory.iterdir()
    assert str(directory) in output


def _read_until(output: Iterator[str], text: str) -> None:
    for line in output:
        if text in line:
            return
    pytest.fail(f"the demo ended before it printed {text!r}")
