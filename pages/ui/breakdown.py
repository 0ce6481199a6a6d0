"""The parts of the Breakdown page: why one costs less than another, what moved, and where the money goes."""

from __future__ import annotations

from datetime import date
from html import escape

import streamlit as st

from costmodel.changes import differing, resolved
from costmodel.difference import Moved, changed_lines, costs, difference, families_of, summed
from costmodel.presets import PRESETS
from costmodel.results import Run
from costmodel.scenario import Architecture, Scenario
from pages.ui import blocks, export, layout, shared, state
from pages.ui.chart import section, show
from pages.ui.frame import Later, coloured
from pages.ui.money_html import Row, money_table
from report import breakdown_text as words
from report import gallery, text
from report.gallery import costs as charts
from report.line_words import component_words
from report.money_table import by_component, groups, largest_line, moved_components, rounded
from report.numbers import listed
from report.palette import ARCHITECTURES
from report.waterfall import Step, steps_of

LINES = {"main": "Main lines", "every": "Every line"}
GROUPS = {"component": "By component", "phase": "By phase"}
SINCE = {"change": "Since the last change", "preset": "Since the preset"}


def present() -> bool:
    """Whether amounts are present values, as chosen on the Overview."""
    return state.switch("value") == "present"


def unit(run: Run) -> str:
    """In which money amounts are, for a caption."""
    return f"{'present value' if present() else 'nominal'} {run.scenario.finance.currency}"


def known(run: Run) -> list[Architecture]:
    """Architectures whose total is known."""
    return [key for key, answer in run.answers.items() if not answer.missing]


def _escaped(lines: list[words.Line]) -> list[words.Line]:
    return [(layout.in_markdown(name), usd) for name, usd in lines]


def _months(run: Run) -> str:
    return f"{run.horizon} month{'' if run.horizon == 1 else 's'}"


# Why the cheapest costs less


def verdict(run: Run) -> None:
    """Why the cheapest costs less than the runner-up."""
    said = _verdict(run)
    layout.hero(coloured(said.headline), coloured(said.lead, bold=True))


def _verdict(run: Run) -> text.Verdict:
    sums, money = text.totals(run, present()), text.money_of(run)
    best, worth = run.cheapest_of(sums), " in present value" if present() else ""
    if best is None:
        return text.verdict(run, present())
    rivals = sorted((key for key in run.eligible if key != best), key=lambda key: sums[key])
    if not rivals:
        lines = by_component(costs(run.answers[best], present=present())).items()
        amounts = _escaped([(component_words(component), usd or 0.0) for component, usd in lines])
        return words.alone(best, sums[best], amounts, _months(run), money, worth)
    second = rivals[0]
    saved, more = words.sides(_steps(run, second, best))
    close = text.too_close(run, sums, best, second)
    pair = (sums[second], sums[best])
    return words.verdict(second, best, pair, _escaped(saved), _escaped(more), money, close=close, worth=worth)


def _steps(run: Run, a: Architecture, b: Architecture) -> list[Step]:
    return steps_of(_difference(run, a, b))


def _difference(run: Run, a: Architecture, b: Architecture) -> tuple[Moved, ...]:
    return difference(run.answers[a], run.answers[b], present=present())


def _side(run: Run, name: str, label: str, value: Architecture, other: Architecture) -> None:
    """One end of the waterfall as a select box; choosing the other end's architecture swaps the two."""
    key = f"waterfall {name}"
    st.session_state[key] = value

    def choose() -> None:
        if st.session_state[key] == other:
            state.turn("to" if name == "from" else "from", value)
        state.turn(name, st.session_state[key])

    st.selectbox(
        label,
        known(run),
        format_func=lambda option: ARCHITECTURES[option].name,
        key=key,
        label_visibility="collapsed",
        on_change=choose,
    )


def differences(run: Run) -> None:
    """The waterfall from one architecture to another, the runner-up to the cheapest unless others are chosen."""
    pair = charts.pair_of(run, state.switch("from"), state.switch("to"), present=present())
    if pair is None:
        blocks.note(words.no_pair([ARCHITECTURES[key].name for key in run.answers]), key="no_pair")
        return
    a, b = pair
    every = state.switch("waterfall") == "every"
    picture = charts.waterfall_of(run, pair, _difference(run, a, b), present=present(), every=every)
    with section(picture, key="waterfall"):
        blocks.switch("waterfall", LINES, "Lines shown")
        with st.container(key="pair", horizontal=True, vertical_alignment="center", width="content"):
            _side(run, "from", "From", a, b)
            st.markdown("to", width="content")
            _side(run, "to", "To", b, a)
        export.button(run, "waterfall", lambda: picture)
    show(picture.panels[0], "waterfall")
    left_out = [key for key in run.answers if run.answers[key].missing]
    if left_out:
        reasons = [words.not_known(key, layout.in_markdown(run.answers[key].missing)) for key in left_out]
        blocks.note(coloured(" ".join(reasons)), key="not_known")


def tables(run: Run, later: Later) -> None:
    """What the last change did, and where the money goes; when the page is there already, after its charts."""
    place = st.container()

    def fill() -> None:
        with place:
            explain_change(run)
            where_it_goes(run)

    later.add(fill)


# Explain this change


def explain_change(run: Run) -> None:
    """Since the last change or the preset: how far each total moved and, on demand, which lines moved it."""
    before, since = _before(run)
    changes = [] if before is None else words.changes(differing(run.scenario, before))
    moved = changed_lines(shared.run_of(before), run, present=present()) if before and changes else {}
    money, rest = text.money_of(run), ""
    if moved:
        sums = [(key, summed(lines)) for key, lines in moved.items()]
        finding = words.moves_finding(sums, money)
        since_when = "the preset" if since == "preset" else "the last change"
        caption = words.changes_caption(since_when, [(*map(layout.in_sentence, each),) for each in changes])
        rest = words.rest_of_changes([(*map(layout.in_markdown, each),) for each in changes])
    else:
        finding, caption = words.NOTHING_CHANGED
    with layout.section(finding, caption, key="change"):
        if run.scenario.preset in PRESETS:
            blocks.switch("since", SINCE, "Compared with")
    expander = st.expander("Which lines moved", key="which lines moved", on_change="rerun")
    if expander.open:
        with expander, st.container(key="moves"):
            if rest:
                st.markdown(layout.plain_dollars(rest))
            _moves(run, moved)


def _before(run: Run) -> tuple[Scenario | None, str]:
    """The scenario to compare with, and what it is: the preset, or the one before the last change."""
    preset = resolved(state.base(), date.today()) if run.scenario.preset in PRESETS else None
    if preset is not None and state.switch("since") == "preset":
        return preset, "preset"
    return state.before(), "change"


def _moves(run: Run, moved: dict[Architecture, tuple[Moved, ...]]) -> None:
    lines = {key: dict(moved_components(each)) for key, each in moved.items()}
    size = {
        component: max(abs(each.get(component) or 0.0) for each in lines.values())
        for component in dict.fromkeys(component for each in lines.values() for component in each)
    }
    if not size:
        st.markdown("No line has moved.")
        return
    order = sorted(size, key=lambda component: -size[component])
    columns = {key: [each.get(component, 0.0) for component in order] for key, each in lines.items()}
    shown, totals, places = _rounded(columns, run.scenario.finance.usd_per_currency_unit)
    rows = [
        Row(component_words(component), [shown[key][index] for key in shown])
        for index, component in enumerate(order)
        if any(shown[key][index] for key in shown)
    ]
    st.html(money_table(list(shown), rows, Row("Difference", totals), places=places, signed=True))
    missing = [ARCHITECTURES[key].name for key in run.answers if key not in moved]
    if missing:
        st.markdown(f"{listed(missing)}: compared only now.")


def _rounded(
    columns: dict[Architecture, list[float | None]], per_unit: float
) -> tuple[dict[Architecture, list[float | None]], list[float | None], int]:
    """Columns in the display currency, rounded so that each adds up to its total; the totals; decimal places."""
    shown = {key: [None if usd is None else usd / per_unit for usd in column] for key, column in columns.items()}
    largest = max((abs(amount) for column in shown.values() for amount in column if amount is not None), default=0.0)
    places = 0 if largest >= 1000 else 2
    sums = {key: sum(amount for amount in column if amount is not None) for key, column in shown.items()}
    totals = [None if None in column else round(sums[key], places) for key, column in shown.items()]
    return rounded(shown, sums, places), totals, places


# Where the money goes


def where_it_goes(run: Run) -> None:
    """What each total adds up, as a table with bars."""
    bills = {key: costs(answer, present=present()) for key, answer in run.answers.items()}
    found = {key: largest_line(bill) for key, bill in bills.items() if key in run.eligible}
    shares = [(key, layout.in_sentence(component_words(each[0])), each[1]) for key, each in found.items() if each]
    caption = f"{run.horizon}-month cost, {unit(run)}; amounts add up to the totals below"
    with layout.section(words.bill_shares(shares), caption, key="money"):
        by = blocks.switch("money", GROUPS, "Grouped")
    families = {line: family for answer in run.answers.values() for line, family in families_of(answer).items()}
    table = groups(bills, families, "phase" if by == "phase" else "component")
    if not table:
        st.markdown("Nothing costs anything.")
        return
    per_unit = run.scenario.finance.usd_per_currency_unit
    heads, totals, places = _rounded({key: [group.amounts[key] for group in table] for key in bills}, per_unit)
    rows: list[Row] = []
    for index, group in enumerate(table):
        tint = "" if by == "phase" else group.key
        rows.append(Row(group.words, [heads[key][index] for key in bills], head=True, family=tint))
        lines = {key: [_in_money(row[key], per_unit) for _, row in group.rows] for key in bills}
        inside = rounded(lines, {key: heads[key][index] for key in bills}, places)
        for place, (name, _) in enumerate(group.rows):
            # What is less than is shown stays a row with what it is: rows that come and go would make the page jump.
            amounts = [inside[key][place] or lines[key][place] for key in bills]
            rows.append(Row(name, amounts, family=tint))
    notes = ["left out" if key in run.excluded else "" for key in bills]
    st.html(money_table(list(bills), rows, Row("Total", totals), places=places, notes=notes))


def _in_money(usd: float | None, per_unit: float) -> float | None:
    return None if usd is None else usd / per_unit


def month_by_month(run: Run) -> None:
    """Each month by what it pays for, one chart per architecture on a common axis."""
    try:
        picture = charts.months(run, gallery.Wanted(present()))
    except gallery.ChartProblem:
        return
    with section(picture, key="months"):
        export.button(run, "months", lambda: picture)
    columns = st.columns(len(picture.panels), gap="medium")
    for column, head, panel in zip(columns, picture.heads, picture.panels, strict=True):
        with column:
            ink = ARCHITECTURES[head.ink]
            above = f'<p class="panel" style="--text: {ink.css_text}"><b>{ink.name}</b> {escape(head.words)}</p>'
            show(panel, f"months_{head.ink}", above)
