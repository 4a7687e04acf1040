"""A target to play with: answers 200 ``success`` at one path, and 404 at every other.

Usage: ``python examples/target.py [PORT [PATH]]``
"""

# ruff: noqa: T201 -- a program, which prints what it does

import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class Target(BaseHTTPRequestHandler):
    """Answers one request, and prints what it was."""

    known_path = "/orders"

    def do_POST(self) -> None:
        """Answers a notification."""
        body = self.rfile.read(int(self.headers.get("content-length", 0)))
        is_known = self.path == self.known_path
        status, answer = (200, b"success") if is_known else (404, b"no such page")
        self.send_response(status)
        self.send_header("content-length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)
        print(f"{status} {self.path} {self.headers['webhook-id']} {body.decode()}", flush=True)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 -- its base's name
        """Prints nothing: ``do_POST`` does."""


def main(port: str = "9999", path: str = "/orders") -> None:
    """Answers until Ctrl-C."""
    Target.known_path = path
    with ThreadingHTTPServer(("127.0.0.1", int(port)), Target) as server:
        print(f"http://127.0.0.1:{port}{path} answers; Ctrl-C ends it", flush=True)
        server.serve_forever()


if __name__ == "__main__":
    try:
        main(*sys.argv[1:])
    except KeyboardInterrupt:
        sys.exit(130)
