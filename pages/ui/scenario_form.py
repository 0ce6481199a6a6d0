"""The sidebar: preset, levers, and every other assumption as a widget made from its declaration."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import streamlit as st

from costmodel.families import FAMILY_OF
from costmodel.fields import FieldFacts, value_at
from costmodel.presets import PRESETS
from costmodel.scenario import ARCHITECTURES, FIELDS
from pages.ui import extra_costs, layout, levers, state, stored
from report import prices_text
from report.palette import ARCHITECTURES as INKS

GROUPS: dict[str, tuple[str, ...]] = {
    "Workload": ("workload",),
    "Corpus": ("corpus",),
    "RAG": ("rag",),
    "Fine-tuning": ("fine_tuning",),
    "Hybrid": ("hybrid",),
    "Prompting and guardrail": ("prompting", "guardrail"),
    "Quality": ("quality",),
    "People and money": ("people", "finance"),
}
CHOICE_WORDS = {"serverless": "Serverless", "dedicated": "Dedicated", "self_hosted": "Self-hosted GPUs"}
UNITS_IN_PERCENT = {"share": "%", "share/month": "% a month", "share/year": "% a year"}
LISTS: dict[str, tuple[str, ...]] = {
    "finance.compared": ARCHITECTURES,
    "finance.already_built": ARCHITECTURES,
}
LINES_OF_NUMBERS = {
    "workload.queries_by_month": "None. Paste one number per month.",
    "workload.seasonality": "None. Twelve factors, January to December: 1 is an average month.",
}


def shown_fields() -> dict[str, list[FieldFacts]]:
    """Fields of each group in the sidebar, levers left out."""
    return {
        title: [facts for path, facts in FIELDS.items() if facts.group in groups and path not in levers.PATHS]
        for title, groups in GROUPS.items()
    }


def draw() -> None:
    """The whole sidebar below the logo."""
    scenario, changes = state.scenario(), state.changes()
    with st.sidebar:
        _preset_picker()
        levers.draw()
        for title, fields in shown_fields().items():
            count = sum(path.split(".")[0] in GROUPS[title] and path not in levers.PATHS for path in changes)
            with _group(title, f"{count} changed" if count else "") as expander:
                if expander.open:
                    for facts in fields:
                        field_widget(facts)
                    if title == "People and money":
                        _discounts()
        typed_in = len(scenario.extra_costs)
        with _group("Extra costs", f"{typed_in} typed in" if typed_in else "") as expander:
            if expander.open:
                extra_costs.draw()
        _foot(len(changes))
        stored.exchange()
    stored.notices()


@contextmanager
def _group(title: str, count: str) -> Iterator[Any]:
    """An expander that does no work while closed; its count stands beside it, since a changed label would close it."""
    with st.container(key=f"count {title}".replace(" ", "_"), gap=None):
        st.html(f'<p class="count">{count}</p>')
        expander = st.expander(title, key=f"group {title}", on_change="rerun")
        with expander:
            yield expander


def _preset_picker() -> None:
    scenario = state.scenario()
    names = list(PRESETS)
    key = state.widget_key("preset")
    st.selectbox(
        "Scenario",
        names,
        index=names.index(scenario.preset) if scenario.preset in names else None,
        format_func=lambda name: PRESETS[name].name,
        key=key,
        on_change=lambda: state.load_preset(st.session_state[key]),
        help=_preset_help(scenario.preset),
        placeholder="Your own scenario",
    )


def _preset_help(name: str | None) -> str | None:
    preset = PRESETS.get(name or "")
    return None if preset is None else f"{preset.reason} Advice of the source: {preset.advice}"


def _foot(changed: int) -> None:
    with st.container(key="sidebar_foot", horizontal=True, vertical_alignment="center"):
        fields = len(levers.PATHS) + sum(len(group) for group in shown_fields().values())
        st.caption(f"{changed} of {fields} changed")
        _back_and_forth("Undo", ":material/undo:", state.undo, state.undoable())
        _back_and_forth("Redo", ":material/redo:", state.redo, state.redoable())
        st.button("Reset", key="reset", type="tertiary", on_click=state.reset, disabled=not changed)


def _back_and_forth(label: str, icon: str, act: Callable[[], None], paths: tuple[str, ...] | None) -> None:
    """One of the two buttons along the history that levers, fields and prices share; on hover it says what it moves."""
    key, idle = label.lower(), paths is None
    step = "" if paths is None else layout.escape_markdown(prices_text.step(paths))
    words = f"{label}: {step}" if step else f"Nothing to {key}"
    st.button(label, key=key, icon=icon, type="tertiary", on_click=act, disabled=idle, help=words)


def field_widget(facts: FieldFacts) -> None:
    """The widget of one field: its words, unit, limits and source come from the declaration and the preset."""
    value = value_at(state.scenario(), facts.path)
    key = state.widget_key(f"field {facts.path}")
    label, help_ = _label(facts), _help(facts)
    if facts.numeric:
        _number(facts, value, key, label, help_)
    elif facts.kind == "flag":
        st.checkbox(label, value, key=key, help=help_, on_change=_put(facts.path, key))
    elif facts.kind == "choice":
        st.selectbox(
            label,
            facts.options,
            index=facts.options.index(value),
            format_func=lambda option: CHOICE_WORDS.get(option, option),
            key=key,
            help=help_,
            on_change=_put(facts.path, key),
        )
    elif facts.kind == "reference":
        options = reference_options(facts)
        st.selectbox(
            label,
            options,
            index=options.index(value) if value in options else None,
            key=key,
            help=help_,
            placeholder="None",
            on_change=_put(facts.path, key),
        )
        _retirement(value)
    elif facts.kind == "text":
        st.text_input(label, value or "", key=key, help=help_, max_chars=20, on_change=_put(facts.path, key, _text))
    elif facts.path in LINES_OF_NUMBERS:
        _numbers(facts, value, key, label, help_)
    elif facts.path in LISTS or facts.path.endswith(".switched_off"):
        _several(facts, value, key, label, help_)


def _retirement(ref: str | None) -> None:
    """When a chosen model is shut down and what follows it, below its choice."""
    plan = state.book().plan(ref) if ref else None
    if plan is not None and (day := plan.fact("retires_on")):
        st.caption(layout.escape_markdown(prices_text.retires(day, plan.fact("successor"))))


def _label(facts: FieldFacts) -> str:
    unit = UNITS_IN_PERCENT.get(facts.unit, facts.unit)
    if unit.split("/")[0].rstrip("s").lower() in facts.label.lower():
        unit = ""  # "Tokens per query" says it already
    return f"{facts.label}, {unit}" if unit else facts.label


def _help(facts: FieldFacts) -> str | None:
    preset = PRESETS.get(state.scenario().preset or "")
    source = preset.sources.get(facts.path) if preset else None
    words = [facts.help]
    if source is not None:
        words.append(f"{'A guess' if source.guess else 'Source'}: {source.text}.")
    elif facts.source:
        words.append(f"Source: {facts.source}.")
    return " ".join(word for word in words if word).replace("$", "\\$") or None


def _number(facts: FieldFacts, value: float | None, key: str, label: str, help_: str | None) -> None:
    whole, percent = facts.kind == "whole", facts.unit in UNITS_IN_PERCENT
    scale = 100.0 if percent else 1.0
    low, high = facts.low or 0.0, facts.high or 0.0
    limits: dict[str, Any] = {"min_value": low * scale, "max_value": high * scale}
    shown: Any = None if value is None else round(value * scale, 10)
    if whole:
        limits = {name: int(limit) for name, limit in limits.items()}
        shown = None if value is None else int(value)

    def unscaled(entered: float | None) -> float | None:
        return entered if entered is None or not percent else float(f"{entered / scale:.12g}")

    if facts.nullable and key not in st.session_state:
        # A default would come back when the field is emptied, so the value starts in the session instead.
        st.session_state[key] = shown
    st.number_input(
        label,
        value=None if facts.nullable else shown,
        step=1 if whole else _step(shown),
        format=None if whole else "%.12g" if not percent else "%.10g",
        key=key,
        help=help_,
        placeholder="None" if facts.nullable else None,
        on_change=_put(facts.path, key, unscaled if facts.nullable else lambda v: value if v is None else unscaled(v)),
        **limits,
    )


def _step(value: float | None) -> float:
    """A sensible step: about a tenth of the value, a round number."""
    if not value:
        return 1.0
    return float(10 ** max(-4, len(str(int(abs(value)))) - 2) if abs(value) >= 1 else 0.01)


def _several(facts: FieldFacts, value: tuple[str, ...], key: str, label: str, help_: str | None) -> None:
    options = LISTS.get(facts.path, tuple(FAMILY_OF))
    st.multiselect(
        label,
        options,
        default=list(value),
        format_func=lambda option: INKS[option].name if option in ARCHITECTURES else option.replace("_", " "),
        key=key,
        help=help_,
        on_change=_put(facts.path, key, tuple),
    )


def _numbers(facts: FieldFacts, value: tuple[float, ...] | None, key: str, label: str, help_: str | None) -> None:
    st.text_area(
        label,
        "\n".join(f"{number:.12g}" for number in value or ()),
        key=key,
        help=help_,
        height=90,
        placeholder=LINES_OF_NUMBERS[facts.path],
        on_change=lambda: state.put({facts.path: pasted_numbers(st.session_state[key])}),
    )


_THOUSANDS = re.compile(r"\d{1,3}(,\d{3})+(\.\d+)?")


def pasted_numbers(text: str) -> list[float | str] | None:
    """Numbers pasted from a sheet, one per line or cell; a word that is no number stays, to be refused by name."""
    words = [word.replace(",", "") if _THOUSANDS.fullmatch(word) else word for word in text.split()]
    numbers: list[float | str] = []
    for word in words:
        try:
            numbers.append(float(word))
        except ValueError:
            numbers.append(word)
    return numbers or None


def _discounts() -> None:
    """Negotiated discounts, one per provider whose prices are in use."""
    scenario = state.scenario()
    refs = [value_at(scenario, path) for path, facts in FIELDS.items() if facts.kind == "reference"]
    providers = sorted({ref.split("/")[0] for ref in refs if ref} | set(scenario.finance.discount_share))
    for provider in providers:
        key = state.widget_key(f"discount {provider}")
        st.number_input(
            f"Discount at {provider}, %",
            min_value=0.0,
            max_value=100.0,
            value=round(scenario.finance.discount_share.get(provider, 0.0) * 100, 10),
            step=1.0,
            format="%.10g",
            key=key,
            help="Negotiated, on all prices of this provider; shown in every export.",
            on_change=_put(f"finance.discount_share.{provider}", key, lambda entered: (entered or 0.0) / 100),
        )


def reference_options(facts: FieldFacts) -> list[str]:
    """Plans that can stand in a field, the current one among them."""
    book = state.book()
    if facts.path == "rag.vector_store":
        meters = ("storage", "reads", "nodes", "flat")
        options = sorted({ref for meter in meters for ref in book.refs(meter)})
    elif facts.path in ("fine_tuning.model", "hybrid.router_model"):
        options = list(book.refs("training", "input"))
    elif facts.path == "rag.reranker":
        options = sorted({*book.refs("rerank_searches"), *book.refs("rerank_tokens")})
    else:
        options = list(book.refs(*facts.meters))
    current = value_at(state.scenario(), facts.path)
    return options if current is None or current in options else [current, *options]


def _text(value: str) -> str | None:
    return value.strip() or None


def _put(path: str, key: str, read: Callable[[Any], Any] = lambda value: value) -> Callable[[], None]:
    return lambda: state.put({path: read(st.session_state[key])})
