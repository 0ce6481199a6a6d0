"""A site beside the dashboard: one page at another origin, for as long as a test needs it."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from scripts.serving import HOST


@contextmanager
def another_site(html: Callable[[], str]) -> Iterator[str]:
    """Address of another origin with one page on it."""

    class Page(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = html().encode() if self.path == "/" else b""
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    site = ThreadingHTTPServer((HOST, 0), Page)
    thread = threading.Thread(target=site.serve_forever)
    thread.start()
    try:
        yield f"http://{HOST}:{site.server_port}"
    finally:
        site.shutdown()
        thread.join()
        site.server_close()
