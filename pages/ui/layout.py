"""The frame of every page: head, page links, eyebrow, hero, sections, cards, foot.

Texts are Markdown unless said otherwise; a dollar sign in them is only a dollar sign. Text that a user typed goes
through `escape_markdown` or `in_markdown` first.

The heads of sections are sentences with marks of architectures (`{rag}`), no Markdown: they become HTML here, which a
browser draws anew in a fraction of the time that a heading takes. What a user typed goes through `in_sentence` first.
"""

import re
import unicodedata
from collections.abc import Callable, Sequence
from functools import cache
from html import escape
from pathlib import Path
from typing import Literal
from urllib.parse import parse_qsl

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from pages.ui import styles
from pages.ui.change_numbers import change_the_numbers
from report.palette import ARCHITECTURES, NEUTRALS, neutral_css
from report.sentence import with_names

_HERE = Path(__file__).parent

_TAB, NAMED = "browser tab", 2

Query = Sequence[tuple[str, str]] | None
"""The link of the current scenario in its parts."""

# One line per page: (group, [(label, file)]).
NAVIGATION: list[tuple[str, list[tuple[str, str]]]] = [
    ("Answer", [("Overview", "app.py"), ("Decide", "pages/decide.py")]),
    (
        "Test it",
        [
            ("Crossovers", "pages/crossovers.py"),
            ("Sensitivity", "pages/sensitivity.py"),
            ("Uncertainty", "pages/uncertainty.py"),
            ("Compare", "pages/compare.py"),
        ],
    ),
    ("Check it", [("Breakdown", "pages/breakdown.py"), ("Prices", "pages/prices.py"), ("Method", "pages/method.py")]),
    ("Take it", [("Report", "pages/report.py")]),
]

_VARIABLES = "".join(f"--cx-{name}: {neutral_css(name)}; " for name in NEUTRALS)


def _group_words() -> str:
    """The names of the groups, over the first link of each: no elements of their own in every run of a page."""
    rules, above = [], 0
    for group, pages in NAVIGATION:
        first = f".stElementContainer:nth-child({above + 1})"
        words = ", ".join(f"{place} > {first}::before" for place in (".st-key-navigation", ".st-key-menu_groups"))
        rules.append(f'{words} {{ content: "{group}"; }}\n')
        rules.append(f".st-key-navigation > {first} {{ margin-left: 3.25rem; }}\n" if above else "")
        above += len(pages)
    return "".join(rules)


@cache
def _style(page: str) -> "_Ready":
    """The stylesheet of a page."""
    borders = "--cx-border: light-dark(#dfe3ea, #2b323d); --cx-badge: light-dark(#f0f2f5, #1d222b);"
    return _Ready(f"<style>:root {{ {_VARIABLES}{borders} }}\n{_group_words()}{styles.sheet_of(page)}</style>")


class _Ready:
    """HTML that Streamlit takes as it is: of plain text it would look for a common indent, in every run."""

    def __init__(self, html: str) -> None:
        self._html = html

    def _repr_html_(self) -> str:
        return self._html


_LOGO = (_HERE / "logo.svg").read_text(encoding="utf-8")
# A file, not a Material icon: Streamlit would fetch that one from the internet for the browser tab.
_ICON = str(_HERE / "icon.svg")
_MARKDOWN = re.compile(r"([\\`*_\[\]<>:#|~$&]|^[-+](?=\s)|(?<=^\d)[.)]|(?<=^\d\d)[.)])")
# Icon names, emoji codes and bare addresses are looked for after Markdown's escapes: a word joiner hides them.
_AFTERTHOUGHTS = re.compile(r"(:|@|\bwww)(?=\S)", flags=re.IGNORECASE)


# Marks that turn the direction of what follows: a name must not turn the line that it stands in.
_DIRECTIONS = re.compile("[\u202a-\u202e\u2066-\u2069]")


def escape_markdown(text: str) -> str:
    """A user's text as Markdown that shows just these characters, on one line."""
    joined = _AFTERTHOUGHTS.sub("\\1\N{WORD JOINER}", _on_one_line(text))
    return _apart(_MARKDOWN.sub(r"\\\1", joined), joined)


def in_markdown(name: str) -> str:
    """A name that may have been typed in, for a Markdown sentence: just these characters, and not the mark of an
    architecture."""
    return _unmarked(escape_markdown(name))


def in_sentence(name: str) -> str:
    """A name that may have been typed in, for a sentence that is no Markdown: on one line, not the mark of an
    architecture."""
    line = _on_one_line(name)
    return _unmarked(_apart(line, line))


def _on_one_line(text: str) -> str:
    return " ".join(_DIRECTIONS.sub("", text).split())


def _apart(escaped: str, text: str) -> str:
    """What reads from right to left does not turn the sentence that it stands in."""
    leftward = any(unicodedata.bidirectional(character) in ("R", "AL") for character in text)
    return f"\N{FIRST STRONG ISOLATE}{escaped}\N{POP DIRECTIONAL ISOLATE}" if leftward else escaped


def _unmarked(name: str) -> str:
    return name.replace("{", "{\N{WORD JOINER}")


def inked(sentence: str) -> str:
    """A sentence with marks of architectures as HTML, their names in their colours."""
    return with_names(
        escape(sentence), lambda key, word: f'<b style="color: {ARCHITECTURES[key].css_text}">{escape(word)}</b>'
    )


def plain_dollars(markdown: str) -> str:
    """Dollar signs made harmless: two of them would begin a formula."""
    return re.sub(r"(?<!\\)\$", r"\\$", markdown)


def page(title: str, *, icon: str = _ICON, query: str = "") -> Callable[[], None]:
    """Begin a page: browser tab, stylesheet, logo, places of the page links. The first call of every page.

    `title` is the page's label in NAVIGATION; `query` is the link of the current scenario, which the page
    links carry on into new tabs. Returns what draws the page links, which may wait until the answer is there.
    """
    bare(title, icon=icon)
    st.logo(_LOGO, size="large")
    return top_navigation(title, query)


def bare(title: str, *, icon: str = _ICON, style: str = "") -> None:
    """Begin a page that is nothing but its content: browser tab, and its stylesheet, or that of the name `style`.

    The tab is named in the first runs of a page only, the second in case the connection broke during the first: each
    time a browser hears of it, it draws the whole page anew.
    """
    named, times = st.session_state.get(_TAB, ("", 0))
    times = times if named == title else 0
    if times < NAMED:
        st.set_page_config(page_title=f"{title} \N{MIDDLE DOT} Crossover", page_icon=icon, layout="wide")
        st.session_state[_TAB] = (title, times + 1)
    st.html(_style(style or title))


@cache
def _page(file: str) -> st.Page:
    """A page of the app. Of a file alone Streamlit would look up the path again for every link in every run."""
    return st.Page(file, default=file == NAVIGATION[0][1][0][1])


def _links(query: Query, width: Literal["stretch", "content"]) -> None:
    for _, pages in NAVIGATION:
        for label, file in pages:
            st.page_link(_page(file), label=label, query_params=query, width=width)


def top_navigation(current: str, query: str = "") -> Callable[[], None]:
    """The places of the page links in their groups: a row; on phones one menu button that names the current page.

    Returns what puts the links there.
    """
    row = st.container(key="navigation", horizontal=True, vertical_alignment="bottom", gap="xxsmall")
    menu = st.popover(current, icon=":material/menu:", key="menu")

    def fill() -> None:
        parsed = parse_qsl(query) or None
        with row:
            _links(parsed, "content")
        with menu, st.container(key="menu_groups", gap=None):
            _links(parsed, "stretch")

    return fill


def eyebrow() -> DeltaGenerator:
    """The place of the quiet line above the headline: what it says, then its buttons."""
    return st.container(key="eyebrow", horizontal=True, vertical_alignment="center")


def quiet_line(parts: Sequence[str]) -> None:
    """Say what the quiet line says; its quiet buttons stand at its right."""
    st.markdown(plain_dollars(" \N{MIDDLE DOT} ".join(part for part in parts if part)))


def quiet_link(file: str, label: str, icon: str, query: str) -> None:
    """A link to a page among quiet buttons; `query`: the link of the current scenario, carried on into new tabs."""
    st.page_link(_page(file), label=label, icon=icon, query_params=parse_qsl(query) or None, width="content")


def hero(headline: str, lead: str) -> None:
    """The page's answer as its h1, and one grey line that says why and how sure."""
    lead_to(answer(headline), lead)


def answer(headline: str) -> DeltaGenerator:
    """The page's answer as its h1; returns the place where `lead_to` says why, which may take longer to find out."""
    place = st.container(key="hero")
    place.title(plain_dollars(headline), anchor=False)
    return place


def lead_to(place: DeltaGenerator, lead: str) -> None:
    """One grey line below the page's answer."""
    with place:
        st.markdown(plain_dollars(lead))
        change_the_numbers()


def section(finding: str, caption: str = "", *, key: str, spoken: str = "") -> DeltaGenerator:
    """A section's head: the finding as h2, what is drawn; returns the row that it stands in, for switches at its right.

    Both are sentences with marks of architectures. `spoken`: what is drawn in words, for those who cannot see it.
    """
    row = st.container(key=f"section_{key}", horizontal=True, wrap=False)
    with row:
        heading(finding, caption, key=key, below=unseen(spoken) if spoken else "")
    return row


def heading(finding: str, caption: str = "", *, key: str, below: str = "") -> None:
    """The head of a section that has no switches; `below`: HTML that stands right below it, as a table does."""
    said = f"<p>{inked(caption)}</p>" if caption else ""
    st.html(f'<div class="finding finding_{key}"><h2><span>{inked(finding)}</span></h2>{said}</div>{below}')


def unseen(text: str) -> str:
    """A paragraph for screen readers only, as HTML."""
    return f'<p class="unseen">{escape(text)}</p>'


def footer(text: str) -> None:
    """The last line of a page: what is not included, and with which model it was worked out; no Markdown."""
    st.html(f'<p class="foot">{escape(text)}</p>')
