"""The last sheet: where the workbook comes from, what its numbers mean, and what they leave out."""

from __future__ import annotations

from collections.abc import Iterator

from costmodel.link import base_of
from costmodel.presets import PRESETS
from report import text
from report.workbook.sheets import FIRST, Sheets

MOST_LINK = 2000
"""Characters of a link that a cell can open; a longer one stands as text."""


LINE_HEIGHT, LINE_CHARACTERS = 14.5, 130
MOST_LINES = 28


def lines(words: str) -> int:
    """Lines that words take in the wide column; a row has at most as many as its height allows."""
    found = sum(1 + len(line) // LINE_CHARACTERS for line in words.split("\n"))
    return min(max(found, 1), MOST_LINES)


def sources(sheets: Sheets) -> None:
    """What, its words, and for the link a cell that opens it."""
    style = sheets.style
    note = "Where this workbook comes from, what its numbers mean, and what they leave out."
    sheet = sheets.sheet("Sources", note, (30, 118))
    row, group = FIRST - 1, ""
    for head, label, words in _facts(sheets):
        if head != group:
            row += bool(group)
            sheets.words(sheet, row, 0, head, style.section)
            sheets.words(sheet, row, 1, "", style.section)
            group, row = head, row + 1
        sheets.words(sheet, row, 0, label, style.text(wrap=True))
        link = sheets.imprint.link
        opens = label == "Scenario link" and link.startswith(("http://", "https://")) and len(link) <= MOST_LINK
        if opens:
            look = style(font_color=style.link_colour, underline=1)
            if sheet.write_url(row, 1, link, look, string="Open this scenario in Crossover") != 0:
                sheets.words(sheet, row, 1, words, style.text(wrap=True))
        else:
            sheets.words(sheet, row, 1, words, style.text(wrap=True))
        sheet.set_row(row, LINE_HEIGHT * lines(words if not opens else ""))
        row += 1
    sheets.page(sheet, 2, row, 1)


def _facts(sheets: Sheets) -> Iterator[tuple[str, str, str]]:
    """Heading, label and words of each line."""
    imprint, run = sheets.imprint, sheets.run
    scenario, finance = run.scenario, run.scenario.finance
    about = "This workbook"
    yield about, "Scenario", scenario.name
    yield about, "Preset", scenario.preset or "none"
    yield about, "Made on", imprint.today.isoformat()
    yield about, "Model version", imprint.model_version
    yield about, "Price book", imprint.price_book
    yield about, "Prices", imprint.price_dates
    yield about, "Scenario link", imprint.link or "too large for a link; take the scenario file (JSON) along"
    yield about, "Verdict", text.verdict(run).sentence
    if imprint.present:
        yield about, "Verdict in present value", text.verdict(run, True).sentence
    for key in run.excluded:
        yield (
            about,
            "Left out",
            f"{text.plain(text.name(key, starts=True))}: {text.plain(text.excluded_reason(run, key))}",
        )
    yield from _reading()
    for warning in run.warnings:
        yield "Warnings", "Warning", warning
    conventions = "Conventions"
    yield conventions, "Time", "Month 0 is the build; months 1 to the horizon are operation. Costs fall at month end."
    money = "USD, nominal unless a column says otherwise; nothing is rounded but what is shown."
    yield conventions, "Money", money
    if finance.currency != "USD":
        rate = f"{finance.usd_per_currency_unit:,.12g} USD per {finance.currency}"
        yield (
            conventions,
            "Currency",
            f"Summary and Monthly are in {finance.currency} at {rate}, the other sheets in USD.",
        )
    yield conventions, "Present value", "Cost / (1 + discount rate)^(month / 12); month 0 is not discounted."
    hours = f"{finance.hours_per_month:g} hours a month, {scenario.people.hours_per_week:g} hours a week"
    yield conventions, "Hours", hours
    yield conventions, "Sizes", "GB = 1e9 bytes"
    starts = finance.fiscal_year_starts_month
    yield conventions, "Fiscal year", f"Starts in month {starts} and is named after the year it ends in."
    in_tco = "in every total" if finance.consequences_in_tco else "beside the bill, in no total"
    yield conventions, "Consequences", f"What wrong answers and a later launch cost stands {in_tco}."
    for provider, share in finance.discount_share.items():
        yield conventions, f"Discount, {provider}", f"{share * 100:.6g}% off every price of {provider}"
    yield "Not included", "No total holds", f"{imprint.excluded}."
    base = base_of(scenario.preset)
    preset = PRESETS.get(scenario.preset or "")
    if preset is not None:
        yield "Preset", base.name, preset.reason
        yield "Preset", "Its advice", preset.advice


def _reading() -> Iterator[tuple[str, str, str]]:
    head = "How to read it"
    yield (
        head,
        "Live",
        "A filled cell on Assumptions or Prices: change it, and all sheets recompute to what the app says.",
    )
    yield (
        head,
        "Value",
        "A grey number or word is a value: horizon, start month, models and plans, kinds and hosting, retirements, "
        "which architectures are compared. Change it in the app and export again.",
    )
    yield head, "Sums", "Each cost line is a row of Workings and rows of Ledger; Monthly and Summary add them up."
