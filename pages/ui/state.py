"""The one reader and writer of session state and address: a frozen scenario and the switches of the pages.

The scenario in the session is the truth. Widgets start from it and hand their values to `put`; the address is read
once, when the session begins, and written after every run.
"""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

import streamlit as st

from costmodel import link
from costmodel.changes import ScenarioError, changed, check_references, differing, resolved
from costmodel.fields import value_at
from costmodel.made_with import Compared, MadeWith, made_with
from costmodel.other import Other
from costmodel.presets import DEFAULT_PRESET, PRESETS
from costmodel.results import Run
from costmodel.scenario import FIELDS, Scenario
from pages.ui import edits_apart, links, shared
from pages.ui.history import History, Step, is_number
from pages.ui.view import MOST_PINS, PINS, pinnable, pins_in, start_of, with_pins
from pricing.book import PriceBook, PriceError
from pricing.catalog import load_book
from report import compare_text, field_text

_SCENARIO, _VIEW, _REFUSED, _NONCE, _HISTORY = "scenario", "view", "refused", "nonce", "history"
_OPENED, _MADE, _APART, _QUERY, _PACKED, _RUN = "opened", "made", "apart", "query", "packed", "run"
_OTHER, _CHANGES = "other", "changed"

clock = time.monotonic


def start() -> bool:
    """Begin the session: the scenario of the link in the address, else the default preset; False when it has begun."""
    if _SCENARIO in st.session_state:
        return False
    st.session_state[_VIEW] = {}
    st.session_state[_REFUSED] = ()
    st.session_state[_NONCE] = 0
    st.session_state[_HISTORY] = History()
    st.session_state[_OTHER] = None
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
    return True


def _linked(word: str, instead: Scenario) -> Scenario:
    """The scenario of a link; `instead` while edits that it cannot do without are awaited from the browser."""
    found = links.read(word, st.query_params.get("k"))
    st.session_state[_APART] = found.apart
    st.session_state[_VIEW] = found.opened.view
    st.session_state[_OTHER] = found.opened.other
    if found.problems:
        st.session_state[_REFUSED] = (*found.problems, compare_text.NONE_KEPT)
    if found.apart is None:
        st.session_state[_OPENED] = found.opened
    return found.opened.scenario if found.complete else instead


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
    known: tuple[Scenario, dict[str, tuple[Any, Any]]] | None = st.session_state.get(_CHANGES)
    if known is None or known[0] is not scenario():
        known = st.session_state[_CHANGES] = (scenario(), differing(scenario(), base()))
    return dict(known[1])


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
    return _accepted(values, len(values) == 1 and all(is_number(value) for value in values.values()))


def _accepted(values: Mapping[str, Any], moved: bool) -> bool:
    """As `accepted`; `moved`: this is a move of one number, which may carry on the step before."""
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
    _step(candidate, tuple(values), moved)
    return True


def refuse(problems: Sequence[str], instead: str = "The last good scenario is kept.") -> None:
    """Say what was not applied and why; the scenario stays, and every widget shows it again."""
    # Half a character (a lone surrogate), which a table cell can hold, cannot be shown: it is shown by its number.
    shown = (each.encode("utf-8", "backslashreplace").decode() for each in problems)
    st.session_state[_REFUSED] = (*shown, instead)
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
    moves = _history().moves
    return moves[-1].before if moves and moves[-1].paths is not None else None


def undo() -> None:
    """Take back the last step: a drag of a lever, a field, a price edit, an import, a preset, what is compared with."""
    if _history().past:
        _travel(*_history().undone(scenario(), other()))


def redo() -> None:
    """Take the last undo back."""
    if _history().future:
        _travel(*_history().redone(scenario(), other()))


def _travel(step: Step, history: History) -> None:
    st.session_state[_SCENARIO], st.session_state[_HISTORY] = step.before, history
    if step.compares:
        st.session_state[_OTHER] = step.other
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


def begin(preset: str, values: Mapping[str, Any]) -> None:
    """Begin again from a preset with some values of one's own; one step that can be undone, or a refusal."""
    try:
        candidate = changed(_preset(preset), values)
    except ScenarioError as error:
        refuse([_in_words(each) for each in error.problems])
        return
    open_scenario(candidate)


def reset_paths(paths: Sequence[str]) -> None:
    """Put these fields back to what the preset says; one step that can be undone, or a refusal that says why."""
    base_ = base()
    _accepted({path: value_at(base_, path) for path in paths}, moved=False)
    remount()


def refused() -> tuple[str, ...]:
    """What was not applied and why, and what is shown instead; until the next change that is."""
    problems: tuple[str, ...] = st.session_state[_REFUSED]
    return problems


def other() -> Other | None:
    """The scenario that the one on screen is compared with: B."""
    found: Other | None = st.session_state[_OTHER]
    return found


def compare_with(chosen: Other | None) -> None:
    """Make a scenario B, or none: one step that can be undone. It has to be one that can be run."""
    if chosen != other():
        st.session_state[_HISTORY] = _history().compared(scenario(), other(), clock())
    _take_other(chosen)


def _take_other(chosen: Other | None) -> None:
    st.session_state[_OTHER] = chosen
    st.session_state[_REFUSED] = ()
    remount()


def swap() -> None:
    """B goes on screen, and what was there becomes B; one step that can be undone."""
    there, here = other(), scenario()
    if there is not None:
        if there.scenario != here:
            st.session_state[_HISTORY] = _history().swapped(here, there, clock())
            st.session_state[_SCENARIO] = _sharing(there.scenario, here)
        st.session_state[_APART] = None
        _take_other(Other(here))


def remount() -> None:
    """Make every widget start again from the scenario."""
    st.session_state[_NONCE] += 1


def widget_key(name: str) -> str:
    """Key of a widget that starts from the scenario."""
    return f"{name} {st.session_state[_NONCE]}"


def mirror(key: str, value: Any) -> str:
    """Make the widget of `key` show `value`, whoever changed it; to be called before it is drawn. Returns the key."""
    if key not in st.session_state or st.session_state[key] != value:
        st.session_state[key] = value
    return key


def switch(name: str) -> str:
    """Where a switch of the pages stands."""
    position: str = st.session_state[_VIEW].get(name, start_of(name))
    return position


def turn(name: str, position: str) -> None:
    """Turn a switch."""
    view = {key: value for key, value in st.session_state[_VIEW].items() if key != name}
    st.session_state[_VIEW] = view if position == start_of(name) else {**view, name: position}


def pins() -> tuple[str, ...]:
    """Paths of the numeric fields that the user made levers, in order; one without a value waits until it has one."""
    pinned = pins_in(st.session_state[_VIEW].get(PINS, ""))
    return tuple(path for path in pinned if value_at(scenario(), path) is not None)


def pin(path: str) -> None:
    """Make a numeric field a lever; there are at most MOST_PINS of them, and a further one is refused."""
    pinned = pins()
    if len(pinned) == MOST_PINS and path not in pinned:
        refuse([field_text.too_many_levers(path, pinned)], "The levers stay as they are.")
    elif pinnable(path) and path not in pinned:
        st.session_state[_VIEW] = with_pins(st.session_state[_VIEW], (*pinned, path))


def unpin(path: str) -> None:
    """Make a field a plain one again."""
    kept_ = [each for each in pins() if each != path]
    st.session_state[_VIEW] = with_pins(st.session_state[_VIEW], kept_)


# The link


def query() -> str:
    """The query string that restores what is on screen; empty when the scenario is too large for a link.

    Price edits that do not fit stay in the browser's storage; the query then names them.
    """
    return _written().query


def carries_other() -> bool:
    """Whether the link restores the scenario to compare with too, if there is one."""
    return _written().whole


def _written() -> links.Written:
    memo = (scenario(), st.session_state[_VIEW], waiting_apart(), other())
    known: tuple[tuple[Any, ...], links.Written] | None = st.session_state.get(_QUERY)
    if known is None or any(a is not b for a, b in zip(known[0], memo, strict=True)):
        written = links.written(*memo[:3], st.session_state.get(_OPENED), made_now, _packed, memo[3])
        known = st.session_state[_QUERY] = (memo, written)
    return known[1]


def _packed() -> tuple[str, str]:
    known: tuple[Scenario, tuple[str, str]] | None = st.session_state.get(_PACKED)
    if known is None or known[0] is not scenario():
        known = st.session_state[_PACKED] = (scenario(), edits_apart.packed(scenario()))
    return known[1]


def answers() -> Run:
    """The answers for the scenario on screen, worked out once for each; ScenarioError when it cannot be run."""
    known: tuple[Scenario, Run] | None = st.session_state.get(_RUN)
    if known is None or known[0] is not scenario():
        known = st.session_state[_RUN] = (scenario(), shared.run_of(scenario()))
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
    opened: links.Opened | None = st.session_state.get(_OPENED)
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


def waiting_apart() -> links.Apart | None:
    """The edits that the link names and that are not there (yet); lost ones until the scenario is changed."""
    apart: links.Apart | None = st.session_state.get(_APART)
    return None if apart is not None and apart.lost and _history().moves else apart


def take_stored(text: object) -> None:
    """The browser's answer: the text that it kept for the awaited key, or None."""
    apart = waiting_apart()
    if apart is None or apart.lost:
        return
    if text is None:
        st.session_state[_APART] = replace(apart, lost=True)
        if apart.other is not None:
            st.session_state[_REFUSED] = (compare_text.LOST, compare_text.NONE_KEPT)
        return
    try:
        candidate = links.with_stored(scenario() if _history().moves else apart.linked, apart.key, text)
        if apart.other is not None and other() is None:
            whole = links.with_stored(apart.linked, apart.key, text)
            st.session_state[_OTHER] = links.with_other(apart.other, whole)
    except ValueError as error:
        st.session_state[_APART] = replace(apart, lost=True)
        lost = (compare_text.LOST,) if apart.other is not None else ()
        problems = getattr(error, "problems", (str(error),))
        st.session_state[_REFUSED] = (*problems, *lost, "The book's prices are used instead.")
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
