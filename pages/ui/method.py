"""The parts of the Method page: the chapters of report.method as an article, with its contents beside it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from html import escape
from itertools import groupby

import streamlit as st

from costmodel import MODEL_VERSION
from costmodel.results import Run
from pages.ui import layout
from pricing.catalog import load_book
from report.method import blocks, chapters, gallery, headline, lead
from report.method.notation import PRODUCT, Set, tree, written
from report.method.reading import PHASES, sentence

_ADDRESS = re.compile(r"https?://(?:www\.)?([^/\s]+)(?:/[^\s;,)]*)?")


def verdict() -> None:
    """The method in one sentence, and why it is true."""
    layout.hero(headline(), lead())


def article(run: Run) -> None:
    """The chapters. Each is an element of its own, so that one that changes leaves the others as they are."""
    shown = chapters(run, _examples(load_book().id, MODEL_VERSION))
    with st.container(key="method", gap=None):
        st.html(_contents(shown))
        for chapter in shown:
            head = f'<h2 id="{chapter.id}">{escape(chapter.title)}</h2>'
            if chapter.id == "assumptions":
                _expanders(head, chapter.blocks)
            else:
                st.html(f'<div class="article">{head}{"".join(map(html, chapter.blocks))}</div>')


def _expanders(head: str, parts: Iterable[blocks.Block]) -> None:
    """Folded parts whose content follows the levers: Streamlit's expanders stay open when it changes."""
    text = "".join(html(part) for part in parts if not isinstance(part, blocks.Section))
    st.html(f'<div class="article">{head}{text}</div>')
    for part in parts:
        if isinstance(part, blocks.Section):
            with st.expander(f"{part.title} :small[:gray[{part.note}]]", key=part.id):
                st.html(f'<div class="article">{"".join(map(html, part.blocks))}</div>')


@st.cache_data(show_spinner=False, max_entries=4)
def _examples(book_id: str, model_version: str) -> tuple[blocks.ExampleShown, ...]:
    """The gallery: the same for every session, so worked out once for a price book and a version of the model."""
    return gallery.examples()


def _contents(shown: Iterable[blocks.Chapter]) -> str:
    items = "".join(f'<li><a href="#{chapter.id}">{escape(chapter.title)}</a></li>' for chapter in shown)
    return f'<nav class="contents" aria-label="Contents"><ol>{items}</ol></nav>'


def html(block: blocks.Block) -> str:
    """A block as HTML."""
    match block:
        case blocks.Paragraph(text=text):
            return f"<p>{marked(text)}</p>"
        case blocks.Points(items=items):
            return f"<ul>{''.join(f'<li>{marked(item)}</li>' for item in items)}</ul>"
        case blocks.Formula():
            return _formula(block)
        case blocks.Bill():
            return _bill(block)
        case blocks.Assumptions(rows=rows):
            return f'<div class="assumptions">{"".join(map(_assumption, rows))}</div>'
        case blocks.Table(head=head, rows=rows):
            return _table(head, rows)
        case blocks.Drivers(rows=drivers):
            return f'<div class="drivers">{"".join(map(_driver, drivers))}</div>'
        case blocks.Examples(shown=shown):
            return "".join(map(_example, shown))
        case blocks.Section():
            return _section(block)


def marked(text: str) -> str:
    """Plain text as HTML; what stands between backticks is a name in the code."""
    return "".join(f"<code>{escape(p)}</code>" if n % 2 else escape(p) for n, p in enumerate(text.split("`")))


def linked(text: str) -> str:
    """Plain text as HTML; an address in it is a link that shows whose it is."""
    return _ADDRESS.sub(lambda found: f'<a href="{found[0]}" target="_blank">{found[1]}</a>', escape(text))


def _section(block: blocks.Section) -> str:
    inside = "".join(map(html, block.blocks))
    note = f'<span class="note">{escape(block.note)}</span>' if block.note else ""
    if not block.folded:
        return f'<h3 id="{block.id}">{escape(block.title)}</h3>{inside}'
    title = f"<h3>{escape(block.title)}</h3>{note}"
    return f'<details id="{block.id}"><summary>{title}</summary>{inside}</details>'


def _formula(block: blocks.Formula) -> str:
    formula = written(block.expression)
    set_ = _math(formula) if tree(block.expression) else formula.html
    return (
        f'<div class="formula" id="{block.name}">'
        f'<p class="set"><b>{escape(block.label)}</b> = {set_}</p>'
        f"<p>{marked(block.meaning)}</p>"
        f'<p class="worked">{escape(sentence(block.worked))}</p></div>'
    )


def _math(piece: Set) -> str:
    return f'<span class="math">{piece.html}</span>'


def _bill(block: blocks.Bill) -> str:
    parts = []
    for only, lines in groupby(block.lines, key=lambda line: line.only):
        head = f"<h4>{escape(sentence(only))[:-1]}</h4>" if only else ""
        parts.append(f'{head}<dl class="bill">{_lines(lines)}</dl>')
    made_of = "".join(f"<li>{_math(left)} = {_math(right)}</li>" for left, right in block.definitions)
    where = f'<h4>What these are made of</h4><ul class="where">{made_of}</ul>' if made_of else ""
    return "".join(parts) + where


def _lines(lines: Iterable[blocks.Line]) -> str:
    found, before = [], ""
    for line in lines:
        component = line.component.replace("_", " ")
        again = ' class="again"' if component == before else ""
        found.append(
            f'<div class="line"><dt><span{again}>{escape(component)}</span> <small>{PHASES[line.phase]}</small></dt>'
            f"<dd>{_math(line.quantity.within(PRODUCT))} "
            f'<span class="price">× {_math(line.price.within(PRODUCT))}</span>'
            f"<small>{escape(line.driver)}</small></dd></div>"
        )
        before = component
    return "".join(found)


def _assumption(row: blocks.Assumption) -> str:
    unit = f" {escape(row.unit)}" if row.unit and row.unit != "ratio" and "share" not in row.unit else ""
    limits, comma, none = escape(row.limits).partition(", or none")
    guess = ' class="guess"' if row.guess else ""
    help_ = f"<p>{escape(row.help)}</p>" if row.help else ""
    source = f"; {linked(row.source)}" if row.source else ""
    return (
        f'<div class="row"><div><b>{escape(row.label)}</b><code>{escape(row.path)}</code>{help_}'
        f"<small>{limits}{unit}{comma}{none}; default {escape(row.default)}{source}</small></div>"
        f'<div class="value"><b>{escape(row.value)}{unit if row.value != "none" else ""}</b>'
        f"<small{guess}>{linked(sentence(row.because))}</small></div></div>"
    )


def _driver(row: blocks.Forgotten) -> str:
    fields = ", ".join(f"<code>{escape(path)}</code>" for path in row.paths)
    return (
        f'<div class="row"><div><b>{escape(row.name)}</b><p>{escape(sentence(row.range))}</p>'
        f"<small>Source: {linked(row.source)}</small></div>"
        f'<div class="value"><p>{escape(sentence(row.comes_to))}</p><small>{fields}</small></div></div>'
    )


def _table(head: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    columns = "".join(f'<th scope="col">{escape(cell)}</th>' for cell in head)
    body = "".join("<tr>" + "".join(f"<td>{marked(cell)}</td>" for cell in row) + "</tr>" for row in rows)
    return f"<table><thead><tr>{columns}</tr></thead><tbody>{body}</tbody></table>"


def _example(example: blocks.ExampleShown) -> str:
    rows = "".join(map(_figure, example.figures))
    named = escape(example.source)
    source = f'<a href="{escape(example.url)}" target="_blank">{named}</a>' if example.url else named
    note = f" {escape(example.note)}" if example.note else ""
    return (
        f'<div class="example"><details><summary><h3>{escape(example.title)}</h3></summary>'
        f'<table class="figures"><thead><tr><th scope="col">Figure</th><th scope="col">Published</th>'
        f'<th scope="col">Ours</th><th scope="col">Verdict</th></tr></thead><tbody>{rows}</tbody></table></details>'
        f"<p>{source}. {escape(sentence(gallery.counted(example.figures)))}{note}"
        f"{_way_in('Open in the app', example.word)}</p></div>"
    )


def _figure(row: blocks.FigureShown) -> str:
    why = f"<small>{linked(sentence(row.reason))}</small>" if row.reason else ""
    name = _way_in(row.figure, row.word) or escape(row.figure)
    return (
        f'<tr><th scope="row">{name}</th><td data-name="Published">{escape(row.published or "–")}</td>'
        f'<td data-name="Ours">{escape(row.ours)}</td><td data-name="Verdict">{escape(row.verdict)}{why}</td></tr>'
    )


def _way_in(words: str, word: str) -> str:
    return f' <a class="open" href="./?s={escape(word)}">{escape(words)}</a>' if word else ""
