"""vl-convert, which draws pictures: in this process, or beside a server in one of its own. The only user of it.

It holds Python's lock while it draws: a tenth of a second for a picture, more than one for the first. Whoever moves a
lever meanwhile would wait as long; so a server has it draw `apart`.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any, BinaryIO

from report import letters

VEGA_LITE = "6.4"
LONGEST = 30.0
"""Seconds after which a picture that is not done is given up; the usual one takes a tenth of one."""
POLITE = 5
"""By how much pictures give way to levers where there are fewer processors than work."""
_ROOT = Path(__file__).resolve().parent.parent
_EMPTY = {"$schema": "https://vega.github.io/schema/vega-lite/v6.json", "mark": "point", "data": {"values": [{}]}}


class PictureProblem(RuntimeError):
    """A picture that could not be drawn, through no fault of its own; the message says what to do."""


def svg(spec: dict[str, Any]) -> str:
    """A Vega-Lite spec drawn as SVG; nothing is fetched. ValueError, PictureProblem."""
    return _made("svg", spec=spec).decode()


def png(drawn: str, scale: int) -> bytes:
    """An SVG as PNG, `scale` pixels to each of its own. ValueError, PictureProblem."""
    return _made("png", drawn=drawn, scale=scale)


def bundle(snippet: str) -> str:
    """A script with everything that draws a chart in a page. ValueError, PictureProblem."""
    return _made("bundle", snippet=snippet).decode()


@contextmanager
def apart() -> Iterator[None]:
    """Pictures are drawn in a process of their own in the block; it is there at once, and ready a second later."""
    global _apart
    with _Apart() as _apart:
        try:
            yield
        finally:
            _apart = None


def _made(what: str, **asked: Any) -> bytes:
    if _apart is not None:
        return _apart.ask({"what": what, **asked})
    with _one_at_a_time:
        return _MAKERS[what](**asked)


class _Apart:
    """The process that draws: one picture at a time; another one takes its place when it has died."""

    def __init__(self) -> None:
        self._turn = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> _Apart:
        self._process = _started()
        return self

    def __exit__(self, *_: object) -> None:
        self._end()

    def ask(self, question: dict[str, Any]) -> bytes:
        """What came of a question. ValueError, PictureProblem."""
        written = json.dumps(question).encode() + b"\n"
        if not self._turn.acquire(timeout=LONGEST):
            raise PictureProblem("The server is drawing other pictures; try again in a few seconds.")
        try:
            return self._answer(written) or self._answer(written) or self._give_up()
        finally:
            self._turn.release()

    def _answer(self, written: bytes) -> bytes:
        """The answer of the process; nothing when it has died. PictureProblem when it had to be ended."""
        if self._process is None or self._process.poll() is not None:
            self._end()
            self._process = _started()
        late = threading.Timer(LONGEST, self._process.kill)
        late.start()
        try:
            return _asked(self._process, written)
        except (OSError, EOFError):
            self._end()
            if not late.is_alive():
                raise PictureProblem(
                    f"The picture was not drawn within {LONGEST:.0f} s; ask for a smaller one."
                ) from None
            return b""
        finally:
            late.cancel()

    def _give_up(self) -> bytes:
        raise PictureProblem("What draws pictures has ended twice; the server's log says why.")

    def _end(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.communicate()
            self._process = None


_apart: _Apart | None = None
_one_at_a_time = threading.Lock()  # the converter has one engine, and is not quicker with more threads


def _started() -> subprocess.Popen[bytes]:
    # Its input ends with this process, however that ends, and it ends with its input: it never outlives a server.
    # A session of its own: Ctrl-C in a terminal is for the server, which ends it then.
    command = [sys.executable, "-m", "report.converter"]
    pipe = subprocess.PIPE
    return subprocess.Popen(command, cwd=_ROOT, stdin=pipe, stdout=pipe, start_new_session=True)


def _asked(process: subprocess.Popen[bytes], written: bytes) -> bytes:
    """What the process answers. ValueError what it refused, OSError and EOFError when it has died."""
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.write(written)
    process.stdin.flush()
    head = process.stdout.readline()
    if not head.endswith(b"\n"):
        raise EOFError
    said = json.loads(head)
    if "refused" in said:
        raise ValueError(said["refused"])
    body = process.stdout.read(said["size"])
    if len(body) < said["size"]:
        raise EOFError
    return body


# What draws


def _svg(spec: dict[str, Any]) -> bytes:
    drawn: str = _converter().vegalite_to_svg(spec, vl_version=VEGA_LITE, allowed_base_urls=[])
    return drawn.encode()


def _png(drawn: str, scale: int) -> bytes:
    image: bytes = _converter().svg_to_png(drawn, scale=scale)
    return image


def _bundle(snippet: str) -> bytes:
    script: str = _converter().javascript_bundle(snippet, vl_version=VEGA_LITE)
    return script.encode()


_MAKERS: dict[str, Callable[..., bytes]] = {"svg": _svg, "png": _png, "bundle": _bundle}


@cache
def _converter() -> Any:
    """vl-convert with the letters of the pictures, so that they are the same on a machine without any.

    Loaded at first use, since it takes memory.
    """
    converter = import_module("vl_convert")
    for folder in letters.folders():
        converter.register_font_directory(str(folder))
    return converter


def serve(questions: BinaryIO, answers: BinaryIO) -> None:
    """Answer question after question until there are no more; each is a line, each answer a line and what it says."""
    for question in questions:
        asked = json.loads(question)
        try:
            made = _MAKERS[asked.pop("what")](**asked)
        except ValueError as error:
            answers.write(json.dumps({"refused": str(error)}).encode() + b"\n")
        else:
            answers.write(json.dumps({"size": len(made)}).encode() + b"\n" + made)
        answers.flush()


def main() -> None:
    """The process beside a server: ready before it is first asked."""
    if hasattr(os, "nice"):
        os.nice(POLITE)
    with os.fdopen(os.dup(sys.stdout.fileno()), "wb") as answers:
        os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # whatever the engine says is no answer
        _png(_svg(_EMPTY).decode(), 1)
        try:
            serve(sys.stdin.buffer, answers)
        except BrokenPipeError:
            os._exit(0)  # nobody is there any more, and nothing is left to be written


if __name__ == "__main__":
    main()
