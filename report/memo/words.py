"""Sentences that only the memo says. Architecture names stand as marks (`{rag}`)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from urllib.parse import urlsplit

from costmodel.fields import value_at
from costmodel.presets import PRESETS
from costmodel.provenance import LEVERS
from costmodel.results import Crossing, Run
from costmodel.scenario import FIELDS
from costmodel.selfcheck import checks
from pricing.health import is_release_dated
from pricing.price import Price
from pricing.replacing import own_source
from report import lever_text, prices_text
from report.imprint import Imprint
from report.numbers import day, listed, percent, shortened
from report.prices_text import price_words
from report.sentence import months_words, name, overtaking
from report.verdict_text import order

CROSSINGS = "Where the lines cross"
ASSUMPTIONS = "Assumptions"
RISKS = "Risks"
EXCLUDED = "Not included"
SOURCES = "Prices and their sources"
OPEN = "Open this scenario"
TOTAL, DIFFERENCE = "Total", "Difference"
LEFT_OUT = "left out"
FLIPS_HEAD = ("One number at a time", "From, to", "Distance", "Then cheapest")
PRICES_HEAD = ("Price", "USD", "Per", "Checked", "Source")
WHOLE_NAME = "Name of the scenario in full: "
"""What stands before a name that is cut everywhere else."""
TYPED_IN = "typed in"
NO_SOURCE = "no source"
MADE_BY = "Crossover"


def title(scenario: str, headline: str) -> str:
    """Title of the file."""
    return f"{shortened(scenario)}: {headline}" if scenario.strip() else headline


def eyebrow(imprint: Imprint) -> tuple[str, ...]:
    """What stands behind the scenario's name above the headline: horizon, money, prices of when, day."""
    run = imprint.run
    return months_words(run.horizon), imprint.worth, imprint.price_dates, day(imprint.today)


def totals_heading(imprint: Imprint) -> str:
    """Heading of the table of totals."""
    return f"Totals over {months_words(imprint.run.horizon)}, {imprint.worth}"


def no_crossing(run: Run, present: bool) -> str:
    """No two lines cross, and who leads all along."""
    none, leaders = f"No lines cross within {months_words(run.horizon)}.", run.leaders(present)
    leads = order(run, present) if leaders else ""
    if not leads.startswith("It "):
        return none
    return f"{none} {name(leaders[-1][1], starts=True)} {leads.removeprefix('It ')}"


def crossing(run: Run, each: Crossing) -> str:
    """One crossing with its month of the calendar."""
    return f"{overtaking(each)}, {day(f'{run.inputs.dates[each.overtakes_in_month]:%Y-%m}')}."


def assumptions_head(run: Run) -> tuple[str, str, str]:
    """Heads of the table of what differs."""
    return "Assumption", "Here", "Preset" if run.scenario.preset else "Start value"


def base_words(run: Run) -> str:
    """What the assumptions are set against."""
    preset = PRESETS.get(run.scenario.preset or "")
    return f"the preset “{preset.name}”" if preset else "the neutral start values"


def differing(run: Run, counted: str, count: int) -> str:
    """How many assumptions differ, and from what; `counted` says the number as a sentence."""
    base = base_words(run)
    return f"{counted.rstrip('.')} from {base}." if count else f"Every assumption is that of {base}."


def basis(run: Run) -> str:
    """The five levers and the first month, so that the numbers can be read without the scenario."""
    forecast = run.scenario.workload.queries_by_month is not None
    parts = []
    for path in LEVERS:
        facts = FIELDS[path]
        if forecast and path in ("workload.queries_per_month", "workload.monthly_growth_share"):
            continue
        value = lever_text.words_of(facts)(float(value_at(run.scenario, path) or 0.0))
        parts.append(f"{facts.label} {value}")
    if forecast:
        parts.insert(
            0, f"Queries by month as forecast, {lever_text.count(float(run.queries[: run.horizon + 1].sum()))}"
        )
    return f"{' · '.join(parts)} · Build in {day(run.scenario.finance.start_month)}."


def reason(what: str, why: str) -> str:
    """Why a price or a cost was typed in."""
    return f"{what}: {why}"


# Risks


def self_check(run: Run) -> str:
    """What must hold and does not; empty when all of it does."""
    wrong = [check for check in checks(run) if check.holds is False]
    if not wrong:
        return ""
    named = "; ".join(f"{check.name}{f' ({check.detail})' if check.detail else ''}" for check in wrong)
    return f"The self-check failed: do not rely on these numbers. {named}."


def sentence(words: str) -> str:
    """A remark as a sentence."""
    return words if words.endswith((".", "!", "?")) else f"{words}."


def undated(rows: Sequence[Price]) -> str:
    """Which prices in use have no date of a check."""
    return f"Undated: {listed([price_words(row) for row in rows])}." if rows else ""


def weak(rows: Sequence[Price]) -> str:
    """Which prices in use are of low confidence."""
    return f"Of low confidence: {listed([price_words(row) for row in rows])}." if rows else ""


# Sources


def price(row: Price, rows: Sequence[Price]) -> str:
    """Which price a row is, and from when on it holds where `rows` have several dates of it."""
    dated = row.effective_from is not None and sum(each.price_id == row.price_id for each in rows) > 1
    return f"{price_words(row)}, from {day(row.effective_from)}" if dated else price_words(row)


def checked(row: Price) -> str:
    """When a price was checked: a day, the release that it came in, or that nobody said."""
    if row.as_of and is_release_dated(row):
        return f"release of {day(row.as_of)}"
    return day(row.as_of)


def source(row: Price) -> str:
    """Where a price comes from; of one that was typed in, that it was."""
    if row.origin != "edit":
        return row.source or NO_SOURCE
    own = own_source(row)
    return f"{TYPED_IN}: {own}" if own else TYPED_IN


def sources(rows: Iterable[Price]) -> list[str]:
    """Every source once, in the order of the rows."""
    return list(dict.fromkeys(source(row) for row in rows))


def discounts(run: Run) -> str:
    """Negotiated discounts that are taken off the listed prices."""
    shares = [
        f"{shortened(provider)} {percent(share)}" for provider, share in run.scenario.finance.discount_share.items()
    ]
    return f"Negotiated discounts, taken off these prices: {listed(shares)}." if shares else ""


def no_prices(rows: Sequence[Price], book_rows: int) -> str:
    """That no list price decides anything."""
    return f"{prices_text.headline(len(rows), 0)}. {prices_text.lead(rows, (), (), 0, book_rows)}"


# Foot


def made(imprint: Imprint) -> str:
    """With what and when the memo was made."""
    return f"{MADE_BY} model {imprint.model_version}, price book {imprint.price_book}, {day(imprint.today)}."


def conventions(imprint: Imprint) -> str:
    """What every number rests on."""
    known, rate = dict(imprint.conventions), percent(imprint.run.scenario.finance.discount_rate_annual)
    worth = "amounts are nominal, rounded for reading only"
    if imprint.present:
        worth = (
            f"totals are present value, discounted at {rate} a year to month 0; build and cost per month are nominal; "
            "amounts are rounded for reading only"
        )
    said = (known["time"], worth, known["hours"].replace(" - ", ", "), known["sizes"])
    return " ".join(sentence(f"{words[:1].upper()}{words[1:]}") for words in said)


def server(link: str) -> str:
    """The server to which a link leads."""
    return urlsplit(link).netloc


def link_alone(link: str) -> str:
    """A link whose server is not known."""
    return f"{OPEN}: put this behind the address of your {MADE_BY}: {link}"


def about_link(note: str, there: bool) -> str:
    """What to know of the link; `there`: whether there is one."""
    return sentence(f"{note[:1].upper()}{note[1:]}" if there else f"{OPEN}: {note}")
