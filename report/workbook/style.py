"""How the sheets look: quiet type, hairlines, one colour for each architecture, one fill for the cells to change."""

from __future__ import annotations

import re
from typing import Any

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from report.numbers import Money
from report.palette import ARCHITECTURES, NEUTRALS

FONT = "Calibri"
INK, SECOND, LINE, GRID, PANEL = (NEUTRALS[name][0] for name in ("ink", "second", "line", "grid", "panel"))
INPUT_FILL = "#eef2f8"
MOST_CHARACTERS = 32_000
"""Characters of one cell; a spreadsheet takes 32,767."""
PLAIN_NUMBER = "#,##0.######;-#,##0.######;0"
PRICE = "#,##0.00####"
QUANTITY = '[=0]"–";[>=1000]#,##0;#,##0.00####'
USD_CENTS = "#,##0.00;-#,##0.00;–"
UNIT_PRICE = '[=0]"–";[>=100]#,##0.00;#,##0.00########'
INTERVAL = '[>=1E+15]"never";#,##0.##'

# Control characters, halves of a pair and non-characters, which XML forbids; and marks that turn a line round.
_FORBIDDEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_TURNING = re.compile("[\u202a-\u202e\u2066-\u2069]")
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n")


def harmless(text: str) -> str:
    """Text as a cell can hold it: no forbidden characters, nothing that turns a line round, not too long."""
    clean = _TURNING.sub("", _FORBIDDEN.sub(" ", text.replace("\r\n", "\n").replace("\r", "\n")))
    return clean if len(clean) <= MOST_CHARACTERS else f"{clean[:MOST_CHARACTERS]}…"


class Style:
    """Formats of a workbook, each made once."""

    def __init__(self, book: xlsxwriter.Workbook, money: Money) -> None:
        self._book = book
        self._known: dict[str, Format] = {}
        self._properties: dict[int, dict[str, Any]] = {}
        symbol = money.symbol.replace('"', "")
        self.money = f'"{symbol}"#,##0;-"{symbol}"#,##0;"{symbol}"0'
        self.money_or_dash = f'"{symbol}"#,##0;-"{symbol}"#,##0;"–"'
        self.money_cents = f'"{symbol}"#,##0.00;-"{symbol}"#,##0.00;"{symbol}"0.00'
        self.money_fine = f'"{symbol}"#,##0.00####;-"{symbol}"#,##0.00####;"{symbol}"0'

    def __call__(self, **properties: Any) -> Format:
        """A format of the house with these properties."""
        key = repr(sorted(properties.items()))
        if key not in self._known:
            house = {"font_name": FONT, "font_size": 10, "font_color": INK, "valign": "vcenter"}
            self._known[key] = self._book.add_format(house | properties)
            self._properties[id(self._known[key])] = properties
        return self._known[key]

    def quoted(self, format_: Format) -> Format:
        """The same format for words that would be a formula if somebody typed them."""
        return self(**self._properties[id(format_)], quote_prefix=True)

    link_colour = ARCHITECTURES["rag"].light_text

    @property
    def title(self) -> Format:
        """The name of a sheet."""
        return self(font_size=16, bold=True)

    @property
    def lead(self) -> Format:
        """The line under a title."""
        return self(font_color=SECOND)

    @property
    def beside(self) -> Format:
        """Quiet words right of a number."""
        return self(font_color=SECOND, indent=1)

    @property
    def section(self) -> Format:
        """A heading inside a sheet."""
        return self(bold=True, font_size=11, bottom=1, bottom_color=LINE)

    def head(self, align: str = "left", **more: Any) -> Format:
        """The head of a column."""
        return self(
            bold=True,
            font_color=SECOND,
            bottom=1,
            bottom_color=LINE,
            align=align,
            text_wrap=True,
            valign="bottom",
            **more,
        )

    def architecture(self, key: str, **more: Any) -> Format:
        """Words in the colour of an architecture."""
        return self(bold=True, font_color=ARCHITECTURES[key].light_text, **more)

    def input(self, number: str = PLAIN_NUMBER) -> Format:
        """A cell to change."""
        return self(bg_color=INPUT_FILL, border=1, border_color=LINE, num_format=number, align="right")

    def value(self, number: str = PLAIN_NUMBER, align: str = "right") -> Format:
        """A number or word that a change of this workbook does not move."""
        return self(font_color=SECOND, num_format=number, align=align)

    def text(self, wrap: bool = False, **more: Any) -> Format:
        """Words."""
        return self(text_wrap=wrap, **({"valign": "top"} if wrap else {}), **more)


def words(sheet: Worksheet, row: int, column: int, text: str, format_: Format, style: Style) -> None:
    """Write text as text: it is no formula and no link, also when somebody edits the cell."""
    clean = harmless(text)
    if clean.lstrip(" ").startswith(_FORMULA_STARTS):
        format_ = style.quoted(format_)
    sheet.write_string(row, column, clean, format_)


def page(sheet: Worksheet, head_rows: tuple[int, int] | None, columns: int, rows: int) -> None:
    """Print set-up: landscape, as wide as one page, the head on each page, page numbers."""
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.set_margins(left=0.5, right=0.5, top=0.6, bottom=0.6)
    sheet.fit_to_pages(1, 0)
    sheet.hide_gridlines(2)
    sheet.set_footer("&L&8&A&R&8&P of &N")
    if head_rows:
        sheet.repeat_rows(*head_rows)
    if rows:
        sheet.print_area(0, 0, rows - 1, columns - 1)
