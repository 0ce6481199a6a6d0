"""The routes: cached, bounded, and drawn in threads so that no page waits for them."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from anyio import CapacityLimiter, to_thread
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from addresses import asked, files
from addresses.asked import Asked, Refused
from addresses.files import File
from addresses.kept import Kept
from report import embed
from report.converter import PictureProblem
from report.imprint import AddressProblem, base_address

AT_ONCE = 2
"""Files that are made at the same time; drawing more at once makes none of them quicker."""
WAITING = 24
"""Requests that may wait for their turn; further ones are sent away."""
RETRY_SECONDS = 3
KEPT_FILES, KEPT_BYTES = 256, 32_000_000
MAX_AGE_SECONDS = 3_600


@dataclass(frozen=True)
class Answer:
    """A file and the mark by which a browser asks whether it is still the same."""

    file: File
    etag: str

    def __len__(self) -> int:
        return len(self.file.body)


class Addresses:
    """The endpoints with what they share: the answers of late, and how many may be made at once.

    `ancestors`: who may frame an answer; `folder`: the path that all addresses of the server begin with;
    `make` and `today` are given by tests.
    """

    def __init__(
        self,
        ancestors: str,
        folder: str = "",
        make: Callable[[Asked, date, str], File] = files.made,
        today: Callable[[], date] = date.today,
    ) -> None:
        self._make, self._today = make, today
        self._folder = f"/{folder.strip('/')}" if folder.strip("/") else ""
        self._limiter = CapacityLimiter(AT_ONCE)
        self._kept: Kept[tuple[Asked, date, str], Answer] = Kept(KEPT_FILES, KEPT_BYTES)
        # A picture that is opened by itself can run nothing and fetch nothing.
        policy = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; font-src data:"
        self._policy = {"Content-Security-Policy": f"{policy}; frame-ancestors {ancestors}"}

    def routes(self) -> list[Route]:
        """All plain addresses."""
        return [
            Route(f"{self._folder}/chart/{{name}}.{{ending}}", self.chart, name="chart"),
            Route(f"{self._folder}/ledger.{{ending}}", self.ledger, name="ledger"),
            Route(f"{self._folder}/report.{{ending}}", self.report, name="report"),
        ]

    async def chart(self, request: Request) -> Response:
        """A chart as SVG, PNG, HTML or Vega-Lite JSON."""
        name, ending = request.path_params["name"], request.path_params["ending"]
        return await self._answered(request, lambda query: asked.chart(name, ending, query))

    async def report(self, request: Request) -> Response:
        """A report of that ending."""
        ending = request.path_params["ending"]
        return await self._answered(request, lambda query: asked.report(asked.REPORTS, ending, query))

    async def ledger(self, request: Request) -> Response:
        """The full ledger."""
        ending = request.path_params["ending"]
        return await self._answered(request, lambda query: asked.report(asked.LEDGERS, ending, query))

    async def _answered(self, request: Request, read: Callable[[str], Asked]) -> Response:
        try:
            wanted = read(request.scope["query_string"].decode("ascii", "replace"))
            answer = await self._answer(wanted, self._today(), self._base_url(request))
        except Refused as refused:
            return self._refusal(refused)
        except PictureProblem as problem:
            return self._refusal(Refused(503, str(problem)))
        headers = {
            **self._policy,
            "ETag": answer.etag,
            "Cache-Control": f"private, max-age={MAX_AGE_SECONDS}",
        }
        if _same(request.headers.get("if-none-match", ""), answer.etag):
            return Response(status_code=304, headers=headers)
        shown = "inline" if answer.file.inline else "attachment"
        headers["Content-Disposition"] = f'{shown}; filename="{answer.file.name}"'
        return Response(answer.file.body, media_type=answer.file.media_type, headers=headers)

    async def _answer(self, wanted: Asked, today: date, base_url: str) -> Answer:
        key = (wanted, today, base_url)
        if known := self._kept.get(key):
            return known
        if self._limiter.statistics().tasks_waiting >= WAITING:
            raise Refused(503, embed.BUSY)
        async with self._limiter:
            if known := self._kept.get(key):  # made for somebody else meanwhile
                return known
            file = await to_thread.run_sync(self._make, wanted, today, base_url)
        digest = hashlib.sha256(file.body).hexdigest()[:32]
        answer = Answer(file, f'W/"{digest}"')
        self._kept.keep(key, answer)
        return answer

    def _base_url(self, request: Request) -> str:
        """The address of this server as it was asked for; empty when the request does not say it properly."""
        host = request.headers.get("host", "")
        try:
            return base_address(f"{request.url.scheme}://{host}{self._folder}") if host and "/" not in host else ""
        except AddressProblem:
            return ""

    def _refusal(self, refused: Refused) -> Response:
        headers = {**self._policy, "Cache-Control": "no-store"}
        if refused.status == 503:
            headers["Retry-After"] = str(RETRY_SECONDS)
        return PlainTextResponse(f"{refused}\n", refused.status, headers)


def _same(asked_for: str, etag: str) -> bool:
    """Whether an If-None-Match header names the mark."""
    marks = {mark.strip().removeprefix("W/") for mark in asked_for.split(",")}
    return "*" in marks or etag.removeprefix("W/") in marks
