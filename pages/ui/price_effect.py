"""What the scenario's price edits do to the answer, and where prices come from."""

from __future__ import annotations

import math
from functools import cache

import streamlit as st

from costmodel.changes import ScenarioError
from costmodel.results import Run
from pages.ui import blocks, layout, shared, state
from pricing.catalog import load_book
from pricing.health import is_release_dated
from report import prices_text as words
from report import text
from report.palette import ARCHITECTURES


def without_edits(run: Run) -> Run | None:
    """The run on the book's own prices; None when the scenario has no edits, or cannot do without them."""
    if not run.scenario.price_edits:
        return None
    try:
        return shared.run_of(run.scenario.model_copy(update={"price_edits": ()}))
    except ScenarioError:
        return None


def sentence(before: Run | None, run: Run) -> str:
    """What the edits do, with marks for names; empty when there is nothing to compare."""
    if before is None:
        return ""
    return words.effect(before, run, _present(), "Your edit" if len(run.scenario.price_edits) == 1 else "Your edits")


def _present() -> bool:
    return state.switch("value") == "present"


def totals(before: Run | None, run: Run) -> None:
    """Each total on the book's prices, with the edits, and by how much they differ."""
    worth = ", present value" if _present() else ""
    caption = f"{run.horizon}-month cost, {run.scenario.finance.currency}{worth}"
    layout.heading(words.finding(len(run.scenario.price_edits)), caption, key="effect")
    if before is None:
        alone = "The scenario names a plan that only your prices have, so there is nothing to compare with."
        st.markdown(alone if run.scenario.price_edits else words.NO_EDITS)
        return
    money, moved = text.money_of(run), words.changes_usd(before, run, _present())
    then, now = text.totals(before, _present()), text.totals(run, _present())
    rows = []
    for key in run.answers:
        change = moved[key]
        said = "not known" if math.isnan(change) else "0" if abs(change) < 0.005 else money.difference(change)
        old = math.nan if before.answers[key].missing else then[key]
        new = math.nan if run.answers[key].missing else now[key]
        rows.append([ARCHITECTURES[key].name, money(old), money(new), said])
    st.html(blocks.table(["Price book", "With your edits", "Change"], rows, keys=list(run.answers)))


@cache
def _releases() -> str:
    return ", ".join(sorted({row.origin for row in load_book().rows if is_release_dated(row)}))


def origins() -> None:
    """Where prices come from."""
    layout.heading("Where prices come from", "Every row keeps its date and source", key="origins")
    st.markdown(
        f"- **Token prices**: the package {layout.escape_markdown(_releases())}, bundled; its date is that of "
        "the release, since it does not say when each price was checked\n"
        "- **Everything else**: tables of this project, one source and date per row\n"
        "- **Yours**: kept in the link and the scenario file, marked in every export"
    )
