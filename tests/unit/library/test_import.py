"""The modules that a process loads to describe notifications."""

import json
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[3]
CODE = (
    "import json, sys; "
    "from tidings import Notification; "
    "Notification(id='a', type='b', target='https://orders.example.com/'); "
    "print(json.dumps(sorted(sys.modules)))"
)


def test_a_notification_loads_no_module_of_temporal() -> None:
    """A web process that describes notifications does not pay for the SDK's native library."""
    result = subprocess.run(
        [sys.executable, "-c", CODE], cwd=ROOT, capture_output=True, text=True, check=True
    )
    loaded = json.loads(result.stdout)
    assert "tidings.notification" in loaded
    unwanted = ("temporal", "google.protobuf", "typer", "rich")
    assert [name for name in loaded if any(part in name for part in unwanted)] == []
