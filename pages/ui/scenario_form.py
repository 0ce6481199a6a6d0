"""The sidebar: preset, levers, and every other assumption in groups of fields."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from html import escape
from typing import Any

import streamlit as st

from costmodel.presets import PRESETS
from pages.ui import (
    beginnings,
    documents,
    extra_costs,
    field_widgets,
    guided,
    layout,
    levers,
    state,
    stored,
    volume,
)
from pages.ui.groups import GROUPS, LENGTH, VOLUME, Group
from pages.ui.sidebar_keys import sidebar_keys
from report import field_text, prices_text, start_text

EXTRA_COSTS, MONEY = "Extra costs", "People and money"


def draw() -> None:
    """The whole sidebar."""
    scenario, changes = state.scenario(), state.changes()
    changed = {group.title: _changed(group, changes) for group in GROUPS}
    with st.sidebar:
        _preset_picker()
        levers.draw()
        beginnings.draw()
        for group in GROUPS:
            _group(group, changed[group.title])
        with _expander(EXTRA_COSTS) as expander:
            if expander.open:
                extra_costs.draw()
        _foot(len(changes))
        stored.exchange()
        sidebar_keys(guided.done())
    said = {title: f"{len(paths)} changed" for title, paths in changed.items() if paths}
    if scenario.extra_costs:
        said[EXTRA_COSTS] = f"{len(scenario.extra_costs)} typed in"
    _beside(said)
    guided.draw()


def _changed(group: Group, changes: Mapping[str, Any]) -> list[str]:
    """Which paths of a group differ."""
    paths = [path for path in changes if path in group.paths]
    discounts = group.title == MONEY and "finance.discount_share" in changes
    return [*paths, "finance.discount_share"] if discounts else paths


def _group(group: Group, changed: list[str]) -> None:
    """One group: what it is about, a way back, and its fields in parts; closed it does no work."""
    with _expander(group.title) as expander:
        if not expander.open:
            return
        _group_head(group, changed)
        for name, fields in group.parts:
            st.html(f'<p class="part">{escape(name)}</p>')
            if name == VOLUME:
                volume.draw()
            for facts in (each for each in group.fields if each.path in fields):
                if facts.path == documents.PATH and name == LENGTH:
                    documents.draw()
                else:
                    field_widgets.draw(facts)
        if group.title == MONEY:
            st.html(f'<p class="part">{escape(field_text.DISCOUNTS)}</p>')
            field_widgets.discounts()


def _group_head(group: Group, paths: list[str]) -> None:
    name = group.title.lower().replace(" ", "_")
    with st.container(key=f"about_{name}", horizontal=True, vertical_alignment="center", wrap=False):
        st.html(f'<p class="said">{escape(group.about)}</p>')
        st.button(
            "Reset",
            key=f"reset {group.title}",
            type="tertiary",
            disabled=not paths,
            help=field_text.reset_group(len(paths)),
            on_click=state.reset_paths,
            args=(paths,),
        )


def _expander(title: str) -> Any:
    """An expander that does no work while closed."""
    return st.expander(title, key=_key(title), on_change="rerun")


def _key(title: str) -> str:
    return f"group {title}"


def _beside(words: Mapping[str, str]) -> None:
    """Words over the right end of an expander's head, by its title: a changed title would close the expander."""
    rules = (
        f'.st-key-{re.sub("[^A-Za-z0-9]", "-", _key(title))}::after {{ content: "{said}"; }}'
        for title, said in words.items()
    )
    if words:
        st.html(f"<style>{' '.join(rules)}</style>")


def _preset_picker() -> None:
    scenario = state.scenario()
    known = scenario.preset if scenario.preset in PRESETS else None
    key = state.mirror(state.widget_key("preset"), known)
    with st.container(key="preset", gap="xxsmall"):
        st.selectbox(
            "Scenario",
            list(PRESETS),
            index=None if known is None else 0,
            format_func=lambda name: PRESETS[name].name,
            key=key,
            on_change=lambda: _chosen(st.session_state[key]),
            help=_preset_help(known),
            placeholder="Your own scenario",
        )
        st.html(f'<p class="said">{escape(start_text.preset_words(known))}</p>')
        guided.offer()


def _chosen(name: str | None) -> None:
    """Load a preset; a picker that a browser draws anew reports the one it shows, which is no choice."""
    if name is not None and name != state.scenario().preset:
        state.load_preset(name)


def _preset_help(name: str | None) -> str | None:
    preset = PRESETS.get(name or "")
    return None if preset is None else f"{preset.reason} Advice of the source: {preset.advice}"


def _foot(changed: int) -> None:
    with st.container(key="sidebar_foot", horizontal=True, vertical_alignment="center"):
        fields = len(levers.PATHS) + sum(len(group.paths) for group in GROUPS)
        st.caption(field_text.changed_of(changed, fields))
        _back_and_forth("Undo", ":material/undo:", "Ctrl+Z", state.undo, state.undoable())
        _back_and_forth("Redo", ":material/redo:", "Ctrl+Shift+Z", state.redo, state.redoable())
        st.button("Reset", key="reset", type="tertiary", on_click=state.reset, disabled=not changed)


def _back_and_forth(label: str, icon: str, keys: str, act: Callable[[], None], paths: tuple[str, ...] | None) -> None:
    """One of the two buttons along the history that levers, fields and prices share; on hover it says what it moves."""
    key, idle = label.lower(), paths is None
    step = "" if paths is None else layout.escape_markdown(prices_text.step(paths))
    words = f"{label}: {step} ({keys})" if step else f"Nothing to {key}"
    st.button(label, key=key, icon=icon, type="tertiary", on_click=act, disabled=idle, help=words)
