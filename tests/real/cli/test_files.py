"""Files of notifications that are not what they should be, or are not sent to their end."""

import asyncio
import json
import re
import signal
import sys
from pathlib import Path

from tests.support.service import ROOT, Receiver, Service
from tidings import NotificationClient


async def test_an_array_and_a_broken_document_are_refused_before_anything_is_sent(
    service: Service, client: NotificationClient, receiver: Receiver, new_id: str
) -> None:
    many = [{"id": f"{new_id}/{n}", "type": new_id, "target": f"{receiver.url}/ok"} for n in (1, 2)]
    array = ",\n".join(map(json.dumps, many))
    broken = json.dumps(many[0], indent=2).replace(":", "", 1)
    for text, problem in ((f"[\n{array}\n]", "is a JSON array"), (broken, "line 2 column 8")):
        code, out, err = await service.starter("send", "--file", "-", stdin=text.encode())
        assert (code, out, err.count("\n")) == (2, "", 1)
        assert problem in err
    assert await client.count(type=new_id) == 0


async def test_ctrl_c_tells_how_many_were_accepted(
    service: Service, client: NotificationClient, receiver: Receiver, new_id: str, tmp_path: Path
) -> None:
    """So many that none of this takes long enough to send them all."""
    file = tmp_path / "many.jsonl"
    one = {"type": new_id, "target": f"{receiver.url}/ok"}
    file.write_text("\n".join(json.dumps({"id": f"{new_id}/{n}", **one}) for n in range(20_000)))
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, str(ROOT / "starter.py"), "send", "--file", str(file)),
        env=service.environment,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    await receiver.wait_for(f"{new_id}/0")
    process.send_signal(signal.SIGINT)
    async with asyncio.timeout(30):
        out, err = await process.communicate()
    assert (process.returncode, out) == (130, b"")
    told = re.match(r"stopped; at least ([0-9,]+) of 20,000 are accepted: ", err.decode())
    assert told is not None, err
    async with asyncio.timeout(30):
        while await client.count(type=new_id) < int(told[1].replace(",", "")):
            await asyncio.sleep(0.02)
