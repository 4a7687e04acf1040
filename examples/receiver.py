"""A target that verifies each notification, and handles each one once.

Usage: ``WEBHOOK_SECRET=whsec_… python examples/receiver.py [PORT]``. It needs ``standardwebhooks``.
"""

# ruff: noqa: T201 -- a program, which prints what it does

import os
import sqlite3
import sys
from http.server import BaseHTTPRequestHandler, HTTPServer

from standardwebhooks import Webhook, WebhookVerificationError


class Receiver(BaseHTTPRequestHandler):
    """Answers 200 ``success`` once a notification has been handled, now or before."""

    webhook: Webhook
    database: sqlite3.Connection

    def do_POST(self) -> None:
        """Verifies first, then handles; answers last, so that no crash loses a notification."""
        body = self.rfile.read(int(self.headers.get("content-length", 0)))
        headers = {name.lower(): value for name, value in self.headers.items()}
        try:
            self.webhook.verify(body, headers, json_parse=False)
        except WebhookVerificationError as error:
            self.answer(401, f"not verified: {error}")
            return
        with self.database:  # one transaction: the work and the note that it is done
            new = self.database.execute(
                "INSERT OR IGNORE INTO handled (id) VALUES (?)", [headers["webhook-id"]]
            ).rowcount
            if new:
                handle(self.database, body)
        self.answer(200, "success")

    def answer(self, status: int, text: str) -> None:
        """Sends a short answer."""
        self.send_response(status)
        self.send_header("content-length", str(len(text.encode())))
        self.end_headers()
        self.wfile.write(text.encode())


def handle(database: sqlite3.Connection, body: bytes) -> None:
    """The work of the receiving system, in the transaction of ``database``."""
    database.execute("INSERT INTO paid (document) VALUES (?)", [body.decode()])
    print(f"handled {body.decode()}", flush=True)


def main(port: str = "9999") -> None:
    """Answers until Ctrl-C."""
    Receiver.webhook = Webhook(os.environ["WEBHOOK_SECRET"])
    Receiver.database = sqlite3.connect("receiver.db")
    Receiver.database.execute("CREATE TABLE IF NOT EXISTS handled (id TEXT PRIMARY KEY)")
    Receiver.database.execute("CREATE TABLE IF NOT EXISTS paid (document TEXT)")
    with HTTPServer(("127.0.0.1", int(port)), Receiver) as server:
        print(f"http://127.0.0.1:{port} verifies and answers; Ctrl-C ends it", flush=True)
        server.serve_forever()


if __name__ == "__main__":
    try:
        main(*sys.argv[1:])
    except KeyboardInterrupt:
        sys.exit(130)
