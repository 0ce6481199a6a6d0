"""What an address restores, and the address that restores what is on screen; nothing here touches the session."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import NamedTuple
from urllib.parse import parse_qsl

from costmodel import link
from costmodel.changes import ScenarioError, changed, check_references, resolved
from costmodel.made_with import MadeWith
from costmodel.other import Other, beginning_with, packed, rests_on_first, unpacked
from costmodel.results import run_scenario
from costmodel.scenario import Scenario
from pages.ui import edits_apart
from pages.ui.view import restored
from pricing.book import PriceError
from pricing.catalog import load_book
from report import compare_text


@dataclass(frozen=True)
class Opened:
    """What the session began with: the link's word, what it restored, and what it says it was made with.

    `other`: the scenario that it is compared with.
    """

    word: str
    scenario: Scenario
    view: Mapping[str, str]
    made: MadeWith | None
    other: Other | None = None


@dataclass(frozen=True)
class Apart:
    """Price edits that a link names and does not carry: awaited from the browser, or not there (`lost`).

    `other`: what the link carries of a scenario to compare with that rests on them.
    """

    key: str
    linked: Scenario
    lost: bool = False
    other: Mapping[str, object] | None = None


@dataclass(frozen=True)
class Linked:
    """What a link says; not `complete` when it cannot be shown before its price edits have come from the browser.

    `problems`: why the scenario to compare with was not restored.
    """

    opened: Opened
    apart: Apart | None
    complete: bool
    problems: tuple[str, ...] = ()


def read(word: str, key: str | None) -> Linked:
    """What the link of `word` restores; `key` names its price edits in the browser. ScenarioError when it is broken."""
    linked, view = link.decoded(word)
    first = resolved(linked, date.today())
    apart = Apart(key, first) if key is not None and edits_apart.is_key(key) else None
    content, other, problems = link.other_of(word), None, tuple[str, ...]()
    if apart is not None and isinstance(content, Mapping) and rests_on_first(content):
        apart = replace(apart, other=content)
    elif content is not None:
        try:
            other = with_other(content, first)
        except (ScenarioError, PriceError) as error:
            problems = tuple(f"the link, {each}" for each in getattr(error, "problems", (str(error),)))
    opened = Opened(word, first, restored(view), link.made_with(word), other)
    try:
        check_references(linked, load_book().with_edits(linked.price_edits))
    except ScenarioError:
        if apart is None:
            raise
        return Linked(opened, apart, complete=False, problems=problems)
    return Linked(opened, apart, complete=True, problems=problems)


def with_other(content: object, first: Scenario) -> Other:
    """The scenario that a link to `first` is compared with; ScenarioError or PriceError when it cannot be run."""
    other = unpacked(content, first)
    try:
        run_scenario(other.scenario, load_book())
    except ScenarioError as error:
        raise ScenarioError([f"the scenario to compare with, {problem}" for problem in error.problems]) from None
    return other


def pasted(text: str, first: Scenario) -> Other:
    """The scenario of a link that was pasted, to compare with `first`. ScenarioError says what is wrong with it."""
    address = text.strip()
    parts = dict(parse_qsl(address.partition("?")[2] or address)) if "s=" in address else {}
    word = parts.get("s", address)
    if parts.get("k"):
        raise ScenarioError([compare_text.TYPED_IN_ELSEWHERE])
    linked, _ = link.decoded(word)
    return Other(beginning_with(linked, first), "link", link.made_with(word))


class Written(NamedTuple):
    """A query string, and whether it carries the scenario to compare with, if there is one."""

    query: str
    whole: bool


def written(
    current: Scenario,
    view: Mapping[str, str],
    apart: Apart | None,
    opened: Opened | None,
    made: Callable[[], MadeWith | None],
    packed_edits: Callable[[], tuple[str, str]],
    other: Other | None = None,
) -> Written:
    """The query string that restores a scenario, a view and the `other` scenario; "" when that is too large for a link.

    What does not fit stays out, in this order: what the link was `made` with, the other scenario, the price edits,
    which the query names by the key under which the browser keeps them packed.
    """
    if apart is not None and not current.price_edits:
        carried = apart.other if other is None else packed(other, apart.linked)
        ways = _fitting(apart.linked, view, (None,), (carried, None) if carried else (None,))
        return _first(ways, carried is not None, f"&k={apart.key}") or Written("", carried is None)
    if opened is not None and (opened.scenario, opened.view, opened.other) == (current, view, other):
        return Written(f"s={opened.word}", True)
    carried = None if other is None else packed(other, current)
    others = (carried, None) if carried else (None,)
    found = _first(_fitting(current, view, (made(), None), others), carried is not None)
    if found is not None or not current.price_edits:
        return found or Written("", carried is None)
    bare = current.model_copy(update={"price_edits": ()})
    ways = _fitting(bare, view, (None,), others)
    return _first(ways, carried is not None, f"&k={packed_edits()[0]}") or Written("", carried is None)


def _fitting(
    current: Scenario,
    view: Mapping[str, str],
    stamps: Sequence[MadeWith | None],
    others: Sequence[Mapping[str, object] | None],
) -> Iterator[tuple[str, bool]]:
    """The words of a link that are short enough, fullest first, each with whether the other scenario is in it."""
    for other in others:
        for stamp in stamps:
            word = link.encoded(current, view, stamp, other)
            if len(word) <= link.MAX_CHARACTERS:
                yield word, other is not None


def _first(ways: Iterator[tuple[str, bool]], wanted: bool, rest: str = "") -> Written | None:
    found = next(ways, None)
    return None if found is None else Written(f"s={found[0]}{rest}", found[1] or not wanted)


def with_stored(onto: Scenario, key: str, text: object) -> Scenario:
    """A scenario with the price edits that the browser kept under a key; ValueError when they are not what was kept."""
    found = changed(onto, {"price_edits": edits_apart.unpacked(key, text)})
    check_references(found, load_book().with_edits(found.price_edits))
    return found
