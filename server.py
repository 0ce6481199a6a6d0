"""The app behind security headers, with charts and reports at plain addresses: `streamlit run server.py`."""

import base64
import ctypes
import hashlib
import os
import re
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib.resources import files

import streamlit as st
from starlette.middleware import Middleware
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from addresses.at_once import send_at_once
from addresses.routes import Addresses
from pages.ui import served
from report import converter

METRICS_VARIABLE = "CROSSOVER_METRICS"
"""Environment variable that shows the metrics to whoever reaches this server: "1"."""
CLOSED = ("/_stcore/metrics", "/_stcore/agent")
"""Paths for operators: how many visit, and an interface for programs."""
SWITCH_SECONDS = 0.0005
"""How long a thread of Python keeps the others waiting at most. A page is a hundred and more small messages: the
connection asks for the lock for each of them, and beside long work of somebody else waits as long each time."""
ARENAS, _M_ARENA_MAX = 2, -8
"""Pools that memory comes from. With one for each thread, what a page gives back waits there for a thread that has
gone: a third more memory for each visitor. Said here and not in an environment, so that it holds however the server is
started; only glibc has such pools."""
_SOURCE = re.compile(r"'self'|'none'|\*|(https?://)?[A-Za-z0-9*.-]+(:[0-9*]+)?")


def frame_ancestors(wanted: str) -> str:
    """Who may frame the app: the words of `wanted` that are sources, or 'self' when none is."""
    sources = [word for word in wanted.split() if _SOURCE.fullmatch(word)]
    return " ".join(sources) or "'self'"


def inline_script_hashes(html: str) -> list[str]:
    """CSP hashes of the scripts written into a page, so that no other inline script may run."""
    scripts = re.findall(r"<script>(.*?)</script>", html, flags=re.DOTALL)
    digests = [hashlib.sha256(script.encode()).digest() for script in scripts]
    return [f"'sha256-{base64.b64encode(digest).decode()}'" for digest in digests]


def content_security_policy(ancestors: str, script_hashes: list[str]) -> str:
    """The Content-Security-Policy header: nothing from elsewhere, no eval.

    `blob:` scripts are how Streamlit loads the JavaScript of v2 components; it styles with inline styles.
    """
    directives = {
        "default-src": "'self'",
        "script-src": " ".join(["'self'", "blob:", *script_hashes]),
        "style-src": "'self' 'unsafe-inline'",
        "img-src": "'self' data: blob:",
        "font-src": "'self' data:",
        "connect-src": "'self'",
        "worker-src": "'self' blob:",
        "object-src": "'none'",
        "base-uri": "'self'",
        "form-action": "'self'",
        "frame-ancestors": ancestors,
    }
    return "; ".join(f"{name} {value}" for name, value in directives.items())


def share_fairly() -> None:
    """Let threads take turns quickly, and give memory back where the next one finds it."""
    sys.setswitchinterval(SWITCH_SECONDS)
    if sys.platform == "linux" and (mallopt := getattr(ctypes.CDLL(None), "mallopt", None)):
        mallopt(_M_ARENA_MAX, ARENAS)


class SecurityHeaders:
    """ASGI middleware that adds the headers to every HTTP answer; websockets pass untouched.

    An answer that brings a Content-Security-Policy of its own keeps it: files at plain addresses have a stricter one.
    """

    def __init__(self, app: ASGIApp, headers: dict[str, str]) -> None:
        self.app = app
        self.headers = [(name.lower().encode(), value.encode()) for name, value in headers.items()]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on; put the headers on the start of the answer, each of them once."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                brought = {name.lower() for name, _ in message.get("headers", [])} & {b"content-security-policy"}
                ours = [(name, value) for name, value in self.headers if name not in brought]
                names = {name for name, _ in ours}
                others = [pair for pair in message.get("headers", []) if pair[0].lower() not in names]
                message = {**message, "headers": [*others, *ours]}
            await send(message)

        await self.app(scope, receive, send_with_headers)


class Closed:
    """ASGI middleware that answers 404 at paths that are not for visitors, and at everything below them."""

    def __init__(self, app: ASGIApp, paths: tuple[str, ...]) -> None:
        self.app, self.paths = app, paths

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, unless its path is closed; the server may itself be below another path."""
        path = f"{scope.get('path', '').rstrip('/')}/"
        if scope["type"] == "http" and any(f"{closed}/" in path for closed in self.paths):
            await PlainTextResponse("Not found\n", 404)(scope, receive, send)
            return
        await self.app(scope, receive, send)


@asynccontextmanager
async def lifespan(_: st.App) -> AsyncIterator[None]:
    """While the server runs, pictures are drawn beside it: no lever waits for the export of somebody else."""
    share_fairly()
    send_at_once()
    with converter.apart():
        yield


def security_headers(wanted_ancestors: str) -> dict[str, str]:
    """All security headers, for the wanted frame ancestors (words separated by blanks)."""
    ancestors = frame_ancestors(wanted_ancestors)
    index = files("streamlit").joinpath("static/index.html").read_text(encoding="utf-8")
    headers = {
        "Content-Security-Policy": content_security_policy(ancestors, inline_script_hashes(index)),
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "no-referrer",  # the address holds the scenario
        "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
        "Cross-Origin-Opener-Policy": "same-origin",
    }
    if ancestors == "'self'":
        headers["X-Frame-Options"] = "SAMEORIGIN"  # for browsers older than frame-ancestors
    return headers


_WANTED = os.environ.get(served.FRAME_ANCESTORS_VARIABLE, "")
served.plain_addresses, served.frame_ancestors = True, frame_ancestors(_WANTED)

app = st.App(
    "app.py",
    routes=Addresses(frame_ancestors(_WANTED), str(st.get_option("server.baseUrlPath") or "")).routes(),
    lifespan=lifespan,
    middleware=[
        Middleware(SecurityHeaders, headers=security_headers(_WANTED)),
        Middleware(Closed, paths=() if os.environ.get(METRICS_VARIABLE) == "1" else CLOSED),
    ],
)
