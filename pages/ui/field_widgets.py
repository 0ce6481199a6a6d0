"""One field as a widget made from its declaration, with its mark below and its menu beside it."""

from __future__ import annotations

from collections.abc import Callable
from html import escape
from typing import Any

import streamlit as st

from costmodel.families import FAMILY_OF
from costmodel.fields import FieldFacts, value_at
from costmodel.scenario import ARCHITECTURES, FIELDS
from pages.ui import by_month, layout, state, view
from report import field_text, prices_text
from report.palette import ARCHITECTURES as INKS

LISTS: dict[str, tuple[str, ...]] = {
    "finance.compared": ARCHITECTURES,
    "finance.already_built": ARCHITECTURES,
}
_RESET, _PIN, _UNPIN = "reset", "pin", "unpin"


def draw(facts: FieldFacts) -> None:
    """The row of one field: always of the same height, whatever is changed."""
    base, now = value_at(state.base(), facts.path), value_at(state.scenario(), facts.path)
    with row(facts.path, field_text.mark(facts, base, now, state.scenario().preset)):
        _widget(facts, now, facts.label, _help(facts, base))
        _menu(facts, base, now)
    if facts.kind == "reference":
        _retirement(now)
    elif facts.path in by_month.WORDS:
        by_month.below(facts.path)


def row(name: str, mark: str = "") -> Any:
    """A row of the form: what is drawn in it stands side by side; below it is room for the mark, used or not."""
    key = f"row {name}".replace(" ", "_")
    line = st.container(key=key, horizontal=True, vertical_alignment="bottom", gap="xxsmall", wrap=False)
    if mark:
        line.html(f'<p class="mark" title="{escape(mark)}">{escape(mark)}</p>')
    return line


def _help(facts: FieldFacts, base: Any) -> str:
    return layout.plain_dollars(field_text.help_words(facts, state.scenario().preset, base))


def _menu(facts: FieldFacts, base: Any, now: Any) -> None:
    """Reset and lever, always in the same place; idle when there is nothing to do."""
    entries = {}
    if field_text.is_changed(facts, base, now):
        entries[_RESET] = field_text.reset_to(facts, base)
    if facts.path in state.pins():
        entries[_UNPIN] = field_text.UNMAKE_LEVER
    elif view.pinnable(facts.path) and now is not None:
        entries[_PIN] = field_text.MAKE_LEVER
    key = state.widget_key(f"menu {facts.path}")
    st.menu_button(
        field_text.menu(facts),
        list(entries) or [_RESET],
        format_func=lambda entry: entries.get(entry, field_text.NOTHING),
        key=key,
        type="tertiary",
        icon=":material/more_vert:",
        disabled=not entries,
        on_click=lambda: _chosen(facts.path, st.session_state[key]),
    )


def _chosen(path: str, entry: str | None) -> None:
    if entry == _RESET:
        state.reset_paths([path])
    elif entry == _PIN:
        state.pin(path)
    elif entry == _UNPIN:
        state.unpin(path)


def _widget(facts: FieldFacts, value: Any, label: str, help_: str) -> None:
    key = state.widget_key(f"field {facts.path}")
    if facts.numeric:
        number(facts, value, key, label, help_)
    elif facts.kind == "flag":
        st.checkbox(label, key=state.mirror(key, value), help=help_, on_change=put(facts.path, key))
    elif facts.kind == "choice":
        st.selectbox(
            label,
            facts.options,
            format_func=lambda option: field_text.WORDS.get(option, option),
            key=state.mirror(key, value),
            help=help_,
            on_change=put(facts.path, key),
        )
    elif facts.kind == "reference":
        st.selectbox(
            label,
            reference_options(facts),
            index=None,
            key=state.mirror(key, value),
            help=help_,
            placeholder=field_text.capital(field_text.empty(facts.path)),
            on_change=put(facts.path, key),
        )
    elif facts.kind == "text":
        state.mirror(key, value or "")
        st.text_input(label, key=key, help=help_, max_chars=20, on_change=put(facts.path, key, _text))
    elif facts.path in by_month.WORDS:
        by_month.draw(facts.path, key, label, help_)
    else:
        st.multiselect(
            label,
            LISTS.get(facts.path, tuple(FAMILY_OF)),
            format_func=lambda option: INKS[option].name if option in ARCHITECTURES else option.replace("_", " "),
            key=state.mirror(key, list(value)),
            help=help_,
            placeholder="None",
            on_change=put(facts.path, key, tuple),
        )


def number(facts: FieldFacts, value: float | None, key: str, label: str, help_: str) -> None:
    """A number box that follows the scenario; an emptied one goes back unless nothing is a value too."""
    whole, percent = facts.kind == "whole", field_text.is_percent(facts)
    scale = 100.0 if percent else 1.0
    cast: Callable[[float], float] = int if whole else float
    shown = None if value is None else cast(round(value * scale, 10))

    def unscaled(entered: float | None) -> float | None:
        if entered is None:
            return None if facts.nullable else value
        return float(f"{entered / scale:.12g}") if percent else entered

    step = field_text.step(facts, value_at(state.base(), facts.path))
    st.number_input(
        label,
        min_value=cast((facts.low or 0.0) * scale),
        max_value=cast((facts.high or 0.0) * scale),
        value=None,
        step=cast(step),
        format=None if whole else "%.12g" if not percent else "%.10g",
        key=state.mirror(key, shown),
        help=help_,
        placeholder=field_text.capital(field_text.empty(facts.path)) if facts.nullable else None,
        required=not facts.nullable,
        on_change=put(facts.path, key, unscaled),
    )


def _retirement(ref: str | None) -> None:
    """When a chosen model is shut down and what follows it, below its choice."""
    plan = state.book().plan(ref) if ref else None
    if plan is not None and (day := plan.fact("retires_on")):
        st.caption(layout.escape_markdown(prices_text.retires(day, plan.fact("successor"))))


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


def discounts() -> None:
    """Negotiated discounts, one per provider whose prices are in use."""
    scenario = state.scenario()
    refs = [value_at(scenario, path) for path, facts in FIELDS.items() if facts.kind == "reference"]
    held, base = scenario.finance.discount_share, state.base().finance.discount_share
    for provider in sorted({ref.split("/")[0] for ref in refs if ref} | set(held)):
        key = state.widget_key(f"discount {provider}")
        share, before = held.get(provider, 0.0), base.get(provider, 0.0)
        with row(f"discount_{provider}", field_text.was_share(before) if share != before else ""):
            st.number_input(
                field_text.discount_label(provider),
                min_value=0.0,
                max_value=100.0,
                value=None,
                step=1.0,
                format="%.10g",
                key=state.mirror(key, round(share * 100, 10)),
                required=True,
                help=field_text.DISCOUNT_HELP,
                on_change=_put_discount,
                args=(provider, key),
            )
            st.menu_button(
                field_text.discount_menu(provider),
                [_RESET],
                format_func=lambda _, before=before: field_text.reset_share(before),
                key=state.widget_key(f"menu discount {provider}"),
                type="tertiary",
                icon=":material/more_vert:",
                disabled=share == before,
                on_click=_set_discount,
                args=(provider, before),
            )


def _put_discount(provider: str, key: str) -> None:
    _set_discount(provider, (st.session_state[key] or 0.0) / 100)


def _set_discount(provider: str, share: float) -> None:
    others = {name: held for name, held in state.scenario().finance.discount_share.items() if name != provider}
    state.put({"finance.discount_share": {**others, provider: share} if share else others})


def _text(value: str) -> str | None:
    return value.strip() or None


def put(path: str, key: str, read: Callable[[Any], Any] = lambda value: value) -> Callable[[], None]:
    """What a widget does when its value has changed."""
    return lambda: state.put({path: read(st.session_state[key])})
