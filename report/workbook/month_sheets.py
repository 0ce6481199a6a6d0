"""The sheets by month: Monthly, Ledger and Workings."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from itertools import combinations

import numpy as np

from costmodel import ledger
from costmodel.results import Answer
from costmodel.scenario import Architecture
from costmodel.terms import Array
from costmodel.timeline import discount
from report import tables
from report.line_words import FAMILIES, PHASES
from report.workbook.arithmetic import written
from report.workbook.costs import Line, family_of, sections
from report.workbook.model import VOLUME
from report.workbook.sheets import FIRST, FIRST_MONTH, HEAD, NOT_KNOWN, Sheets, column_of, name_of
from report.workbook.style import INTERVAL, LINE, QUANTITY, SECOND, UNIT_PRICE, USD_CENTS

COST, CUMULATIVE, PRESENT, PRESENT_CUMULATIVE = "Cost", "Cumulative", "Present value", "Cumulative present value"
LEADING = ("Architecture", "Month", "Date", "Fiscal year", "Queries")


class Monthly:
    """Where the numbers of the Monthly sheet stand."""

    def __init__(self, sheets: Sheets) -> None:
        self._sheets = sheets
        used = {
            family_of(line.line)
            for key, lines in sheets.live.lines.items()
            for line in lines
            if line.counts(sheets.live.bills[key])
        }
        self.families = tuple(family for family in FAMILIES if family in used)
        names = [*PHASES.values(), *(FAMILIES[family] for family in self.families)]
        self.heads = (*LEADING, *names, COST, CUMULATIVE, PRESENT, PRESENT_CUMULATIVE)

    def column(self, head: str) -> int:
        """Column of a head, from 0."""
        return self.heads.index(head)

    def first(self, key: Architecture) -> int:
        """Row of an architecture's month 0, from 0."""
        return FIRST + self._sheets.architectures.index(key) * self._sheets.live.months

    def cell(self, key: Architecture, head: str, month: int) -> str:
        """Address of a number."""
        return f"Monthly!${_letter(self.column(head))}${self.first(key) + month + 1}"

    def range(self, key: Architecture, head: str, first: int = 0, last: int | None = None) -> str:
        """Address of the months `first` to `last` of an architecture."""
        end = self._sheets.live.months - 1 if last is None else last
        letter = _letter(self.column(head))
        return f"Monthly!${letter}${self.first(key) + first + 1}:${letter}${self.first(key) + end + 1}"


def _letter(column: int) -> str:
    return column_of(column - FIRST_MONTH)


def _day(day: date) -> datetime:
    return datetime(day.year, day.month, day.day)


def monthly(sheets: Sheets, places: Monthly) -> None:
    """Cost by phase, by family and in all, for each architecture and month, added up from the lines."""
    style, run, live = sheets.style, sheets.run, sheets.live
    in_tco = run.scenario.finance.consequences_in_tco
    with_them = "consequences included" if in_tco else "consequences stand beside the bill and are not in it"
    note = f"Nominal cost in {sheets.code}, added up from the cost lines on Workings; {with_them}."
    widths = (13, 7, 10, 8, 11, *[14] * (len(places.heads) - 9), 13, 14, 14, 16)
    sheet = sheets.sheet("Monthly", note, widths, places.heads)
    for column in range(4, len(places.heads)):
        sheets.words(sheet, HEAD, column, places.heads[column], style.head("right"))
    sheet.set_row(HEAD, 28)
    sheet.freeze_panes(FIRST, 2)
    years = tables.years(run, fiscal=True)
    for key, answer in run.answers.items():
        by_month = dict(_by_month(sheets, places, key, answer))
        for month in range(live.months):
            row, edge = places.first(key) + month, {"top": 1, "top_color": LINE} if not month else {}
            sheets.words(sheet, row, 0, name_of(key), style.architecture(key, **edge))
            sheet.write_number(row, 1, month, style(align="center", **edge))
            day = run.inputs.dates[month]
            sheet.write_datetime(row, 2, _day(day), style(num_format="mmm yyyy", align="left", **edge))
            sheet.write_number(row, 3, years[month], style(align="left", **edge))
            queries = f"Workings!{written(live.queries.text, column_of(month), live.numbers)[1:]}"
            number = style(num_format="#,##0", **edge)
            sheets.formula(sheet, row, 4, queries, run.queries[month], number)
            for head, values in by_month.items():
                bold = {"bold": True} if head in (COST, CUMULATIVE) else {}
                money = style(num_format=style.money_or_dash, align="right", **bold, **edge)
                formula = _formula(sheets, places, key, head, month)
                sheets.formula(sheet, row, places.column(head), formula, values[month] / sheets.usd_per_unit, money)
    rows = FIRST + live.months * len(sheets.architectures)
    sheet.autofilter(HEAD, 0, rows - 1, len(places.heads) - 1)
    sheets.page(sheet, len(places.heads), rows)


def _by_month(sheets: Sheets, places: Monthly, key: Architecture, answer: Answer) -> Iterator[tuple[str, Array]]:
    """Heads of the amounts with their values [USD]."""
    months = slice(sheets.live.months)
    shape = sheets.run.inputs.months.shape
    for phase, head in PHASES.items():
        yield head, np.broadcast_to(answer.bill.phase_usd(phase), shape)[months]
    by_family = tables.families_by_month(sheets.run, key)
    for family in places.families:
        yield FAMILIES[family], by_family.get(family, np.zeros(sheets.live.months))
    yield COST, answer.monthly_usd
    yield CUMULATIVE, answer.cumulative_usd
    yield PRESENT, answer.monthly_present_value_usd
    yield PRESENT_CUMULATIVE, np.cumsum(answer.monthly_present_value_usd)


def _formula(sheets: Sheets, places: Monthly, key: Architecture, head: str, month: int) -> str:
    cell = {each: places.cell(key, each, month).removeprefix("Monthly!") for each in (COST, CUMULATIVE, PRESENT)}
    unknown = sheets.can_be_unknown(key)
    if head in (CUMULATIVE, PRESENT_CUMULATIVE):
        now = cell[COST if head == CUMULATIVE else PRESENT]
        before = places.cell(key, head, month - 1).removeprefix("Monthly!") if month else ""
        formula = f"{before}+{now}" if month else now
        return f'IFERROR({formula},"{NOT_KNOWN}")' if unknown and month else formula
    if head == PRESENT:
        return _maybe(f"{cell[COST]}/(1+discount_rate_annual)^({month}/12)", unknown)
    section, column = sections(key)[2], column_of(month)
    if section not in sheets.live.sections:
        return "0"
    first, last = sheets.live.span(section)
    span = f"Workings!{column}${first}:{column}${last}"
    if head == COST:
        return _maybe(sheets.shown(f"SUM({span})"), unknown)
    by = "C" if head in PHASES.values() else "B"
    word = f"{_letter(places.column(head))}${HEAD + 1}"
    return _maybe(sheets.shown(f"SUMIFS({span},Workings!${by}${first}:${by}${last},{word})"), unknown)


def _maybe(formula: str, unknown: bool) -> str:
    return f'IFERROR({formula},"{NOT_KNOWN}")' if unknown else formula


def ledger_rows(sheets: Sheets) -> Iterator[tuple[Architecture, Line, int]]:
    """Every row of the ledger: architecture, line and month in which it can cost something."""
    for key, lines in sheets.live.lines.items():
        for line in lines:
            active = sheets.live.rows[line.quantity].active | sheets.live.rows[line.cost].active
            for month in np.flatnonzero(active).tolist():
                yield key, line, month


def the_ledger(sheets: Sheets) -> int:
    """One row for each architecture, cost line and month; returns the number of the last row."""
    style, run, live = sheets.style, sheets.run, sheets.live
    note = (
        "In USD, nominal unless a column says otherwise. Rows that are 0 stand here because an assumption can move "
        "a cost into them."
    )
    widths = (12, 18, 10, 12, 44, 13, 19, 16, 14, 21, 8, 12, 60)
    sheet = sheets.sheet("Ledger", note, widths, ledger.COLUMNS)
    for column in (5, 7, 8, 9):
        sheets.words(sheet, HEAD, column, ledger.COLUMNS[column], style.head("right"))
    sheets.words(sheet, HEAD, 6, ledger.COLUMNS[6], style.head(indent=1))
    sheet.freeze_panes(FIRST, 2)
    factor = discount(run.scenario.finance.discount_rate_annual, np.arange(live.months, dtype=float))
    row = FIRST
    for key, line, month in ledger_rows(sheets):
        given = line.line
        driver = f"{given.driver} (average price)" if given.average else given.driver
        for column, text in enumerate((key, given.component, given.phase, given.scope, driver)):
            sheets.words(sheet, row, column, text)
        quantity, cost = (_value(live.rows[place].value, month) for place in (line.quantity, line.cost))
        number, column_letter = row + 1, column_of(month)
        for column, place, value, shape in (
            (5, line.quantity, quantity, QUANTITY),
            (8, line.cost, cost, USD_CENTS),
        ):
            reference = f"Workings!{column_letter}{live.numbers[place]}"
            formula = f'IFERROR({reference},"{NOT_KNOWN}")' if column == 8 and line.missing else reference
            sheets.formula(sheet, row, column, formula, value, style(num_format=shape))
        sheets.words(sheet, row, 6, given.unit, style.beside)
        each = cost / quantity if quantity else ""
        average = f'IF(F{number}=0,"",I{number}/F{number})'
        worth = f"I{number}/(1+discount_rate_annual)^(K{number}/12)"
        if line.missing:
            average, worth = f'IFERROR({average},"{NOT_KNOWN}")', f'IFERROR({worth},"{NOT_KNOWN}")'
        sheets.formula(sheet, row, 7, average, each, style(num_format=UNIT_PRICE))
        sheets.formula(sheet, row, 9, worth, cost * factor[month], style(num_format=USD_CENTS))
        sheet.write_number(row, 10, month, style(align="center"))
        sheet.write_datetime(row, 11, _day(run.inputs.dates[month]), style(num_format="yyyy-mm-dd", align="left"))
        sheets.words(sheet, row, 12, given.price_id, style.lead)
        row += 1
    if row > FIRST:
        idle = {"type": "formula", "criteria": f"=AND($F{FIRST + 1}=0,$I{FIRST + 1}=0)"}
        sheet.conditional_format(FIRST, 0, row - 1, 12, idle | {"format": sheets.book.add_format({"font_color": LINE})})
        sheet.autofilter(HEAD, 0, row - 1, len(ledger.COLUMNS) - 1)
    sheets.page(sheet, len(ledger.COLUMNS), row)
    return row


def _value(values: Array, month: int) -> float:
    return float(values[month])


def workings(sheets: Sheets) -> int:
    """Every quantity behind the lines, each line's quantity and cost, by month; returns the next free row."""
    style, run, live = sheets.style, sheets.run, sheets.live
    note = (
        "How each cost line comes about, in USD: quantities, prices paid, and the lines themselves. "
        "Filled cells on Assumptions and Prices are what it starts from; grey numbers are values."
    )
    heads = ("Quantity", "Family", "Phase", "Unit", "All months", *map(str, range(live.months)))
    sheet = sheets.sheet("Workings", note, (58, 13, 9, 20, 13, *[13] * live.months), heads)
    sheet.freeze_panes(FIRST, FIRST_MONTH)
    sheets.words(sheet, HEAD, 4, "All months", style.head("right"))
    for month in range(live.months):
        day = _day(run.inputs.dates[month])
        column = FIRST_MONTH + month
        sheet.write_datetime(HEAD - 1, column, day, style(num_format="mmm yyyy", align="right", font_color=SECOND))
        sheet.write_number(HEAD, column, month, style.head("right"))
    keys = {head: key for key in live.lines for head in sections(key)}
    for head, numbered in live.sections.items():
        top = live.numbers[numbered[0]] - 2
        heading = style.section if head not in keys else style.architecture(keys[head], bottom=1, bottom_color=LINE)
        for column in range(FIRST_MONTH + live.months):
            sheets.words(sheet, top, column, "" if column else "User queries" if head == VOLUME else head, heading)
        for place in numbered:
            _working(sheets, place)
    free = max(live.numbers) + 1
    crossings = 2 * len(list(combinations(live.lines, 2)))
    sheets.page(sheet, FIRST_MONTH + live.months, free + crossings)
    sheet.repeat_columns(0)
    sheet.fit_to_pages(2, 0)
    return free


def _working(sheets: Sheets, place: int) -> None:
    style, live = sheets.style, sheets.live
    sheet = sheets.book.get_worksheet_by_name("Workings")
    row, number = live.rows[place], live.numbers[place] - 1
    sheets.words(sheet, number, 0, row.label)
    if row.tags:
        sheets.words(sheet, number, 1, FAMILIES[row.tags["family"]], style.lead)
        sheets.words(sheet, number, 2, PHASES[row.tags["phase"]], style.lead)
    sheets.words(sheet, number, 3, row.unit, style.lead)
    priced = row.unit.startswith("USD/")
    shape = USD_CENTS if row.unit == "USD" else INTERVAL if row.unit == "months" else UNIT_PRICE if priced else QUANTITY
    live_format, value_format = style(num_format=shape, align="right"), style.value(shape)
    if not row.by_month:
        sheets.formula(sheet, number, 4, written(row.text, "", live.numbers), row.value, live_format)
        return
    for month in range(live.months):
        value, column = _value(row.value, month), FIRST_MONTH + month
        if not row.active[month]:
            continue
        if not row.is_formula:
            if np.isnan(value):
                sheet.write_formula(number, column, "=NA()", value_format, "#N/A")
            else:
                sheet.write_number(number, column, value, value_format)
            continue
        text = row.texts[month] if row.texts else row.text
        formula = written(text, column_of(month), live.numbers)
        result = "#N/A" if np.isnan(value) else value
        sheet.write_formula(number, column, formula, live_format, result)
