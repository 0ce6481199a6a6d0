"""The memo of a result: which blocks say what, in which order. Its sentences are those of the screen."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from costmodel.comparison import Comparison
from costmodel.flips import flips
from costmodel.link import base_of
from costmodel.results import Run
from costmodel.uncertainty import Uncertainty
from pricing.catalog import load_book
from pricing.health import MAX_AGE_DAYS, age_days
from report import card_text, compare_table, compare_text, driver_text, driver_words, embed, prices_text, text
from report import uncertainty_text as odds
from report.card_text import Card
from report.decision_text import fit_clause
from report.gallery import ChartProblem, Wanted, picture
from report.imprint import Imprint
from report.memo import words
from report.memo.model import (
    Block,
    Bullets,
    Column,
    Figure,
    Heading,
    Line,
    Memo,
    Paragraph,
    Row,
    Section,
    Table,
    Words,
    linked,
    plain,
    said,
    web_address,
)
from report.numbers import shortened
from report.palette import ARCHITECTURES
from report.picture import Picture
from report.sentence import joined, money_of, totals
from report.verdict_text import left_out

SECTIONS = {
    "verdict": "Verdict",
    "chart": "Chart",
    "totals": "Totals",
    "crossings": "Crossings",
    "sureness": "What would flip it",
    "assumptions": "Assumptions",
    "risks": "Risks",
    "excluded": "Not included",
    "sources": "Prices and sources",
}
"""Key of each section -> its name in a list of choices, in the order of the memo."""
ALL = tuple(SECTIONS)
MOST_FLIPS = 5
LONG_NAME = 60
"""Characters from which on a name is cut in titles, so that it stands in full once."""


class ContentsProblem(ValueError):
    """Contents that no memo has."""


def memo(
    imprint: Imprint,
    pictures: Sequence[Picture] | None = None,
    contents: Sequence[str] | None = None,
    uncertainty: Uncertainty | None = None,
) -> Memo:
    """The memo of a result with the sections of `contents`, in that order; None: all of them. ContentsProblem.

    `pictures`: the charts; none: the cumulative one, where it can be drawn. `uncertainty`: the outcome of draws, when
    they were run; in other money than the imprint's they are left out.
    """
    keys = tuple(dict.fromkeys(ALL if contents is None else contents))
    unknown = next((key for key in keys if key not in SECTIONS), None)
    if unknown is not None:
        raise ContentsProblem(f"{unknown[:60]!r} is no section of a memo; use some of {', '.join(ALL)}")
    run, present = imprint.run, bool(imprint.present)
    makers: dict[str, Callable[[], Iterable[Block]]] = {
        "verdict": lambda: _verdict(run, present),
        "chart": lambda: _charts(imprint, pictures),
        "totals": lambda: _totals(imprint),
        "crossings": lambda: _crossings(run, present),
        "sureness": lambda: _sureness(run, present, uncertainty),
        "assumptions": lambda: _assumptions(run),
        "risks": lambda: _risks(imprint, present),
        "excluded": lambda: _excluded(imprint),
        "sources": lambda: _sources(run),
    }
    sections = (Section(key, tuple(makers[key]())) for key in keys)
    headline = text.plain(text.verdict(run, present).headline)
    return Memo(
        title=words.title(imprint.scenario, headline),
        made=imprint.today,
        eyebrow=_eyebrow(imprint),
        sections=tuple(section for section in sections if section.blocks),
        foot=tuple(_foot(imprint)),
    )


def _eyebrow(imprint: Imprint) -> Line:
    name = shortened(imprint.scenario, LONG_NAME)
    rest = " · ".join(words.eyebrow(imprint))
    return (Words(name, strong=True, typed=True), Words(f" · {rest}")) if name else plain(rest)


def _verdict(run: Run, present: bool) -> Iterable[Block]:
    found = text.verdict(run, present)
    yield Heading(said(found.headline), level=1)
    if found.lead:
        yield Paragraph(said(found.lead), "lead")


def _charts(imprint: Imprint, pictures: Sequence[Picture] | None) -> Iterable[Block]:
    for each in pictures or _own(imprint):
        if web_address(imprint.link) and not embed.refusal(imprint.query):
            link = embed.chart_address(imprint.base_url, imprint.query, each.name, "png", scale=2)
        else:
            link = ""
        yield Figure(each, imprint, link)


def _own(imprint: Imprint) -> tuple[Picture, ...]:
    if all(answer.missing for answer in imprint.run.answers.values()):
        return ()
    try:
        return (picture("cumulative", imprint.run, Wanted(present=bool(imprint.present))),)
    except ChartProblem:
        return ()


# Totals


def _totals(imprint: Imprint) -> Iterable[Block]:
    run, present = imprint.run, bool(imprint.present)
    yield Heading(plain(words.totals_heading(imprint)))
    yield totals_table(run, present)
    notes = joined(text.budget(run, present), left_out(run))
    if notes:
        yield Paragraph(said(notes), "note")


def totals_table(run: Run, present: bool) -> Table:
    """A row for each architecture with what its card says: total, difference, build, per month, per query and more."""
    sums = totals(run, present)
    cards = [card_text.card(run, key, sums) for key in run.answers]
    names = list(dict.fromkeys(fact.name for card in cards for fact in card.facts))
    columns = [Column("", width=1.6), Column(words.TOTAL, right=True), Column(words.DIFFERENCE, right=True, width=1.4)]
    columns += [Column(name, right=True, width=1.2) for name in names]
    return Table(tuple(columns), tuple(_total_row(card, names) for card in cards), "totals")


def _total_row(card: Card, names: Sequence[str]) -> Row:
    facts = {fact.name: fact for fact in card.facts}
    values = [facts[name].value if name in facts else "" for name in names]
    exact = [facts[name].exact if name in facts else "" for name in names]
    badge = words.LEFT_OUT if card.reason else card.badge
    name = Words(ARCHITECTURES[card.architecture].name, key=card.architecture, strong=True)
    total = Words(card.total.value, strong=True)
    return Row(
        ((name,), (total,), plain(badge), *map(plain, values)),
        key=card.architecture,
        quiet=bool(card.reason),
        exact=("", card.total.exact, "", *exact),
    )


def _crossings(run: Run, present: bool) -> Iterable[Block]:
    if len(run.answers) < 2:
        return
    yield Heading(plain(words.CROSSINGS))
    found = sorted(run.crossings_of(run.curves(present)), key=lambda each: (each.month, each.a, each.b))
    if not found:
        yield Paragraph(said(words.no_crossing(run, present)))
        return
    yield Bullets(tuple(said(words.crossing(run, each)) for each in found))


# How sure


def _sureness(run: Run, present: bool, uncertainty: Uncertainty | None) -> Iterable[Block]:
    if len(run.eligible) > 1:
        found = flips(run, run.book, present=present)
        finding, caption = driver_text.flips_finding(found)
        yield Heading(plain(finding))
        if found:
            rows = (driver_text.flip_words(flip, driver_words.words_of(run, flip.path)) for flip in found[:MOST_FLIPS])
            then = (Words(ARCHITECTURES[flip.leader].name, key=flip.leader) for flip in found[:MOST_FLIPS])
            columns = (
                Column(words.FLIPS_HEAD[0], width=2.6),
                Column(words.FLIPS_HEAD[1], right=True, width=1.6),
                Column(words.FLIPS_HEAD[2], right=True),
                Column(words.FLIPS_HEAD[3], width=1.3),
            )
            yield Table(
                columns,
                tuple(
                    Row((plain(each.label), plain(each.change), plain(each.distance), (key,)))
                    for each, key in zip(rows, then, strict=True)
                ),
            )
        else:
            yield Paragraph(said(words.sentence(caption)))
    if uncertainty is not None and uncertainty.eligible and uncertainty.present == present:
        verdict = odds.verdict(uncertainty, run, money_of(run))
        yield Paragraph((*said(words.sentence(verdict.headline), strong=True), Words(" "), *said(verdict.lead)))
        yield Paragraph(plain(odds.drawn(uncertainty, bool(run.scenario.uncertainty))), "note")


# Assumptions


def _assumptions(run: Run) -> Iterable[Block]:
    yield Heading(plain(words.ASSUMPTIONS))
    base = base_of(run.scenario.preset)
    if base.finance.start_month is None:
        finance = base.finance.model_copy(update={"start_month": run.scenario.finance.start_month})
        base = base.model_copy(update={"finance": finance})
    found = Comparison(Run(base, load_book()), run, run.scenario)
    counted = words.differing(run, compare_text.counted(found), found.differs.count)
    yield Paragraph(plain(joined(words.basis(run), counted)))
    if len(" ".join(run.scenario.name.split())) > LONG_NAME:
        yield Paragraph((Words(words.WHOLE_NAME), Words(run.scenario.name, typed=True)), "note")
    rows = compare_table.rows(found)
    if rows:
        head = words.assumptions_head(run)
        columns = (Column(head[0], width=1.4), Column(head[1], right=True), Column(head[2], right=True))
        yield Table(columns, tuple(Row((plain(row.words), plain(row.b), plain(row.a))) for row in rows), "small")
    reasons = [
        *(words.reason(edit.price_id, edit.reason) for edit in run.scenario.price_edits if edit.reason),
        *(words.reason(extra.component, extra.note) for extra in run.scenario.extra_costs if extra.note),
    ]
    if reasons:
        yield Bullets(tuple(map(plain, reasons)))


# Risks, and what is not there


def _risks(imprint: Imprint, present: bool) -> Iterable[Block]:
    run = imprint.run
    marked = [
        *text.verdict(run, present).notes,
        fit_clause(run),
        text.agreement(run, present),
        joined(text.guesses(run), text.guess_details(run)),
        text.idle(run),
    ]
    unmarked = [words.self_check(run), *(words.sentence(warning) for warning in run.warnings)]
    items = [
        *(plain(each) for each in unmarked if each),
        *(said(each) for each in marked if each),
        *(plain(each) for each in _price_risks(imprint) if each),
    ]
    if items:
        yield Heading(plain(words.RISKS))
        yield Bullets(tuple(items))


def _price_risks(imprint: Imprint) -> Iterable[str]:
    run, today = imprint.run, imprint.today
    rows = run.rows_in_use
    if not rows:
        return
    aged = [(row, age_days(row, today)) for row in rows]
    old = [row for row, age in aged if age is not None and age > MAX_AGE_DAYS]
    undated = [row for row, age in aged if age is None]
    yours = sum(row.origin == "edit" for row in rows)
    yield joined(
        f"{prices_text.headline(len(rows), yours)}.",
        prices_text.lead(rows, old, undated, MAX_AGE_DAYS, len(run.book.rows)),
        words.undated(undated),
        words.weak([row for row in rows if row.confidence == "low"]),
    )
    later = [row for row in rows if row.effective_from is not None and row.effective_from > today]
    yield prices_text.announced(sorted(later, key=lambda row: str(row.effective_from)))


def _excluded(imprint: Imprint) -> Iterable[Block]:
    yield Heading(plain(words.EXCLUDED))
    yield Paragraph(plain(words.sentence(f"{imprint.excluded[:1].upper()}{imprint.excluded[1:]}")))


# Sources


def _sources(run: Run) -> Iterable[Block]:
    rows = run.rows_in_use
    yield Heading(plain(words.SOURCES))
    if not rows:
        yield Paragraph(plain(words.no_prices(rows, len(run.book.rows))))
        return
    numbered = {source: str(number) for number, source in enumerate(words.sources(rows), 1)}
    head = words.PRICES_HEAD
    columns = (
        Column(head[0], width=3.2),
        Column(head[1], right=True, width=0.8),
        Column(head[2], width=1.1),
        Column(head[3], width=1.6),
        Column(head[4], right=True, width=0.6),
    )
    yield Table(
        columns,
        tuple(
            Row(
                tuple(
                    map(
                        plain,
                        (
                            words.price(row, rows),
                            prices_text.amount(row.price_usd),
                            row.unit,
                            words.checked(row),
                            numbered[words.source(row)],
                        ),
                    )
                )
            )
            for row in rows
        ),
        "small",
    )
    yield Bullets(tuple(linked(source) for source in numbered), numbered=True)
    if discounts := words.discounts(run):
        yield Paragraph(plain(discounts), "note")


def _foot(imprint: Imprint) -> Iterable[Line]:
    if href := web_address(imprint.link):
        yield (Words(words.OPEN, href=href), Words(f": {words.server(href)}"))
    elif imprint.link:
        yield plain(words.link_alone(imprint.link))
    if note := imprint.link_note:
        yield plain(words.about_link(note, bool(imprint.link)))
    yield plain(words.made(imprint))
    yield plain(words.conventions(imprint))
