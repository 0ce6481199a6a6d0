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

from report.palette import ARCHITECTURES, neutral_css

_HERE = Path(__file__).parent
_COLOURS = "".join(f"--{name}: {neutral_css(name)}; " for name in ("ink", "second", "line"))

_HTML = """
<div class="lever">
  <div class="head">
    <label for="range"></label><span class="was"></span><span class="value" aria-hidden="true"></span>
  </div>
  <div class="rail">
    <div class="track"></div><div class="mark"></div><input id="range" type="range" min="0" step="1">
  </div>
  <div class="caption" aria-hidden="true"></div>
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


def _short(value: float) -> str:
    text = f"{value:.3g}" if abs(value) < 1000 else f"{value:.0f}"
    return text.replace("-", "\N{MINUS SIGN}")


def format_count(value: float) -> str:
    """A volume in at most three digits: 950, 8.1K, 178K, 1.25M."""
    for size, letter in ((1e9, "B"), (1e6, "M"), (1e3, "K")):
        # 999.5K rounds to 1M, so the limit lies half a last digit lower.
        if abs(value) >= size * 0.9995:
            return f"{_short(value / size)}{letter}"
    return _short(value)


def format_percent(share: float) -> str:
    """A share as a percentage: 3.0%, 12%; no decimals from 10, none at 0."""
    percent = share * 100
    digits = 0 if abs(percent) >= 9.95 or percent == 0 else 1
    return f"{percent:.{digits}f}%".replace("-", "\N{MINUS SIGN}")


def format_months(months: float) -> str:
    """A number of months in words: 1 month, 3 months."""
    return f"{_short(months)} month{'' if months == 1 else 's'}"


FORMATS: dict[str, Callable[[float], str]] = {
    "count": format_count,
    "percent": format_percent,
    "months": format_months,
    "number": _short,
}


@lru_cache(maxsize=256)
def _stops(low: float, high: float, step: float | None, scale: str, per_decade: int, value: float) -> tuple[float, ...]:
    if scale == "log":
        return with_value(log_stops(low, high, per_decade), value)
    return with_value(linear_stops(low, high, step or (high - low) / 100), value)


@lru_cache(maxsize=256)
def _labels(stops: tuple[float, ...], words: Callable[[float], str]) -> list[str]:
    return [words(stop) for stop in stops]


def _colour(name: str) -> str:
    """An architecture's key, or 'tie', as CSS; any other word is taken for CSS itself."""
    if name in ARCHITECTURES:
        return ARCHITECTURES[name].css
    return neutral_css("line") if name == "tie" else name  # the lighter tie colour is lost on the sidebar


def _is_number_between(value: object, low: float, high: float) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and low <= value <= high


def lever(
    key: str,
    *,
    label: str,
    value: float,
    low: float,
    high: float,
    on_change: Callable[[str], None],
    step: float | None = None,
    scale: str = "linear",
    per_decade: int = 75,
    options: Sequence[float] | Mapping[float, str] | None = None,
    format: str | Callable[[float], str] = "number",
    text: str = "",
    was: str = "",
    mark: float | None = None,
    unit: str = "",
    help: str = "",
    caption: str = "",
    track: Sequence[Mapping[str, Any]] = (),
) -> None:
    """Draw a lever that shows `value` and calls `on_change(key)` when the user has moved it.

    In the callback the new value is `st.session_state[key]["value"]`; it is one between `low` and `high`.
    `value` is the truth: whatever Python passes is shown, except under a finger that is still down.

    - `scale`: "linear" with `step`, or "log" with about `per_decade` round values to a decade;
      `options` replaces both by a list of values, or by a mapping of values to the words for them.
    - `format`: a name in FORMATS, or a module-level function from a value to its words.
    - `text`: the words for `value` if they differ from what `format` says; `was`: the preset's words, when
      changed; `mark`: the preset's value, shown as a triangle; `unit`: spoken after the value; `help`: on the
      label.
    - `track`: stretches `{"from": value, "to": value, "color": architecture key | "tie" | CSS}`.
    """
    words = FORMATS[format] if isinstance(format, str) else format
    if options is not None:
        stops = with_value(sorted(float(option) for option in options), value)
        low, high = min(low, stops[0]), max(high, stops[-1])
    else:
        stops = _stops(low, high, step, scale, per_decade, value)
    labels = _labels(stops, words)
    if isinstance(options, Mapping):
        labels = [options.get(stop, text) for stop, text in zip(stops, labels, strict=True)]

    received = dict(st.session_state.get(key) or {})
    seen = f"{key} seen"

    def changed() -> None:
        st.session_state[seen] = st.session_state[key].get("value")
        if _is_number_between(st.session_state[seen], stops[0], stops[-1]):
            on_change(key)

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
            "label": label,
            "value": value,
            "text": text,
            "stops": stops,
            "labels": labels,
            "was": was,
            "mark": mark,
            "unit": unit,
            "help": help,
            "caption": caption,
            "track": [{**part, "color": _colour(part["color"])} for part in track],
        },
        on_value_change=changed,
        # The browser's way to say "the same value once more" after Python has shown another one in between.
        on_again_change=changed,
    )
    # What a browser brings along into a new session is older than the link: not a change.
    st.session_state.setdefault(seen, (st.session_state.get(key) or {}).get("value"))
