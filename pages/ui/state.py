"""The one reader and writer of session state and address: a frozen scenario and the switches of the pages.

The scenario in the session is the truth. Widgets start from it and hand their values to `put`; the address is read
once, when the session begins, and written after every run.
"""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import streamlit as st

from costmodel import link
from costmodel.changes import ScenarioError, changed, check_references, differing, resolved
from costmodel.made_with import Compared, MadeWith, made_with
from costmodel.presets import DEFAULT_PRESET, PRESETS
from costmodel.results import Run, run_scenario
from costmodel.scenario import ARCHITECTURES, FIELDS, Scenario
from pages.ui import edits_apart
from pages.ui.history import History, is_number
from pricing.book import PriceBook, PriceError
from pricing.catalog import load_book

SWITCHES: dict[str, tuple[str, ...]] = {
    "value": ("nominal", "present"),
    "lines": ("cumulative", "monthly"),
    "waterfall": ("main", "every"),
    "from": ("auto", *ARCHITECTURES),
    "to": ("auto", *ARCHITECTURES),
    "money": ("component", "phase"),
    "since": ("change", "preset"),
    "ledger": ("auto", *ARCHITECTURES),
}
"""Switches of the pages that a link restores; the first word of each is where it starts."""

NUMBERS: dict[str, tuple[int, int, int]] = {"age": (90, 1, 3650)}
"""Whole numbers of the pages that a link restores: where each starts, its smallest and its largest."""

_SCENARIO, _VIEW, _REFUSED, _NONCE, _HISTORY = "scenario", "view", "refused", "nonce", "history"
_OPENED, _MADE, _APART, _QUERY, _PACKED, _RUN = "opened", "made", "apart", "query", "packed", "run"

clock = time.monotonic


@dataclass(frozen=True)
class _Opened:
    """What the session began with: the link's word, what it restored, and what it says it was made with."""

    word: str
    scenario: Scenario
    view: Mapping[str, str]
    made: MadeWith | None


@dataclass(frozen=True)
class Apart:
    """Price edits that a link names and does not carry: awaited from the browser, or not there (`lost`)."""

    key: str
    linked: Scenario
    lost: bool = False


def start() -> None:
    """Begin the session: the scenario of the link in the address, else the default preset."""
    if _SCENARIO in st.session_state:
        return
    st.session_state[_VIEW] = {}
    st.session_state[_REFUSED] = ()
    st.session_state[_NONCE] = 0
    st.session_state[_HISTORY] = History()
    scenario = _preset(DEFAULT_PRESET)
    word = st.query_params.get("s")
    if word is not None:
        try:
            scenario = _linked(word, scenario)
        except ValueError as error:
            st.session_state[_REFUSED] = (
                *getattr(error, "problems", (str(error),)),
                f"You see the preset “{scenario.name}” instead.",
            )
    st.session_state[_SCENARIO] = scenario


def _linked(word: str, instead: Scenario) -> Scenario:
    """The scenario of a link; `instead` while edits that it cannot do without are awaited from the browser."""
    linked, view = link.decoded(word)
    made = link.made_with(word)
    scenario = resolved(linked, date.today())
    key = st.query_params.get("k")
    apart = Apart(key, scenario) if key is not None and edits_apart.is_key(key) else None
    try:
        check_references(linked, load_book().with_edits(linked.price_edits))
    except ScenarioError:
        if apart is None:
            raise
        scenario = instead
    st.session_state[_APART] = apart
    st.session_state[_VIEW] = {name: value for name, value in view.items() if _is_position(name, value)}
    if apart is None:
        st.session_state[_OPENED] = _Opened(word, scenario, st.session_state[_VIEW], made)
    return scenario


def _is_position(name: str, value: str) -> bool:
    if name in NUMBERS:
        start_, low, high = NUMBERS[name]
        return value.isascii() and value.isdigit() and len(value) < 6 and low <= int(value) <= high != start_
    return value in SWITCHES.get(name, ())[1:]


def _preset(name: str) -> Scenario:
    return resolved(PRESETS[name].scenario, date.today())


def scenario() -> Scenario:
    """The scenario on screen; its start month is resolved."""
    current: Scenario = st.session_state[_SCENARIO]
    return current


def book() -> PriceBook:
    """The price book with the scenario's price edits in it."""
    edits = scenario().price_edits
    return load_book().with_edits(edits) if edits else load_book()


def base() -> Scenario:
    """What changes are counted from: the scenario's preset, or the neutral defaults."""
    return link.base_of(scenario().preset)


def changes() -> dict[str, tuple[Any, Any]]:
    """Path -> (value in the preset, value now) of everything that differs."""
    return differing(scenario(), base())


def is_guess(path: str) -> bool:
    """Whether the value on screen is the preset's guess."""
    preset = PRESETS.get(scenario().preset or "")
    source = preset.sources.get(path) if preset else None
    return source is not None and source.guess and path not in changes()


def put(values: Mapping[str, Any]) -> None:
    """Put values (path -> value) into the scenario; if one is refused nothing changes, and the page says why."""
    accepted(values)


def accepted(values: Mapping[str, Any]) -> bool:
    """Put values into the scenario as `put` does; whether they were not refused."""
    try:
        candidate = resolved(changed(scenario(), values), date.today())
        check_references(candidate, load_book().with_edits(candidate.price_edits))
    except ScenarioError as error:
        refuse([_in_words(each) for each in error.problems])
        return False
    except PriceError as error:
        refuse([str(error)])
        return False
    st.session_state[_REFUSED] = ()
    number = len(values) == 1 and all(is_number(value) for value in values.values())
    _step(candidate, tuple(values), number)
    return True


def refuse(problems: Sequence[str]) -> None:
    """Say what was not applied and why; the scenario stays, and every widget shows it again."""
    st.session_state[_REFUSED] = (*problems, "The last good scenario is kept.")
    remount()


def _step(candidate: Scenario, paths: tuple[str, ...] | None, number: bool = False) -> None:
    if candidate != scenario():
        candidate = _sharing(candidate, scenario())
        stepped = _history().stepped(scenario(), paths, number, clock())
        st.session_state[_HISTORY] = stepped.settled(candidate)
    st.session_state[_SCENARIO] = candidate


def _sharing(candidate: Scenario, current: Scenario) -> Scenario:
    """The same scenario on the price edits that the current one holds, so that a hundred steps do not keep copies."""
    if not candidate.price_edits or not current.price_edits:
        return candidate
    known = {edit.key: edit for edit in current.price_edits}
    edits = tuple(known[edit.key] if known.get(edit.key) == edit else edit for edit in candidate.price_edits)
    return candidate.model_copy(update={"price_edits": edits})


def _history() -> History:
    found: History = st.session_state[_HISTORY]
    return found


def before() -> Scenario | None:
    """The scenario before the last change; None when nothing has been changed since the preset or link was opened."""
    past = _history().past
    return past[-1].before if past and past[-1].paths is not None else None


def undo() -> None:
    """Take back the last step: a drag of a lever, a field, a price edit, an import, a preset."""
    if _history().past:
        _travel(*_history().undone(scenario()))


def redo() -> None:
    """Take the last undo back."""
    if _history().future:
        _travel(*_history().redone(scenario()))


def _travel(there: Scenario, history: History) -> None:
    st.session_state[_SCENARIO], st.session_state[_HISTORY] = there, history
    st.session_state[_REFUSED] = ()
    remount()


def undoable() -> tuple[str, ...] | None:
    """What the next undo takes back, as paths; () for the opening of a preset, None for nothing."""
    past = _history().past
    return (past[-1].paths or ()) if past else None


def redoable() -> tuple[str, ...] | None:
    """What the next redo brings again, as paths; () for the opening of a preset, None for nothing."""
    future = _history().future
    return (future[-1].paths or ()) if future else None


def _in_words(problem: str) -> str:
    """A problem that begins with the words of its field on screen, the path after them."""
    path, colon, rest = problem.partition(":")
    return f"{FIELDS[path].label} ({path}):{rest}" if colon and path in FIELDS else problem


def load_preset(name: str) -> None:
    """Begin again from a preset."""
    open_scenario(_preset(name))


def open_scenario(opened: Scenario) -> None:
    """Begin again from another scenario; one step that can be undone."""
    _step(resolved(opened, date.today()), None)
    st.session_state[_REFUSED] = ()
    st.session_state[_APART] = None
    remount()


def reset() -> None:
    """Back to the preset, or to the default one when the scenario comes from none."""
    load_preset(scenario().preset or DEFAULT_PRESET)


def refused() -> tuple[str, ...]:
    """What was not applied and why, and what is shown instead; until the next change that is."""
    problems: tuple[str, ...] = st.session_state[_REFUSED]
    return problems


def remount() -> None:
    """Make every widget start again from the scenario."""
    st.session_state[_NONCE] += 1


def widget_key(name: str) -> str:
    """Key of a widget that starts from the scenario."""
    return f"{name} {st.session_state[_NONCE]}"


def switch(name: str) -> str:
    """Where a switch of the pages stands."""
    start_ = str(NUMBERS[name][0]) if name in NUMBERS else SWITCHES[name][0]
    position: str = st.session_state[_VIEW].get(name, start_)
    return position


def turn(name: str, position: str) -> None:
    """Turn a switch."""
    view = {key: value for key, value in st.session_state[_VIEW].items() if key != name}
    start_ = str(NUMBERS[name][0]) if name in NUMBERS else SWITCHES[name][0]
    st.session_state[_VIEW] = view if position == start_ else {**view, name: position}


# The link


def query() -> str:
    """The query string that restores what is on screen; empty when the scenario is too large for a link.

    Price edits that do not fit stay in the browser's storage; the query then names them.
    """
    memo = (scenario(), st.session_state[_VIEW], waiting_apart())
    known: tuple[tuple[Any, ...], str] | None = st.session_state.get(_QUERY)
    if known is None or any(a is not b for a, b in zip(known[0], memo, strict=True)):
        known = st.session_state[_QUERY] = (memo, _query(*memo))
    return known[1]


def _query(current: Scenario, view: Mapping[str, str], apart: Apart | None) -> str:
    if apart is not None and not current.price_edits:
        word = link.encoded(apart.linked, view)
        return f"s={word}&k={apart.key}" if len(word) <= link.MAX_CHARACTERS else ""
    opened: _Opened | None = st.session_state.get(_OPENED)
    if opened is not None and (opened.scenario, opened.view) == (current, view):
        return f"s={opened.word}"
    for made in (_stamp(), None):
        word = link.encoded(current, view, made)
        if len(word) <= link.MAX_CHARACTERS:
            return f"s={word}"
    if not current.price_edits:
        return ""
    word = link.encoded(current.model_copy(update={"price_edits": ()}), view)
    return f"s={word}&k={_packed()[0]}" if len(word) <= link.MAX_CHARACTERS else ""


def _packed() -> tuple[str, str]:
    known: tuple[Scenario, tuple[str, str]] | None = st.session_state.get(_PACKED)
    if known is None or known[0] is not scenario():
        known = st.session_state[_PACKED] = (scenario(), edits_apart.packed(scenario()))
    return known[1]


def _stamp() -> MadeWith | None:
    """What a link says it was made with; a preset as it stands says nothing."""
    return made_now() if changes() else None


def answers() -> Run:
    """The answers for the scenario on screen, worked out once for each; ScenarioError when it cannot be run."""
    known: tuple[Scenario, Run] | None = st.session_state.get(_RUN)
    if known is None or known[0] is not scenario():
        known = st.session_state[_RUN] = (scenario(), run_scenario(scenario(), load_book()))
    return known[1]


def made_now() -> MadeWith | None:
    """Book, model and totals of the scenario on screen; None when it cannot be run."""
    known: tuple[Scenario, MadeWith | None] | None = st.session_state.get(_MADE)
    if known is None or known[0] is not scenario():
        try:
            found = made_with(answers())
        except ScenarioError:
            found = None
        known = st.session_state[_MADE] = (scenario(), found)
    return known[1]


def opened_under_another() -> Compared | None:
    """Totals of then and now, while the scenario of the link that was opened is on screen and something differs."""
    opened: _Opened | None = st.session_state.get(_OPENED)
    if opened is None or opened.made is None or opened.scenario is not scenario():
        return None
    now = made_now()
    if now is None:
        return None
    found = Compared(opened.made, now)
    return None if found.same_book and found.same_model and not found.moved else found


# Price edits that do not fit into the link


def is_apart() -> bool:
    """Whether the link alone is incomplete: its price edits are in this browser's storage."""
    return "&k=" in query() and waiting_apart() is None


def to_store() -> tuple[str, str] | None:
    """(key, text) of the price edits that this browser has to keep for the link; None when it carries them."""
    return _packed() if is_apart() else None


def waiting_apart() -> Apart | None:
    """The edits that the link names and that are not there (yet); lost ones until the scenario is changed."""
    apart: Apart | None = st.session_state.get(_APART)
    return None if apart is not None and apart.lost and _history().past else apart


def take_stored(text: object) -> None:
    """The browser's answer: the text that it kept for the awaited key, or None."""
    apart = waiting_apart()
    if apart is None or apart.lost:
        return
    if text is None:
        st.session_state[_APART] = Apart(apart.key, apart.linked, lost=True)
        return
    try:
        onto = scenario() if _history().past else apart.linked
        candidate = changed(onto, {"price_edits": edits_apart.unpacked(apart.key, text)})
        check_references(candidate, load_book().with_edits(candidate.price_edits))
    except ValueError as error:
        st.session_state[_APART] = Apart(apart.key, apart.linked, lost=True)
        st.session_state[_REFUSED] = (*getattr(error, "problems", (str(error),)), "The book's prices are used instead.")
        return
    st.session_state[_APART] = None
    st.session_state[_SCENARIO] = candidate
    remount()


# What a page worked out before


def kept(name: str) -> Any:
    """What a page kept under a name in this session; None when nothing."""
    return st.session_state.get(f"kept {name}")


def keep(name: str, value: Any) -> None:
    """Keep something for the next runs of this session, instead of what was kept under the name before."""
    st.session_state[f"kept {name}"] = value
