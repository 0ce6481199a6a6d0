"""What stands above the table of a CSV report as `# key: value`: the answers, every assumption, prices, conventions."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

from costmodel.changes import differing
from costmodel.fields import value_at
from costmodel.link import base_of
from costmodel.ranges import ranges_of
from costmodel.results import MILESTONES, Run
from costmodel.scenario import FIELDS, Scenario
from costmodel.tally import LEVELS
from costmodel.uncertainty import Uncertainty
from report import tables, text, uncertainty_text
from report.imprint import Imprint

Lines = Iterator[tuple[str, Any]]

LEDGER = "full ledger"
COUNTED = {
    False: "the rows of scope bill add up to the totals; those of scope consequence stand beside them",
    True: "the rows of both scopes add up to the totals",
}
"""Which rows of the ledger a total is made of, by `finance.consequences_in_tco`."""
SHOWN = {
    False: "nominal cost, as in the cost columns",
    True: "present value, as in the present_value columns; the cost columns are nominal",
}
"""What the screen showed that a file is taken from, by whether it showed present value."""
_KEPT_IN_LINKS = "/:?#[]@!$&()*+=%~"
"""Signs of an address that stay as they are; a comma would end its cell."""


def header(imprint: Imprint, kind: str, uncertainty: Uncertainty | None = None) -> Lines:
    """Key and value of each line; `kind`: which of the two tables follows."""
    run, present = imprint.run, imprint.present
    scenario, finance = run.scenario, run.scenario.finance
    yield "report", f"Crossover cost report - {kind}"
    yield "model_version", imprint.model_version
    yield "price_book", imprint.price_book
    yield "date", imprint.today.isoformat()
    yield "scenario", scenario.name
    yield "link", quote(imprint.link, safe=_KEPT_IN_LINKS) or imprint.link_note
    if imprint.link and imprint.link_note:
        yield "link note", imprint.link_note
    yield "preset", scenario.preset or "none"
    yield "verdict", text.verdict(run).sentence
    if present:
        yield "verdict in present value", text.verdict(run, True).sentence
    if present is not None:
        yield "shown on screen", SHOWN[present]
    yield from _totals(run, bool(present))
    yield from _crossings(run)
    if uncertainty is not None:
        yield from _uncertainty(run, uncertainty)
    yield from ((f"warning {number}", warning) for number, warning in enumerate(run.warnings, 1))
    yield from _assumptions(scenario)
    yield "price dates", imprint.price_dates
    yield from _prices(run)
    yield from ((f"convention {name}", words) for name, words in imprint.conventions)
    if kind == LEDGER:
        yield "convention totals", COUNTED[finance.consequences_in_tco]
    if finance.currency != "USD":
        yield (
            "currency",
            f"{finance.currency} at {finance.usd_per_currency_unit!r} USD per unit - for display and export",
        )
    yield "fiscal year", f"starts in month {finance.fiscal_year_starts_month} and is named after the year it ends in"
    yield "not included", imprint.excluded


def _totals(run: Run, present: bool) -> Lines:
    for key, answer in run.answers.items():
        for months in sorted({*MILESTONES, run.horizon}):
            yield f"total_usd {key} month {months}", _known(answer.total_usd(months))
        yield f"present_value_usd {key} month {run.horizon}", _known(answer.present_value_usd)
    for measure in ("total", "present_value") if present else ("total",):
        for fiscal, kind in ((False, "calendar"), (True, "fiscal")):
            years = tables.by_year(run, fiscal=fiscal, present=measure == "present_value")
            for year, key, usd in years.itertuples(index=False):
                yield f"{measure}_usd {key} {kind} year {year}", _known(usd)
    for key in run.excluded:
        yield f"excluded {key}", text.excluded_reason(run, key)


def _known(usd: float) -> str:
    return "missing" if usd != usd else repr(float(usd))


def _crossings(run: Run) -> Lines:
    if not run.crossings:
        yield "crossings", f"none within {run.horizon} months"
    for number, each in enumerate(run.crossings, 1):
        yield f"crossing {number}", f"{text.plain(text.overtaking(each))} (the lines meet at {each.month!r})"


def _uncertainty(run: Run, found: Uncertainty) -> Lines:
    own, worth = bool(run.scenario.uncertainty), "_present_value" if found.present else ""
    yield "uncertainty", uncertainty_text.drawn(found, own)
    yield "draws", found.draws
    yield "seed", found.seed
    yield "ranges", "own" if own else "suggested"
    for key, fan in found.fan_usd.items():
        out = key not in found.eligible
        if not out:
            yield f"probability_cheapest {key}", repr(found.probability_cheapest[key])
        for level, usd in zip(LEVELS, fan, strict=True):
            yield f"p{level * 100:.0f}{worth}_usd {key} month {found.months}", repr(float(usd[-1]))
        yield f"mean{worth}_usd {key}", repr(found.mean_usd[key])
        if not out:
            yield f"expected_regret{worth}_usd {key}", repr(found.expected_regret_usd[key])
    yield f"evpi{worth}_usd", repr(found.evpi_usd)
    yield "probability_too_close", repr(found.probability_close)
    for path, each in ranges_of(run).items():
        yield f"range {path}", f"{each.low!r} to {each.high!r} / likely {each.likely!r} / {each.distribution}"
    for first, second, strength in run.scenario.rank_correlations:
        yield f"rank correlation {first} with {second}", repr(strength)


def _assumptions(scenario: Scenario) -> Lines:
    changed = differing(scenario, base_of(scenario.preset))
    for path, field in FIELDS.items():
        value = value_at(scenario, path)
        mark = f" (changed; the preset has {_plain(changed[path][0])})" if path in changed else ""
        yield f"assumption {path}", f"{_plain(value)} {field.unit}".rstrip() + mark
    for number, extra in enumerate(scenario.extra_costs, 1):
        fields = extra.model_dump(exclude_none=True).items()
        amounts = " ".join(f"{name} {amount!r}" for name, amount in fields if name.startswith("usd"))
        months = f"months {extra.months[0]} to {extra.months[1]}"
        who = " + ".join(extra.architecture)
        yield f"extra cost {number}", f"{who}: {extra.component} {extra.phase} {months} {amounts} {extra.note}"
    for edit in scenario.price_edits:
        yield (
            f"price edit {edit.price_id}",
            f"{edit.price_usd!r} USD per {edit.unit} - {edit.reason or 'no reason given'}"
            f" / {f'as of {edit.as_of}' if edit.as_of else 'undated'} / confidence {edit.confidence}"
            f" / {edit.source or 'no source'}",
        )


def _prices(run: Run) -> Lines:
    for row in run.rows_in_use:
        since = f" / from {row.effective_from}" if row.effective_from else ""
        until = f" / to {row.effective_to}" if row.effective_to else ""
        checked = f"as of {row.as_of}" if row.as_of else "undated"
        if row.origin.startswith("genai-prices"):
            checked += " (its release day)"
        price = f"{row.price_usd!r} USD per {row.unit}{since}{until}"
        yield (
            f"price {row.price_id}",
            f"{price} / {checked} / confidence {row.confidence} / {row.source or 'no source'}",
        )
    for provider, share in run.scenario.finance.discount_share.items():
        yield f"discount {provider}", f"{share!r} of every price of {provider}"


def _plain(value: Any) -> str:
    if value is None or value == () or value == {}:
        return "none"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, tuple):
        return " + ".join(_plain(item) for item in value)
    return repr(value) if isinstance(value, float) else str(value)
