"""A server process of the dashboard or of the bare page while a measurement takes; its memory and its work."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
HOST = "127.0.0.1"
OURS, BARE = "server.py", "benchmarks/bare/server.py"
MIB = 1024 * 1024
_MEASURING = {"OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"}  # set by this package: no visitor's server


class ServerProblem(RuntimeError):
    """The server has gone or takes too long; says what it wrote."""


@dataclass(frozen=True)
class Server:
    """A running server: its address, its process, and the file with what it wrote."""

    url: str
    process: subprocess.Popen[bytes]
    log: Path

    @property
    def pid(self) -> int:
        """Number of the process."""
        return self.process.pid

    def memory(self) -> float:
        """Memory that the process holds now [MiB]."""
        pages = int(Path(f"/proc/{self.pid}/statm").read_text(encoding="ascii").split()[1])
        return pages * os.sysconf("SC_PAGE_SIZE") / MIB

    def worked(self) -> float:
        """Processor time that the process has taken so far [s]."""
        fields = Path(f"/proc/{self.pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def idle_after(self, most: float = 60.0, share: float = 0.10, span: float = 0.25) -> float:
        """Seconds from now until the process takes less than `share` of a core for `span` seconds; `most` at most."""
        start = time.perf_counter()
        before = self.worked()
        while (now := time.perf_counter() - start) < most:
            time.sleep(span)
            worked = self.worked()
            if worked - before < share * span:
                return now
            before = worked
        return most

    def kill(self) -> None:
        """End the process at once, as a crash does."""
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()


@contextmanager
def served(
    script: str,
    log: Path,
    *,
    port: int = 0,
    environment: Mapping[str, str] | None = None,
    options: Sequence[str] = (),
    seconds: float = 60.0,
) -> Iterator[Server]:
    """The script served on a free port (or on `port`) while the block runs. ServerProblem."""
    if not Path("/proc/self/statm").exists():
        raise ServerProblem("memory and processor time are read from /proc: run this on Linux")
    port = port or free_port()
    command = [
        sys.executable,
        "-m",
        "streamlit",
        "run",
        script,
        "--server.port",
        str(port),
        "--server.headless",
        "true",
    ]
    command += ["--server.fileWatcherType", "none", *options]
    with log.open("wb") as file:
        process = subprocess.Popen(
            command,
            cwd=ROOT,
            env={name: value for name, value in os.environ.items() if name not in _MEASURING} | dict(environment or {}),
            stdin=subprocess.DEVNULL,
            stdout=file,
            stderr=subprocess.STDOUT,
        )
    server = Server(f"http://{HOST}:{port}", process, log)
    try:
        wait_until_healthy(server, seconds)
        yield server
    finally:
        stop(process)


def wait_until_healthy(server: Server, seconds: float) -> None:
    """Return when the server answers its health check. ServerProblem."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if server.process.poll() is not None:
            raise ServerProblem(f"the server stopped with code {server.process.returncode}:\n{written(server.log)}")
        try:
            with urllib.request.urlopen(f"{server.url}/_stcore/health", timeout=2) as answer:
                if answer.status == 200:
                    return
        except OSError:  # not listening yet
            time.sleep(0.05)
    raise ServerProblem(f"the server was not healthy after {seconds:.0f} s:\n{written(server.log)}")


def stop(process: subprocess.Popen[bytes]) -> None:
    """End a process of ours, politely first."""
    process.terminate()
    try:
        process.wait(timeout=10)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def written(log: Path) -> str:
    """What the server wrote."""
    return log.read_text(encoding="utf-8", errors="replace")


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])
