"""A lever: a slider that the page follows while it is dragged.

The browser side is `lever.js`. It sends a value only when the last one has been answered, so that no queue
builds up: every run puts a new counter into `data`, and with it what the session has received so far.
"""

import bisect
import itertools
import math
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

import streamlit as st

from costmodel.tracks import Track
from report.palette import ARCHITECTURES, neutral_css

_HERE = Path(__file__).parent
_COLOURS = "".join(f"--{name}: {neutral_css(name)}; " for name in ("ink", "second", "line"))

_HTML = """
<div class="lever">
  <div class="head">
    <label for="range"></label><span class="was"></span>
    <input class="value" type="text" inputmode="text" autocomplete="off" spellcheck="false" enterkeyhint="done">
    <button class="remove" type="button" title="Remove this lever" hidden>\u2715</button>
  </div>
  <div class="rail">
    <div class="track"></div><div class="mark"></div><input id="range" type="range" min="0" step="1">
  </div>
  <div class="captions">
    <div class="caption" aria-hidden="true"></div>
    <div class="note" aria-hidden="true" hidden></div>
    <div class="error" role="alert"></div>
  </div>
</div>
"""

_component = st.components.v2.component(
    "crossover_lever",
    html=_HTML,
    css=f":host {{ {_COLOURS}}}\n" + (_HERE / "lever.css").read_text(encoding="utf-8"),
    js=(_HERE / "lever.js").read_text(encoding="utf-8"),
)

_runs = itertools.count(1)  # only has to differ from one run to the next

# Steps of the leading digits in 1-2, 2-5 and 5-10, fine to coarse: 160, 75, 35, 10 values a decade.
_LATTICES = ((0.02, 0.05, 0.1), (0.05, 0.1, 0.2), (0.1, 0.2, 0.5), (0.5, 1.0, 1.0))


def _lattice(per_decade: int) -> list[float]:
    for steps in _LATTICES:
        bands = zip((1, 2, 5), (2, 5, 10), steps, strict=True)
        mantissas = [round(a + i * step, 2) for a, b, step in bands for i in range(round((b - a) / step))]
        if len(mantissas) <= per_decade:
            return mantissas
    return [1.0, 2.0, 5.0]


def log_stops(low: float, high: float, per_decade: int = 75) -> tuple[float, ...]:
    """Round values from `low` to `high`, both included, about evenly spaced in their logarithm."""
    if not 0 < low < high:
        raise ValueError(f"a log lever needs 0 < low < high, not {low} and {high}")
    mantissas = _lattice(per_decade)
    first, last = math.floor(math.log10(low)), math.floor(math.log10(high))
    grid = (float(f"{mantissa:.2f}e{exponent}") for exponent in range(first, last + 1) for mantissa in mantissas)
    return (float(low), *(value for value in grid if low < value < high), float(high))


def linear_stops(low: float, high: float, step: float) -> tuple[float, ...]:
    """Values from `low` to `high`, both included, `step` apart (the last gap may be shorter)."""
    if not (low < high and step > 0):
        raise ValueError(f"a lever needs low < high and step > 0, not {low}, {high}, {step}")
    # Twelve significant digits remove the dust of repeated addition: 0.1 + 0.2 is 0.3.
    inside = (float(f"{low + i * step:.12g}") for i in range(1, math.ceil((high - low) / step)))
    return (float(low), *(value for value in inside if value < high), float(high))


def with_value(stops: Sequence[float], value: float) -> tuple[float, ...]:
    """The stops with `value` among them, in order."""
    at = bisect.bisect_left(stops, value)
    if at < len(stops) and math.isclose(stops[at], value, rel_tol=1e-12):
        return tuple(stops)
    if at > 0 and math.isclose(stops[at - 1], value, rel_tol=1e-12):
        return tuple(stops)
    return (*stops[:at], float(value), *stops[at:])


def nice_step(low: float, high: float, steps: int = 100) -> float:
    """A round step that cuts a range into about so many: 1, 2 or 5 times a power of ten."""
    rough = (high - low) / steps
    leading = 10.0 ** math.floor(math.log10(rough))
    return float(f"{leading * next((each for each in (1, 2, 5) if each * leading >= rough * (1 - 1e-9)), 10):.3g}")


@lru_cache(maxsize=512)
def _labels(stops: tuple[float, ...], words: Callable[[float], str]) -> tuple[str, ...]:
    return tuple(words(stop) for stop in stops)


def place(stops: Sequence[float], value: float) -> float:
    """Where a value lies along a lever with these rising stops: 0 at the first one, 1 at the last one."""
    above = bisect.bisect_left(stops, value)
    if above == 0:
        return 0.0
    if above == len(stops):
        return 1.0
    below, next_ = stops[above - 1], stops[above]
    share = (value - below) / (next_ - below) if math.isfinite(next_) else float(value == next_)
    return (above - 1 + share) / (len(stops) - 1)


def painted(stops: Sequence[float], track: Track | None) -> tuple[tuple[float, float, str], ...]:
    """A lever's track as (from, to, CSS colour), in shares of its length; empty where it has nothing to tell apart."""
    if track is None or len(track.contenders) < 2:
        return ()
    stretches = track.stretches
    # A jump is drawn in the middle between its two sides.
    cuts = [(place(stops, one.end) + place(stops, next_.start)) / 2 for one, next_ in itertools.pairwise(stretches)]
    bounds = itertools.pairwise([0.0, *cuts, 1.0])
    return tuple(
        (start, end, ARCHITECTURES[each.leader].css if each.leader else neutral_css("line"))
        for each, (start, end) in zip(stretches, bounds, strict=True)
    )


def lever(
    key: str,
    *,
    label: str,
    value: float,
    stops: Sequence[float],
    words: Callable[[float], str],
    on_change: Callable[[str, float], None],
    on_typed: Callable[[str, str], None],
    on_remove: Callable[[str], None] | None = None,
    never: bool = False,
    text: str = "",
    exact: str = "",
    was: str = "",
    mark: float | None = None,
    unit: str = "",
    help: str = "",
    captions: Sequence[str] = ("",),
    note: str | None = None,
    track: Track | None = None,
    disabled: str = "",
    error: str = "",
) -> None:
    """Draw a lever that shows `value` and calls `on_change(key, value)` when the user has moved it.

    `value` is the truth: whatever Python passes is shown, except under a finger that is still down.

    - `stops`: where it can stand, rising, `value` among them; with `never` a 0 among them means never and comes last.
    - `words`: a module-level function from a value to its words; `text`: those for `value` if they differ;
      `exact`: what the field holds when somebody begins to type; `on_typed(key, text)` takes what was typed.
    - `was`: the preset's words, when changed; `mark`: the preset's value, shown as a triangle; `unit`: spoken after
      the value; `help`: on the label; `on_remove(key)`: there is a button that takes the lever away.
    - `captions`: one line below, the first that fits; `note`: a second line (None: there is never one).
    - `track`: who is cheapest along it. `disabled`: why it cannot be moved; `error`: why what was typed was refused.
    """
    order = sorted(math.inf if never and stop == 0 else float(stop) for stop in stops)
    shown = tuple(0.0 if math.isinf(stop) else stop for stop in order)
    # Tuples, not lists: Streamlit asks of every list whether it is a table, which takes longer than all the rest.
    data = {
        "label": label,
        "value": value,
        "text": text,
        "exact": exact or text,
        "stops": shown,
        "labels": _labels(shown, words),
        "was": was,
        "mark": None if mark is None else place(order, math.inf if never and mark == 0 else mark),
        "unit": unit,
        "help": help,
        "captions": tuple(captions),
        "note": note,
        "track": () if disabled else painted(order, track),
        "disabled": disabled,
        "error": error,
        "removable": on_remove is not None,
    }
    mount(key, data, on_change, on_typed, on_remove)


def mount(
    key: str,
    data: Mapping[str, Any],
    on_change: Callable[[str, float], None],
    on_typed: Callable[[str, str], None],
    on_remove: Callable[[str], None] | None = None,
) -> None:
    """Put a lever on the page that shows `data` as `lever` makes it, and listen to it."""
    received = dict(st.session_state.get(key) or {})
    seen = f"{key} seen"

    def changed() -> None:
        moved_to = st.session_state[seen] = st.session_state[key].get("value")
        if _is_one_of(moved_to, min(data["stops"]), max(data["stops"])):
            on_change(key, float(moved_to))

    def typed() -> None:
        entered = st.session_state[key].get("typed")
        if isinstance(entered, Mapping) and isinstance(entered.get("text"), str):
            on_typed(key, entered["text"])

    def removed() -> None:
        if on_remove is not None:
            on_remove(key)

    # A value set from Python (a test does that) comes without a callback.
    moved = received.get("value", st.session_state.get(seen))
    if seen in st.session_state and moved != st.session_state[seen] and moved == moved:  # NaN differs from itself
        changed()
        st.rerun()

    _component(
        key=key,
        data={
            "run": next(_runs),
            "received": received.get("value"),
            "again": received.get("again") or 0,
            "typed": (received.get("typed") or {}).get("number") or 0,
            **data,
        },
        on_value_change=changed,
        # The browser's way to say "the same value once more" after Python has shown another one in between.
        on_again_change=changed,
        on_typed_change=typed,
        on_removed_change=removed,
    )
    # What a browser brings along into a new session is older than the link: not a change.
    if seen not in st.session_state:
        st.session_state[seen] = (st.session_state.get(key) or {}).get("value")


def _is_one_of(value: object, low: float, high: float) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and low <= value <= high
