"""What the winner map says: its finding, what is drawn, and the same for those who cannot see it."""

from __future__ import annotations

from costmodel.odds_map import SURE, OddsMap
from costmodel.ranges import HALF
from costmodel.scenario import Architecture
from costmodel.winner_map import LEADS, Areas, Axis, WinnerMap
from report.numbers import listed, percent
from report.palette import ARCHITECTURES
from report.sentence import field_words, name

MORE = {
    "workload.queries_per_month": "more traffic",
    "workload.monthly_growth_share": "faster growth",
    "corpus.updates_per_month": "more change",
    "fine_tuning.retrain_every_months": "rarer retraining",
    "finance.horizon_months": "a longer horizon",
}
"""What more of a driver is, where the field's label does not say it well."""
LEANS = 0.05
"""Least difference between the two halves of an axis that is worth a word [share of the map]."""


def finding(found: Areas) -> str:
    """Title of the map: whom more of each driver favours, or who is cheapest nearly everywhere."""
    favoured = [(more(each.path), _favoured(found, each)) for each in (found.x, found.y)]
    said = [(words, key) for words, key in favoured if key is not None]
    if not said:
        key = max(found.eligible, key=found.share_of)
        share = found.share_of(key)
        where = "everywhere on this map" if share == 1 else f"on {percent(share)} of this map"
        return f"{name(key, starts=True)} is cheapest {where}"
    if len(said) == 2 and said[0][1] == said[1][1]:
        return _capital(f"{said[0][0]} and {said[1][0]} favour {name(said[0][1])}")
    return _capital(", ".join(f"{words} favours {name(key)}" for words, key in said))


def more(path: str) -> str:
    """More of a driver, in words."""
    return MORE.get(path) or f"more {field_words(path)}"


def _capital(sentence: str) -> str:
    return sentence[0].upper() + sentence[1:]


def _favoured(found: Areas, axis: Axis) -> Architecture | None:
    """Who wins more cells in the upper half of an axis than in its lower half; None when nobody does clearly."""
    along = found.winner if axis is found.y else found.winner.T
    half = len(along) // 2
    gains = {
        key: float((along[-half:] == number).mean() - (along[:half] == number).mean())
        for number, key in enumerate(found.eligible)
    }
    key = max(gains, key=lambda each: gains[each])
    return key if gains[key] >= 2 * LEANS else None


def caption(found: WinnerMap, over: str) -> str:
    """What is drawn, and what grey and deeper colour mean; `over`: the horizon in words."""
    steps = listed([percent(lead) for lead in LEADS if lead > found.too_close_share])
    deeper = f" Deeper colour: by more than {steps}." if steps else ""
    return f"Cheapest over {over}. Grey: within {percent(found.too_close_share)}.{deeper}"


def alt(found: WinnerMap) -> str:
    """Text alternative of the map: how much of it is whose."""
    shares = [(key, found.share_of(key)) for key in found.eligible]
    won = listed([f"{ARCHITECTURES[key].name} on {percent(share)}" for key, share in shares if share > 0])
    return f"Cheapest: {won} of the map; {percent(found.tied_share)} of it is too close to call."


# With ranges on


def odds_caption(found: OddsMap) -> str:
    """What the map of probabilities shows, and what grey and deeper colour mean."""
    least, *more = (percent(share) for share in SURE)
    deeper = f"from {least}, deeper from {listed(list(more))}"
    return f"Most often cheapest in {found.draws:,} draws a cell. Colour {deeper} of them; grey: less."


def odds_alt(found: OddsMap) -> str:
    """Text alternative of the map of probabilities."""
    shares = [(key, found.share_of(key)) for key in found.eligible]
    won = listed([f"{ARCHITECTURES[key].name} on {percent(share)}" for key, share in shares if share > 0])
    sure = percent(float((found.chance >= SURE[-1]).mean()))
    return f"Most often cheapest: {won} of the map; on {sure} of it in at least {percent(SURE[-1])} of the draws."


def ranges_words(own: bool, ranges: int) -> str:
    """Whose ranges are drawn."""
    many = f"{ranges} number{'' if ranges == 1 else 's'}"
    if own:
        return f"Your ranges of {many}."
    half = percent(HALF)
    return (
        f"Suggested ranges of {many}, as you set none: published ones, else {half} to both sides of a guess or lever."
    )


def odds_invitation(cells: int, draws: int) -> str:
    """What the button beside the map will do, before it is pressed."""
    return f"{cells:,} cells, {draws:,} draws at each; takes some seconds."


def odds_button(draws: int) -> str:
    """The button that draws."""
    return f"Run {draws:,} draws a cell"


def odds_progress(done: int, of: int) -> str:
    """How far the drawing is."""
    return f"{done} of {of} rows drawn"


def odds_old() -> str:
    """Said under a map of probabilities that another scenario gave."""
    return "These probabilities are from before your last change."


def odds_refused() -> str:
    """What is shown when drawing was refused."""
    return "The map stays as it is."
