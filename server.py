"""The app behind security headers, with charts and reports at plain addresses: `streamlit run server.py`."""

import base64
import hashlib
import os
import re
from importlib.resources import files

import streamlit as st
from starlette.middleware import Middleware
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from addresses.routes import Addresses
from pages.ui import served

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
    middleware=[Middleware(SecurityHeaders, headers=security_headers(_WANTED))],
)
