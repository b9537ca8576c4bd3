#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Serves the page beside it on port 8000, and keeps what the page tells: server.py FOLDER."""

import http.server
import os
import sys
from pathlib import Path

_ADDRESS = ("127.0.0.1", 8000)
_PAGE = Path(__file__).with_name("index.html")
_KEPT = ("cameras.json", "picture.png", "refused.txt")


class Meeting(http.server.BaseHTTPRequestHandler):
    folder = Path()

    def do_GET(self) -> None:
        self._answer(200 if self.path == "/" else 404, _PAGE.read_bytes() if self.path == "/" else b"")

    def do_POST(self) -> None:
        name = self.path.removeprefix("/")
        if name not in _KEPT:
            self._answer(404, b"")
            return
        fresh = self.folder / f"{name}.new"
        fresh.write_bytes(self.rfile.read(int(self.headers["Content-Length"])))
        os.replace(fresh, self.folder / name)  # whole, whenever somebody reads it
        self._answer(200, b"")

    def _answer(self, status: int, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


if __name__ == "__main__":
    Meeting.folder = Path(sys.argv[1])
    server = http.server.ThreadingHTTPServer(_ADDRESS, Meeting)
    print("listening", flush=True)
    server.serve_forever()
