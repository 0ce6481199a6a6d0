"""The levers in the sidebar: five ranges, what each says below its track, and the kind of hybrid."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import streamlit as st

from costmodel import traffic
from costmodel.fields import value_at
from costmodel.inputs import Inputs
from costmodel.scenario import Scenario
from costmodel.timeline import forced_interval
from pages.ui import state
from pages.ui.lever import format_count, format_months, format_percent, lever
from pricing.catalog import load_book
from report import text


def cadence_words(months: float) -> str:
    """A retraining cadence in words."""
    return "never" if months == 0 else format_months(months)


@dataclass(frozen=True)
class Lever:
    """How one field is pulled: range, steps and words."""

    path: str
    label: str
    low: float
    high: float
    words: Callable[[float], str]
    unit: str
    help: str
    options: dict[str, Any] = field(default_factory=dict)


LEVERS = (
    Lever(
        "workload.queries_per_month",
        "Queries per month",
        1_000,
        10_000_000,
        format_count,
        "queries per month",
        "User queries in the first month of operation.",
        {"scale": "log", "per_decade": 75},
    ),
    Lever(
        "workload.monthly_growth_share",
        "Growth per month",
        -0.05,
        0.15,
        format_percent,
        "per month",
        "By how much the volume grows from one month to the next.",
        {"step": 0.005},
    ),
    Lever(
        "corpus.updates_per_month",
        "Content updates per month",
        0,
        30,
        format_count,
        "updates per month",
        "How often the content changes. RAG re-embeds what changed; a tuned model must be retrained.",
        {"step": 1},
    ),
    Lever(
        "fine_tuning.retrain_every_months",
        "Retrain every",
        0,
        24,
        cadence_words,
        "",
        "The calendar of retraining, for fine-tuning and hybrid alike.",
        {"options": (0, 1, 2, 3, 4, 6, 9, 12, 18, 24)},
    ),
    Lever(
        "finance.horizon_months",
        "Horizon",
        12,
        36,
        format_months,
        "",
        "Months of operation that count.",
        {"step": 1},
    ),
)
KIND = "hybrid.kind"
KINDS = {
    "grounded": ("Grounded", "the tuned model answers every query with retrieved chunks."),
    "routed": (
        "Routed",
        "a small tuned router reads every query and answers a share itself; the rest goes through RAG.",
    ),
    "split": ("Split", "a share of the queries goes to the tuned model alone, the rest to RAG."),
}
PATHS = (*(each.path for each in LEVERS), KIND)


def draw() -> None:
    """All levers, one under the other."""
    scenario, base = state.scenario(), state.base()
    for each in LEVERS:
        value, preset = float(value_at(scenario, each.path)), float(value_at(base, each.path))
        lever(
            f"lever {each.path}",
            label=each.label,
            value=value,
            low=each.low,
            high=each.high,
            format=each.words,
            text=each.words(value),
            was=each.words(preset) if value != preset else "",
            mark=preset,
            unit=each.unit,
            help=each.help,
            caption=_caption(scenario, each.path),
            on_change=_moved,
            **each.options,
        )
    _kind(scenario)


def _kind(scenario: Scenario) -> None:
    """What the hybrid is: the three kinds that published tools mean by the word."""
    key = state.widget_key(f"lever {KIND}")
    st.segmented_control(
        "Hybrid",
        list(KINDS),
        default=scenario.hybrid.kind,
        format_func=lambda kind: KINDS[kind][0],
        required=True,
        key=key,
        width="stretch",
        help=" ".join(f"**{word}**: {meaning}" for word, meaning in KINDS.values()),
        on_change=lambda: state.put({KIND: st.session_state[key]}),
    )


def _moved(key: str) -> None:
    value = st.session_state[key]["value"]
    path = key.removeprefix("lever ")
    state.put({path: round(value) if path == "finance.horizon_months" else value})


def _caption(scenario: Scenario, path: str) -> str:
    """What a lever's position means, in a few words."""
    workload, tuning = scenario.workload, scenario.fine_tuning
    forced = float(forced_interval(tuning.updates_per_retrain, scenario.corpus.updates_per_month))
    if path.startswith("workload.") and workload.queries_by_month is not None:
        return "replaced by the forecast by month"
    if path == "workload.monthly_growth_share":
        last = scenario.finance.horizon_months
        asked = traffic.users(Inputs(scenario, load_book())).at(last)
        return f"{format_count(asked)} queries in month {last}"
    if path == "corpus.updates_per_month" and tuning.updates_per_retrain:
        return text.updates_force(tuning.updates_per_retrain, state.is_guess("fine_tuning.updates_per_retrain"))
    if path == "fine_tuning.retrain_every_months":
        if forced and (tuning.retrain_every_months == 0 or forced < tuning.retrain_every_months):
            return f"content updates force one {text.how_often(forced)}"
        return "on the calendar" if tuning.retrain_every_months else "never retrained"
    return ""
