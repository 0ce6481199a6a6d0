"""Two replicas behind nginx on this machine: `python -m deploy.two_replicas` (or `make replicas`).

Shows how many sessions one and two of them hold, and what killing one costs its visitors. nginx runs as the user who
asks, in a temporary folder, on a high port, with the configuration of this folder; no service of the system is touched.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import re
import shutil
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from benchmarks.bare import capture
from benchmarks.crowd import Crowd
from benchmarks.load import POSITIONS, SECONDS, Counts, Ladder
from benchmarks.measuring import Result, table
from benchmarks.protocol import Gone, Session, clock
from benchmarks.servers import HOST, OURS, Server, free_port, served, stop, written

HERE = Path(__file__).resolve().parent
TEMPLATE = HERE / "crossover.conf.template"
COOKIE = "crossover_replica"
NGINX_PLACES = ("/usr/sbin/nginx", "/usr/local/sbin/nginx", "/opt/homebrew/bin/nginx", "/usr/local/bin/nginx")
MISSING = """nginx was not found. Install it; it does not have to be started:
  Debian, Ubuntu:  sudo apt-get install -y nginx-light
  macOS:           brew install nginx
Then run the same command again."""
AROUND = """daemon off;
worker_processes 1;
pid {folder}/nginx.pid;
error_log {folder}/error.log warn;
events {{ worker_connections 1024; }}
http {{
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    include {folder}/site.conf;
}}
"""


class NoNginx(RuntimeError):
    """There is no nginx on this machine."""


@dataclass(frozen=True)
class Site:
    """The address of nginx, and the replicas behind it by their names."""

    url: str
    replicas: Mapping[str, Server]
    folder: Path

    def worked(self) -> float:
        """Processor time that the replicas have taken so far [s]."""
        return sum(each.worked() for each in self.replicas.values() if each.process.poll() is None)


def nginx() -> str:
    """Where nginx is. NoNginx."""
    found = shutil.which("nginx") or next((place for place in NGINX_PLACES if Path(place).exists()), None)
    if found is None:
        raise NoNginx(MISSING)
    return found


def filled(template: str, values: Mapping[str, object]) -> str:
    """The template with its ${NAMES} filled in, as the official nginx image does it. KeyError for an unknown one."""
    return re.sub(r"\$\{([A-Z_]+)\}", lambda match: str(values[match.group(1)]), template)


@contextmanager
def site(seconds: float = 60.0) -> Iterator[Site]:
    """nginx with two replicas behind it, while the block runs. NoNginx, ServerProblem."""
    program = nginx()
    with tempfile.TemporaryDirectory() as name, ExitStack() as stack:
        folder, port = Path(name), free_port()
        replicas = {
            each: stack.enter_context(served(OURS, folder / f"replica {each}.log", seconds=seconds)) for each in "ab"
        }
        ports = {f"PORT_{each.upper()}": server.url.rpartition(":")[2] for each, server in replicas.items()}
        values = {"LISTEN": f"{HOST}:{port}", "CROSSOVER_HOST": HOST, "HOST_A": HOST, "HOST_B": HOST, **ports}
        (folder / "site.conf").write_text(filled(TEMPLATE.read_text(encoding="utf-8"), values), encoding="utf-8")
        (folder / "nginx.conf").write_text(AROUND.format(folder=folder), encoding="utf-8")
        with (folder / "access.log").open("wb") as log:
            process = subprocess.Popen(
                [program, "-p", str(folder), "-c", str(folder / "nginx.conf"), "-e", str(folder / "error.log")],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
            )
        stack.callback(stop, process)
        url = f"http://{HOST}:{port}"
        _wait(url, process, folder, seconds)
        yield Site(url, replicas, folder)


def _wait(url: str, process: subprocess.Popen[bytes], folder: Path, seconds: float) -> None:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline and process.poll() is None:
        try:
            with urllib.request.urlopen(f"{url}/_stcore/health", timeout=2):
                return
        except OSError:  # not listening yet
            time.sleep(0.05)
    logs = "".join(written(file) for file in (folder / "error.log", folder / "access.log") if file.exists())
    raise NoNginx(f"nginx does not serve the site:\n{logs}")


def status(address: str, *, method: str = "GET", data: bytes | None = None) -> int:
    """The status of an answer."""
    asked = urllib.request.Request(address, data=data, method=method)
    try:
        with urllib.request.urlopen(asked, timeout=10) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as error:
        return error.code


@dataclass(frozen=True)
class Survived:
    """What a visitor saw whose replica was killed: replicas, headlines, tries until the next answer, seconds."""

    before: str
    after: str
    headline: str
    headline_after: str
    tries: int
    seconds: float
    others_noticed: bool


async def survive(whole: Site) -> Survived:
    """Move a lever, kill the replica that answered, connect again as a browser does, and look what is there."""
    visitors = [Session(f"{whole.url}/", cookies={COOKIE: each}) for each in "ab"]
    for visitor in visitors:
        await visitor.open()
    visitor, other = visitors
    id_ = visitor.lever(capture.LEVER)
    stops = visitor.data(id_)["stops"]
    answer = await visitor.move(id_, stops[stops.index(visitor.data(id_)["value"]) + 40], seconds=30.0)
    if answer is None:
        raise Gone("no answer before anything was killed")
    address = visitor.data(visitor.lever("crossover_address"))["query"]
    replica = visitor.served_by
    whole.replicas[replica].kill()
    start, tries, run = clock(), 0, None
    while run is None and tries < 10:
        tries += 1
        again = Session(f"{whole.url}/?{address}", cookies={COOKIE: replica}, session_id=visitor.session_id)
        again.states = visitor.states  # a browser sends along what its widgets were set to
        try:
            run = await again.open()
        except Gone:
            await again.close()
    seconds = clock() - start
    there = await other.move(other.lever(capture.LEVER), stops[10], seconds=30.0)
    await other.close()
    await again.close()
    headline = "" if run is None else run.headline
    return Survived(replica, again.served_by, answer.run.headline, headline, tries, seconds, there is None)


async def sessions_held(whole: Site, seconds: float, counts: Counts) -> dict[str, int]:
    """Sessions held by one replica and by two, rung by rung in turns."""
    with tempfile.TemporaryDirectory() as folder:
        recording = capture.capture(Path(folder, "capture.json"), POSITIONS)
        values = [each["value"] for each in json.loads(recording.read_text(encoding="utf-8"))["positions"]]
    crowds = {
        "one": Crowd(f"{whole.url}/", capture.LEVER, values, cookies={COOKIE: "a"}),
        "two": Crowd(f"{whole.url}/", capture.LEVER, values),
    }
    ladders = [Ladder(name, whole.worked, crowd, counts) for name, crowd in crowds.items()]
    for ladder in ladders:
        await ladder.begin()
    while not all(ladder.done for ladder in ladders):
        for ladder in ladders:
            if not ladder.done:
                await ladder.climb(seconds)
                await ladder.crowd.become(1)
    for crowd in crowds.values():
        await crowd.leave()
    return {ladder.name: ladder.held for ladder in ladders}


async def shown(seconds: float) -> list[Result]:
    """Everything that two replicas have to show."""
    counts = Counts()
    with site() as whole:
        held = await sessions_held(whole, seconds, counts)
        survived = await survive(whole)
    same = survived.headline == survived.headline_after and survived.before != survived.after
    print(
        f"killed {survived.before}: {survived.after} answered after {survived.seconds:.2f} s: {survived.headline_after}"
    )
    print(counts.words())
    held_words = f"{held['two']} sessions over {held['one']}; how many cores there are decides"
    return [
        Result("Sessions held by two replicas, over one", held["two"] / max(held["one"], 1), 1.0, False, held_words),
        Result("Connections made anew after a replica was killed", survived.tries, 1.0),
        Result("The link's answer is there after the kill", float(same), 1.0, False, survived.headline_after),
        Result("Visitors of the other replica who noticed", float(survived.others_noticed), 0.0),
    ]


def main() -> int:
    reader = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    reader.add_argument("--seconds", type=float, default=SECONDS, help="of each measurement")
    given = reader.parse_args()
    try:
        found = asyncio.run(shown(given.seconds))
    except NoNginx as error:
        print(error, file=sys.stderr)
        return 2
    print(table(found))
    return 0 if all(each.ok for each in found) else 1


if __name__ == "__main__":
    sys.exit(main())
