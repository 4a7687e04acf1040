"""A target to play with: answers 200 ``success`` at one path, and 404 at every other.

Usage: ``python examples/target.py [PORT [PATH]]``
"""  # noqa: INP001 -- a program, no package

import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class Target(BaseHTTPRequestHandler):
    """Answers one request, and prints what it was."""

    known_path = "/orders"

    def do_POST(self) -> None:
        """Answers a notification."""
        body = self.rfile.read(int(self.headers.get("content-length", 0)))
        is_known = self.path == self.known_path
        answer = b"success" if is_known else b"no such page"
        self.send_response(200 if is_known else 404)
        self.send_header("content-length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)
        status = 200 if is_known else 404
        print(f"{status} {self.path} {self.headers['webhook-id']} {body.decode()}", flush=True)

    def log_message(self, format: str, *args: object) -> None:
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
