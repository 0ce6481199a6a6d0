"""Every kind of file that a result can be taken away in, and the function that makes it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from costmodel.ranges import ranges_of
from costmodel.uncertainty import Uncertainty
from report import cost_csv
from report.imprint import Imprint

if TYPE_CHECKING:
    from report.memo import Memo
    from report.picture import Picture


class ExportProblem(ValueError):
    """A file that cannot be made as asked; the message says why and what to do."""


@dataclass(frozen=True)
class Extras:
    """What goes into a file beside the scenario: draws, and for a memo its sections and pictures; None = its own."""

    uncertainty: Uncertainty | None = None
    contents: tuple[str, ...] | None = None
    pictures: tuple[Picture, ...] | None = None


@dataclass(frozen=True)
class Kind:
    """A kind of file: how its name ends, its media type, what it is called, and what it holds."""

    name: str
    ending: str
    media_type: str
    label: str
    holds: str
    make: Callable[[Imprint, Extras], bytes] = field(repr=False)
    takes_draws: bool = False
    takes_contents: bool = False

    @property
    def is_text(self) -> bool:
        """Whether a terminal can show it."""
        return self.media_type.startswith(("text/", "application/json"))

    def file_name(self, imprint: Imprint) -> str:
        """A plain file name made of the scenario's name."""
        word = {"csv": "summary", "ledger": "ledger", "json": "results"}.get(self.name, "report")
        return cost_csv.file_name(imprint.run, word, self.ending)


def written(
    kind: str,
    imprint: Imprint,
    *,
    uncertainty: Uncertainty | None = None,
    contents: Sequence[str] | None = None,
    pictures: Sequence[Picture] | None = None,
) -> bytes:
    """The bytes of a file of that kind: the same for the same imprint and extras. ExportProblem.

    `uncertainty` goes into the CSV summary and the memos; `contents` (section keys) and `pictures` into the memos,
    which choose their own when None. Other kinds take no notice of them.
    """
    if kind not in KINDS:
        raise ExportProblem(f"{kind[:60]!r} is no kind of file; use one of {', '.join(KINDS)}")
    if uncertainty is not None and not _about(imprint, uncertainty):
        raise ExportProblem("the draws are about another scenario than the file; draw again")
    chosen = None if contents is None else tuple(contents)
    drawn = None if pictures is None else tuple(pictures)
    return KINDS[kind].make(imprint, Extras(uncertainty, chosen, drawn))


def _about(imprint: Imprint, found: Uncertainty) -> bool:
    """Whether draws can be about a run: the same architectures, months and uncertain numbers."""
    run = imprint.run
    return (tuple(found.fan_usd), found.months, found.paths) == (tuple(run.answers), run.horizon, tuple(ranges_of(run)))


# Each maker imports its own library when it is first used: a plain CSV needs none of them.


def _summary(imprint: Imprint, extras: Extras) -> bytes:
    return cost_csv.encoded(cost_csv.summary(imprint, extras.uncertainty))


def _ledger(imprint: Imprint, extras: Extras) -> bytes:
    return cost_csv.encoded(cost_csv.full_ledger(imprint))


def _workbook(imprint: Imprint, extras: Extras) -> bytes:
    from report import workbook

    return workbook.written(imprint)


def _markdown(imprint: Imprint, extras: Extras) -> bytes:
    from report import memo

    return memo.markdown(_memo(imprint, extras)).encode()


def _html(imprint: Imprint, extras: Extras) -> bytes:
    from report import memo

    return memo.html(_memo(imprint, extras)).encode()


def _word(imprint: Imprint, extras: Extras) -> bytes:
    from report import memo

    return memo.word(_memo(imprint, extras))


def _memo(imprint: Imprint, extras: Extras) -> Memo:
    from report import memo

    try:
        return memo.memo(imprint, extras.pictures, extras.contents, extras.uncertainty)
    except memo.ContentsProblem as error:
        raise ExportProblem(str(error)) from None


def _json(imprint: Imprint, extras: Extras) -> bytes:
    from report import answers_json

    return answers_json.scenario_and_results(imprint).encode()


_OFFICE = "application/vnd.openxmlformats-officedocument"
KINDS: dict[str, Kind] = {
    kind.name: kind
    for kind in (
        Kind(
            "csv",
            "csv",
            "text/csv; charset=utf-8",
            "Monthly summary",
            "Cost by month and architecture, totals by year, and every assumption, for a spreadsheet",
            _summary,
            takes_draws=True,
        ),
        Kind(
            "ledger",
            "csv",
            "text/csv; charset=utf-8",
            "Full ledger",
            "Every cost line of every month with its quantity, unit price and source",
            _ledger,
        ),
        Kind(
            "xlsx",
            "xlsx",
            f"{_OFFICE}.spreadsheetml.sheet",
            "Excel workbook",
            "The model as live formulas: change a volume or a price and the totals follow",
            _workbook,
        ),
        Kind(
            "md",
            "md",
            "text/markdown; charset=utf-8",
            "Memo as Markdown",
            "Verdict, table, assumptions and sources on a page or two, to paste",
            _markdown,
            takes_draws=True,
            takes_contents=True,
        ),
        Kind(
            "html",
            "html",
            "text/html; charset=utf-8",
            "Memo as a web page",
            "One file with its chart inside; it prints well to PDF",
            _html,
            takes_draws=True,
            takes_contents=True,
        ),
        Kind(
            "docx",
            "docx",
            f"{_OFFICE}.wordprocessingml.document",
            "Memo as a Word document",
            "The memo to edit and to pass on",
            _word,
            takes_draws=True,
            takes_contents=True,
        ),
        Kind(
            "json",
            "json",
            "application/json",
            "Scenario and results",
            "Every input and every answer, for a program",
            _json,
        ),
    )
}
"""Kinds of files by name, in the order in which they are offered."""
