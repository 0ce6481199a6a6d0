"""The dashboard served for a while, and a page of it waited for: what the browser tests and the screenshots share."""

from __future__ import annotations

import random
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from playwright.sync_api import BrowserContext, Page

ROOT = Path(__file__).resolve().parent.parent
HOST = "127.0.0.1"

ARGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-default-apps",
    "--disable-sync",
    "--no-first-run",
    "--metrics-recording-only",
    f"--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE {HOST}",  # no other machine can be reached at all
]

QUIET_MS = 350  # longer than a key press takes to reach the server and start a run

PATIENCE_MS = 5_000  # a message that the server answers with nothing holds nobody up for longer

LISTEN = f"""() => {{
    const talk = window.crossoverTalk = {{ said: 0, heard: 0 }}, Native = window.WebSocket;
    talk.waits = () => talk.said > talk.heard && performance.now() - talk.said < {PATIENCE_MS};
    window.WebSocket = class extends Native {{
        constructor(...address) {{
            super(...address);
            this.addEventListener("message", () => {{ talk.heard = performance.now(); }});
        }}
        send(message) {{
            talk.said = performance.now();
            super.send(message);
        }}
    }};
}}"""
"""Notes when the page last said something to the server, and when it last heard from it."""

QUIET = """quiet => {
    const app = document.querySelector('[data-testid="stApp"]');
    const done = ["notRunning", "compilationError"].includes(app?.dataset.testScriptState)
        && app.dataset.testConnectionState === "CONNECTED"
        && !window.crossoverTalk?.waits()
        && (location.search.startsWith("?s=") || document.querySelector(".st-key-too_large"))
        && !document.querySelector('[data-testid="stStatusWidget"], [data-testid="stAppSkeleton"]')
        && !document.querySelector('[data-testid="stSkeleton"], [data-stale="true"]');
    if (!done || window.crossoverQuietSince === undefined) window.crossoverQuietSince = performance.now();
    return done && performance.now() - window.crossoverQuietSince >= quiet;
}"""


class ServerProblem(RuntimeError):
    """The server has gone or takes too long; says what it wrote."""


class Server:
    """The dashboard on one free port, which can be killed and started again; what it writes goes into `log`."""

    def __init__(self, log: Path) -> None:
        self.log, self._port = log, _free_port()
        self.url = f"http://{HOST}:{self._port}"
        self._process: subprocess.Popen[bytes] | None = None

    def start(self, seconds: float = 60) -> None:
        """Start it and wait until it is healthy. ServerProblem when it stops or takes longer."""
        command = [sys.executable, "-m", "streamlit", "run", "server.py", "--server.port", str(self._port)]
        command += ["--server.headless", "true", "--server.fileWatcherType", "none"]
        with self.log.open("ab") as file:
            self._process = subprocess.Popen(
                command, cwd=ROOT, stdin=subprocess.DEVNULL, stdout=file, stderr=subprocess.STDOUT
            )
        _wait_until_healthy(self.url, self._process, self.log, seconds)

    def kill(self) -> None:
        """End it at once, whatever it is doing."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()

    def stop(self) -> None:
        """End it."""
        if self._process is not None:
            _stop(self._process)


@contextmanager
def served(log: Path, seconds: float = 60) -> Iterator[str]:
    """Address of the dashboard on a free port, while the block runs; what the server writes goes into `log`."""
    log.write_bytes(b"")
    server = Server(log)
    try:
        server.start(seconds)
        yield server.url
    finally:
        server.stop()


def listening(context: BrowserContext) -> BrowserContext:
    """Have every page of a window also wait for the answer to what it last said, however late the server begins."""
    context.add_init_script(f"({LISTEN})()")
    return context


def settled(page: Page, timeout_ms: float = 30_000) -> Page:
    """Wait until the app is connected, script and address are done, and nothing more seems to be on its way."""
    page.evaluate("() => { delete window.crossoverQuietSince }")
    page.wait_for_function(QUIET, arg=QUIET_MS, timeout=timeout_ms)
    return page


def written(log: Path) -> str:
    """What the server wrote."""
    return log.read_text(encoding="utf-8", errors="replace")


def _wait_until_healthy(url: str, process: subprocess.Popen[bytes], log: Path, seconds: float) -> None:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise ServerProblem(f"the server stopped with code {process.returncode}:\n{written(log)}")
        try:
            with urllib.request.urlopen(f"{url}/_stcore/health", timeout=2) as answer:
                if answer.status == 200:
                    return
        except OSError:  # not listening yet
            time.sleep(0.05)
    raise ServerProblem(f"the server was not healthy after {seconds:.0f} s:\n{written(log)}")


def _free_port() -> int:
    """A port that nobody listens on, and that no connection is given while its server is down for a moment."""
    while True:
        port = random.randrange(20_000, 32_000)
        with socket.socket() as probe, suppress(OSError):
            probe.bind((HOST, port))
            return port


def _stop(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(timeout=10)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
