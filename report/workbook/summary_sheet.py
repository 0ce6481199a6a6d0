"""The first sheet: the answer, the totals of each architecture, who overtakes whom, and the charts."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations
from typing import Any

import numpy as np
from xlsxwriter.worksheet import Worksheet

from costmodel.results import MILESTONES, Answer
from costmodel.scenario import Architecture
from report import tables, text
from report.line_words import FAMILIES, PHASES
from report.numbers import shortened
from report.palette import ARCHITECTURES
from report.palette import FAMILIES as TINTS
from report.sentence import months_words
from report.workbook.arithmetic import written
from report.workbook.month_sheets import COST, CUMULATIVE, PRESENT_CUMULATIVE, Monthly
from report.workbook.sheets import FIRST_MONTH, HEAD, NOT_KNOWN, Sheets, column_of, name_of
from report.workbook.style import FONT, GRID, INK, LINE, SECOND

TOP = 6
"""Row (from 0) of the names of the architectures."""
DASHED = {"prompting": {"width": 1.25, "dash_type": "dash"}}
BOTTOM = 43
"""Row below the charts."""
LABELS, LEFT = 0, 1
"""Column of the labels, and of the first architecture."""
AS_EXPORTED = " (as exported)"

Row = tuple[str, dict[Architecture, tuple[str, Any]], str]
"""Label, formula and value by architecture, and the number format."""


class Summary:
    """Writes the sheet; `ledger_rows` is the last row of the Ledger, `free` a free row of the Workings."""

    def __init__(self, sheets: Sheets, places: Monthly, ledger_rows: int, free: int) -> None:
        self._sheets = sheets
        self._places = places
        self._run = sheets.run
        self._style = sheets.style
        self._ledger_rows = ledger_rows
        self._free = free
        self._rows: dict[str, int] = {}
        self._fiscal = sheets.run.scenario.finance.fiscal_year_starts_month != 1
        self._last = sheets.live.months - 1
        self.sheet: Worksheet = sheets.sheet("Summary", "", (44, *[17] * max(len(sheets.architectures), 3), 3))

    def write(self) -> None:
        """All of it."""
        sheets, style, run = self._sheets, self._style, self._run
        widest = LEFT + max(len(sheets.architectures), 3)
        self.sheet.set_row(0, 28)
        sheets.words(self.sheet, 0, 0, shortened(run.scenario.name, 120), style.title)
        eyebrow = f"{months_words(run.horizon)} · {sheets.imprint.price_dates} · {sheets.imprint.today.isoformat()}"
        sheets.words(self.sheet, 1, 0, eyebrow, style.lead)
        self.sheet.set_row(2, 36)
        self.sheet.merge_range(2, 0, 2, widest + 10, "", style(text_wrap=True, font_size=12))
        sheets.words(self.sheet, 2, 0, self._verdict(), style(text_wrap=True, font_size=12, valign="top"))
        self._cheapest_now()
        for column, key in enumerate(sheets.architectures, LEFT):
            ink = ARCHITECTURES[key].light
            look = style.architecture(key, top=5, top_color=ink, align="right", font_size=12)
            sheets.words(self.sheet, TOP, column, name_of(key), look)
        row = self._block(TOP + 1, self._totals())
        row = self._excluded(row)
        row = self._block(self._title(row + 1, "What the money pays for"), self._families())
        row = self._block(self._title(row + 1, "By fiscal year" if self._fiscal else "By calendar year"), self._years())
        row = self._crossings(row + 1)
        row = self._foot(row + 1)
        self._charts(widest)
        self.sheet.freeze_panes(TOP + 1, 0)
        self.sheet.set_first_sheet()
        self.sheet.activate()
        sheets.page(self.sheet, widest + 11, max(row, BOTTOM), None)
        self.sheet.fit_to_pages(1, 1)

    def _verdict(self) -> str:
        found = text.verdict(self._run, bool(self._sheets.imprint.present))
        return f"{text.plain(found.headline)}. {text.plain(found.lead)}".strip()

    def _cheapest_now(self) -> None:
        """Who is cheapest with the numbers that stand in the cells now."""
        sheets, style, run = self._sheets, self._style, self._run
        sheets.words(self.sheet, 3, 0, "The sentence above is as exported; the cells below recompute.", style.lead)
        sheets.words(self.sheet, 4, 0, "Cheapest with the numbers in this workbook", style(bold=True))
        barred = {key for key in run.excluded if not run.answers[key].missing}
        left = [key for key in sheets.architectures if key not in barred]
        least, formula = f"MIN({','.join(map(self._total, left))})", f'"{NOT_KNOWN}"'
        for key in reversed(left):
            formula = f'IF({self._total(key)}={least},"{name_of(key)}",{formula})'
        best = run.cheapest
        look = style.architecture(best) if best else style(bold=True)
        sheets.formula(self.sheet, 4, 1, formula, name_of(best) if best else NOT_KNOWN, look)

    def _total(self, key: Architecture) -> str:
        return self._places.cell(key, CUMULATIVE, self._last)

    # The table

    def _title(self, row: int, words: str) -> int:
        for column in range(LEFT + len(self._sheets.architectures)):
            self._sheets.words(self.sheet, row, column, "" if column else words, self._style.section)
        return row + 1

    def _block(self, row: int, rows: Iterator[Row]) -> int:
        sheets, style = self._sheets, self._style
        for label, cells, number in rows:
            self._rows[label] = row
            bold = {"bold": True, "font_size": 12} if row == TOP + 1 else {}
            sheets.words(self.sheet, row, LABELS, label, style(bottom=1, bottom_color=GRID, **bold))
            for column, key in enumerate(sheets.architectures, LEFT):
                formula, value = cells[key]
                look = style(num_format=number, align="right", bottom=1, bottom_color=GRID, **bold)
                if formula:
                    sheets.formula(self.sheet, row, column, formula, value, look)
                elif value is None or value != value:
                    grey = style.value(align="right")
                    sheets.words(self.sheet, row, column, NOT_KNOWN, grey)
                else:
                    grey = style(num_format=number, align="right", bottom=1, bottom_color=GRID, font_color=SECOND)
                    self.sheet.write_number(row, column, value, grey)
            row += 1
        return row

    def _each(self, of: Any) -> dict[Architecture, tuple[str, Any]]:
        return {key: of(key, answer) for key, answer in self._run.answers.items()}

    def _totals(self) -> Iterator[Row]:
        run, places, unit, style = self._run, self._places, self._sheets.usd_per_unit, self._style
        every = ",".join(self._total(key) for key in run.answers)

        def known(answer: Answer, usd: float) -> float:
            return float("nan") if answer.missing else usd / unit

        def difference(key: Architecture, answer: Answer) -> tuple[str, Any]:
            least = min((each.tco_usd for each in run.answers.values() if not each.missing), default=float("nan"))
            return self._if_known(key, f"{self._total(key)}-MIN({every})"), known(answer, answer.tco_usd - least)

        def phase(head: str, name: str) -> dict[Architecture, tuple[str, Any]]:
            return self._each(lambda key, answer: (self._sum(key, head), known(answer, answer.phase_usd(name))))

        def through(months: int) -> dict[Architecture, tuple[str, Any]]:
            inside = months <= run.horizon
            return self._each(
                lambda key, answer: (
                    places.cell(key, CUMULATIVE, months) if inside else "",
                    answer.total_usd(months) / unit,
                )
            )

        yield (
            f"Total over {months_words(run.horizon)}",
            self._each(lambda key, answer: (self._total(key), known(answer, answer.tco_usd))),
            style.money,
        )
        yield "More than the smallest total", self._each(difference), style.money
        yield (
            "Present value (discount rate on Assumptions)",
            self._each(
                lambda key, answer: (
                    places.cell(key, PRESENT_CUMULATIVE, self._last),
                    known(answer, answer.present_value_usd),
                )
            ),
            style.money,
        )
        for name, head in PHASES.items():
            words = {"one_time": "Build", "recurring": "Running", "event": "Retraining and other events"}[name]
            yield words, phase(head, name), style.money
        for months in MILESTONES:
            if months != run.horizon:
                words = f"Total after {months} months"
                yield words if months <= run.horizon else f"{words}{AS_EXPORTED}", through(months), style.money
        yield "Per month at the end", self._each(self._run_rate), style.money
        yield "Per query", self._each(self._per_query), style.money_fine
        if text.quality_is_set(run):
            yield "Per right answer", self._each(self._per_right_answer), style.money_fine
        yield "Check: total less the sum of the ledger", self._each(self._check), style.money_cents

    def _if_known(self, key: Architecture, formula: str) -> str:
        if not self._sheets.can_be_unknown(key):
            return formula
        return f'IF(ISNUMBER({self._total(key)}),{formula},"{NOT_KNOWN}")'

    def _sum(self, key: Architecture, head: str) -> str:
        return self._if_known(key, f"SUM({self._places.range(key, head)})")

    def _run_rate(self, key: Architecture, answer: Answer) -> tuple[str, Any]:
        last = self._places.cell(key, PHASES["recurring"], self._last)
        events = self._places.range(key, PHASES["event"], 1)
        value = answer.run_rate_usd / self._sheets.usd_per_unit
        return self._if_known(key, f"{last}+AVERAGE({events})"), value if not answer.missing else float("nan")

    def _per(self, key: Architecture, answer: Answer, below: str, usd: float | None) -> tuple[str, Any]:
        formula = self._if_known(key, f'IF({below}>0,{self._total(key)}/{below},"none")')
        value = "none" if usd is None else usd / self._sheets.usd_per_unit
        return formula, float("nan") if answer.missing else value

    def _per_query(self, key: Architecture, answer: Answer) -> tuple[str, Any]:
        asked = f"SUM({self._places.range(key, 'Queries')})"
        return self._per(key, answer, asked, answer.cost_per_query_usd)

    def _per_right_answer(self, key: Architecture, answer: Answer) -> tuple[str, Any]:
        live = self._sheets.live
        part, span = live.correct[key], f"SUM({self._places.range(key, 'Queries')})"
        if part.by_month:
            first, last = (written(part.text, column_of(month), live.numbers)[1:] for month in (0, self._last))
            row = live.numbers[int(live.queries.text.split("[")[1].split("]")[0])]
            queries = f"Workings!{column_of(0)}{row}:{column_of(self._last)}{row}"
            right = f"SUMPRODUCT({queries},Workings!{first}:{last})"
        else:
            right = f"{span}*{self._on_workings(written(part.text, '', live.numbers)[1:])}"
        return self._per(key, answer, f"({right})", answer.cost_per_correct_answer_usd)

    def _on_workings(self, reference: str) -> str:
        return f"Workings!{reference}" if reference.startswith("$") else reference

    def _check(self, key: Architecture, answer: Answer) -> tuple[str, Any]:
        last = self._ledger_rows
        if last <= HEAD + 1:
            return "0", 0.0
        ranges = {letter: f"Ledger!${letter}${HEAD + 2}:${letter}${last}" for letter in "ADI"}
        scope = "" if answer.bill.consequences_count else f',{ranges["D"]},"bill"'
        total = f'SUMIFS({ranges["I"]},{ranges["A"]},"{key}"{scope})'
        formula = f"ROUND({self._total(key)}-{self._sheets.shown(total)},6)"
        return self._if_known(key, formula), float("nan") if answer.missing else 0.0

    def _families(self) -> Iterator[Row]:
        unit = self._sheets.usd_per_unit
        sums = {key: tables.families_by_month(self._run, key) for key in self._run.answers}
        for family in self._places.families:
            head = FAMILIES[family]

            def of(key: Architecture, answer: Answer, family: str = family, head: str = head) -> tuple[str, Any]:
                usd = float(sums[key].get(family, np.zeros(1)).sum())
                return self._sum(key, head), float("nan") if answer.missing else usd / unit

            yield head, self._each(of), self._style.money

    def _years(self) -> Iterator[Row]:
        unit, years = self._sheets.usd_per_unit, np.array(tables.years(self._run, fiscal=True))
        for year in dict.fromkeys(years.tolist()):

            def of(key: Architecture, answer: Answer, year: int = year) -> tuple[str, Any]:
                cost, by = self._places.range(key, COST), self._places.range(key, "Fiscal year")
                usd = float(answer.monthly_usd[years == year].sum())
                return self._if_known(
                    key, f"SUMIFS({cost},{by},{year})"
                ), usd / unit if not answer.missing else usd * np.nan

            yield tables.year_label(year, fiscal=self._fiscal), self._each(of), self._style.money

    def _excluded(self, row: int) -> int:
        for key in self._run.excluded:
            words = f"{name_of(key)} is left out: {text.plain(text.excluded_reason(self._run, key))}."
            self._sheets.words(self.sheet, row, LABELS, words, self._style.lead)
            row += 1
        return row

    # Who overtakes whom

    def _crossings(self, row: int) -> int:
        """The order of two cumulative costs: how often it changes, when first, and who is cheaper at the end."""
        sheets, style, run = self._sheets, self._style, self._run
        pairs = [pair for pair in combinations(run.answers, 2) if not any(run.answers[key].missing for key in pair)]
        if not pairs:
            return row
        words = ("Who overtakes whom", "Changes", "First in month", "Cheaper so far")
        for column, word in enumerate(words):
            sheets.words(self.sheet, row, column, word, style.section if not column else style.head("right"))
        found = run.crossings
        for a, b in pairs:
            row += 1
            ahead, changes = self._ahead(a, b)
            mine = [each for each in found if {each.a, each.b} == {a, b}]
            sheets.words(self.sheet, row, 0, f"{name_of(a)} and {name_of(b)}", style(bottom=1, bottom_color=GRID))
            look = style(align="right", bottom=1, bottom_color=GRID, num_format="0")
            sheets.formula(self.sheet, row, 1, f"SUM({changes})", float(len(mine)), look)
            months = f"Workings!${column_of(0)}${HEAD + 1}:${column_of(self._last)}${HEAD + 1}"
            first = f'IF(SUM({changes})=0,"never",INDEX({months},MATCH(1,{changes},0)))'
            sheets.formula(self.sheet, row, 2, first, mine[0].overtakes_in_month if mine else "never", look)
            last = ahead.split(":")[1]
            sign = self._signs(a, b)[-1]
            who = name_of(b) if sign > 0 else name_of(a) if sign < 0 else "level"
            formula = f'IF(Workings!{last}>0,"{name_of(b)}",IF(Workings!{last}<0,"{name_of(a)}","level"))'
            sheets.formula(self.sheet, row, 3, formula, who, look)
        return row + 1

    def _signs(self, a: Architecture, b: Architecture) -> list[int]:
        """1 where `a` has cost more so far, -1 where `b` has; a difference of no account changes nothing."""
        found: list[int] = []
        one, other = (self._run.answers[key].cumulative_usd for key in (a, b))
        for month in range(self._last + 1):
            gap, largest = one[month] - other[month], max(abs(one[month]), abs(other[month]))
            level = abs(gap) <= 1e-9 * largest
            found.append((found[-1] if found else 0) if level else int(np.sign(gap)))
        return found

    def _ahead(self, a: Architecture, b: Architecture) -> tuple[str, str]:
        """Two rows on Workings: who has cost more so far, and the months in which that changes."""
        sheets, style = self._sheets, self._style
        sheet = sheets.book.get_worksheet_by_name("Workings")
        row = self._free
        self._free += 2
        names = f"{name_of(a)} less {name_of(b)}"
        sheets.words(sheet, row, 0, f"{names}: 1 where it has cost more so far, -1 where it has cost less")
        sheets.words(sheet, row + 1, 0, f"{names}: the order changes")
        signs, look = self._signs(a, b), style(num_format="0;-0;–", align="right")
        for month, sign in enumerate(signs):
            column, one, other = FIRST_MONTH + month, *(self._places.cell(key, CUMULATIVE, month) for key in (a, b))
            letter, before = column_of(month), column_of(month - 1) if month else ""
            was = f"{before}{row + 1}" if month else "0"
            level = f"ABS({one}-{other})<=0.000000001*MAX(ABS({one}),ABS({other}))"
            sheets.formula(sheet, row, column, f"IF({level},{was},SIGN({one}-{other}))", sign, look)
            past = signs[month - 1] if month else 0
            change = f"IF({was}<>0,IF({was}<>{letter}{row + 1},1,0),0)"
            sheets.formula(sheet, row + 1, column, change, int(past != 0 and past != sign), look)
        span = f"{column_of(0)}{{row}}:{column_of(self._last)}{{row}}"
        return span.format(row=row + 1), f"Workings!{span.format(row=row + 2)}"

    def _foot(self, row: int) -> int:
        sheets, style = self._sheets, self._style
        for words in (
            f"Not included: {sheets.imprint.excluded}.",
            f"Crossover model {sheets.imprint.model_version}, price book {sheets.imprint.price_book}, "
            f"{sheets.imprint.today.isoformat()}. Conventions, sources and the link back are on Sources.",
        ):
            sheets.words(self.sheet, row, 0, words, style(font_color=SECOND, font_size=9))
            row += 1
        return row

    # Charts

    def _charts(self, widest: int) -> None:
        known = [key for key in self._sheets.architectures if not self._run.answers[key].missing]
        if not known:
            return
        size = {"width": 640, "height": 340}
        lines = self._sheets.book.add_chart({"type": "line"})
        first = known[0]
        for key in known:
            lines.add_series(
                {
                    "name": name_of(key),
                    "categories": f"={self._places.range(first, 'Month')}",
                    "values": f"={self._places.range(key, CUMULATIVE)}",
                    "line": {"color": ARCHITECTURES[key].light, "width": 2.25} | DASHED.get(key, {}),
                }
            )
        title = f"Cumulative cost by month, {self._sheets.code}"
        self._finish(lines, title, size)
        self.sheet.insert_chart(TOP, widest + 1, lines, {"object_position": 3})
        bars = self._sheets.book.add_chart({"type": "column", "subtype": "stacked"})
        for family in self._places.families:
            head = FAMILIES[family]
            points = [self._tint(key, family) for key in known]
            row = self._rows[head]
            columns = [LEFT + self._sheets.architectures.index(key) for key in known]
            bars.add_series(
                {
                    "name": head,
                    "categories": ["Summary", TOP, min(columns), TOP, max(columns)],
                    "values": ["Summary", row, min(columns), row, max(columns)],
                    "points": points if len(known) == max(columns) - min(columns) + 1 else None,
                    "fill": {"color": tint(INK, TINTS.get(family, 0.0))},
                    "border": {"color": LINE},
                    "gap": 60,
                }
            )
        self._finish(bars, f"What the money pays for, {self._sheets.code}", size)
        self.sheet.insert_chart(TOP + 18, widest + 1, bars, {"object_position": 3})

    def _tint(self, key: Architecture, family: str) -> dict[str, Any]:
        return {"fill": {"color": tint(ARCHITECTURES[key].light, TINTS.get(family, 0.0))}, "border": {"color": LINE}}

    def _finish(self, chart: Any, title: str, size: dict[str, int]) -> None:
        font = {"name": FONT, "size": 9, "color": SECOND}
        chart.set_title(
            {"name": title, "overlay": False, "name_font": {"name": FONT, "size": 11, "bold": True, "color": INK}}
        )
        chart.set_legend({"position": "bottom", "font": font})
        chart.set_x_axis({"num_font": font, "line": {"color": LINE}, "major_tick_mark": "none", "interval_unit": 6})
        axis = {"num_font": font, "num_format": self._style.money, "line": {"none": True}}
        chart.set_y_axis(axis | {"major_gridlines": {"visible": True, "line": {"color": GRID, "width": 0.75}}})
        chart.set_chartarea({"border": {"none": True}})
        chart.set_size(size)


def tint(colour: str, share: float) -> str:
    """A colour on white, as strong as its share says."""
    parts = (int(colour[place : place + 2], 16) for place in (1, 3, 5))
    return "#" + "".join(f"{round(255 - share * (255 - part)):02x}" for part in parts)
