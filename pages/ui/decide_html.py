"""What the Decide page shows as HTML: fit beside cost, the steps, the reasons. Every text in it is escaped here."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from itertools import groupby

from report.decision_questions import Reason
from report.palette import ARCHITECTURES
from report.text import with_names


@dataclass(frozen=True)
class PanelRow:
    """One architecture: what fit and cost say of it (a word and a remark each), its launch, and whether it is out."""

    architecture: str
    fit: tuple[str, str]
    cost: tuple[str, str]
    launch: str
    out: bool


@dataclass(frozen=True)
class StepCard:
    """One step of the order; `title` and `words` are sentences with marks of architectures."""

    architecture: str
    title: str
    rows: Sequence[tuple[str, str]]
    words: str
    out: bool


def named(sentence: str) -> str:
    """A sentence as HTML, architecture names in their colours."""
    return with_names(
        escape(sentence), lambda key, word: f'<b style="color: {ARCHITECTURES[key].css_text}">{escape(word)}</b>'
    )


def follows(sentence: str) -> str:
    """What follows from one answer; keeps its line when there is nothing to say."""
    return f'<p class="follows">{named(sentence) or "&nbsp;"}</p>'


def panel(title: str, rows: Sequence[PanelRow]) -> str:
    """Fit and cost of each architecture, side by side."""
    head = "".join(f'<th scope="col">{word}</th>' for word in ("Fit", "Cost", "Launch in"))
    body = "".join(
        f"<tr{' class=out' if row.out else ''}>"
        f'<th scope="row" style="color: {ARCHITECTURES[row.architecture].css_text}">'
        f"{escape(ARCHITECTURES[row.architecture].name)}</th>"
        f"{_cell(*row.fit)}{_cell(*row.cost)}<td>{escape(row.launch)}</td></tr>"
        for row in rows
    )
    return (
        f'<section class="fit"><h2>{escape(title)}</h2><table><thead><tr><th scope="col">'
        f'<span class="spoken">Architecture</span></th>{head}</tr></thead><tbody>{body}</tbody></table></section>'
    )


def _cell(word: str, remark: str) -> str:
    said = f"<b>{escape(word)}</b>" if word else ""
    return f"<td>{said}{f'<small>{escape(remark)}</small>' if remark else ''}</td>"


def steps(cards: Sequence[StepCard], wrong: tuple[str, str] | None) -> str:
    """The steps as a row of cards, and the wrong turn (title and sentence) after them."""
    inside = "".join(_step(card) for card in cards)
    if wrong is not None:
        inside += f'<article class="wrong"><h3>{named(wrong[0])}</h3><p>{named(wrong[1])}</p></article>'
    return f'<div class="steps">{inside}</div>'


def _step(card: StepCard) -> str:
    rows = "".join(f"<div><dt>{escape(name)}</dt><dd>{escape(value)}</dd></div>" for name, value in card.rows)
    line = "var(--cx-line)" if card.out else ARCHITECTURES[card.architecture].css
    return (
        f'<article style="--line: {line}"{" class=out" if card.out else ""}><h3>{named(card.title)}</h3>'
        f"<dl>{rows}</dl><p>{named(card.words)}</p></article>"
    )


def reasons(found: Sequence[Reason]) -> str:
    """The reasons as a table, those of one answer together."""
    body = ""
    for (question, answer), group in groupby(found, key=lambda each: (each.question, each.answer)):
        rows = list(group)
        for number, each in enumerate(rows):
            head = (
                f'<th scope="rowgroup" rowspan="{len(rows)}">{escape(question)}<b>{escape(answer)}</b></th>'
                if not number
                else ""
            )
            body += (
                f"<tr{'' if number else ' class=first'}>{head}<td>{escape(each.effect)}</td>"
                f"<td>{named(each.sentence)}</td><td>{escape(each.source)}</td></tr>"
            )
    head = "".join(
        f'<th scope="col">{word}</th>' for word in ("Your answer", "Says", "Of whom, and why", "Who says so")
    )
    return f'<table class="reasons"><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>'
