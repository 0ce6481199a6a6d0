"""Sentences over many draws: how often each is cheapest, when the odds turn, what a choice may cost, what to find out.

Architecture names stand as marks (`{rag}`).
"""

from __future__ import annotations

from collections.abc import Callable

from costmodel.results import Run
from costmodel.scenario import Architecture
from costmodel.tally import BreakEvens
from costmodel.uncertainty import Uncertainty
from report.numbers import Money, listed, percent
from report.palette import ARCHITECTURES
from report.sentence import Verdict, joined, name, starting

LEVEL = 0.005
"""Two chances nearer than this are the same in words."""
SMALL = 0.001
SAME_USD = 0.005
EVEN = "even odds"
TURN = "the odds turn"
WORTHLESS = 1e-4
"""A number worth less than this share of all of them together is worth nothing in words."""


def chance(share: float) -> str:
    """A chance: 72%, 3.4%; never 0% or 100% of what may happen, or may not."""
    if 0 < share < SMALL:
        return f"under {percent(SMALL)}"
    words = percent(share)
    return "over 99%" if share < 1 and words == "100%" else words


def futures(share: float) -> str:
    """How many futures a share is: "7 of 10 futures", "97 of 100 futures", "every future drawn"."""
    if share >= 1:
        return "every future drawn"
    if share <= 0:
        return "none of the futures drawn"
    if 0.095 <= share <= 0.905:
        return f"{round(share * 10)} of 10 futures"
    if 0.005 <= share <= 0.995:
        return f"{round(share * 100)} of 100 futures"
    return "nearly every future" if share > 0.5 else "hardly any future"


def ranked(found: Uncertainty) -> list[Architecture]:
    """The eligible architectures, the one that is cheapest most often first."""
    return sorted(found.eligible, key=lambda key: (-found.probability_cheapest[key], found.mean_usd[key]))


def turns(found: Uncertainty) -> list[tuple[int, Architecture]]:
    """From which month on which architecture is the likelier choice; who leads at the build comes first."""
    best: list[tuple[int, Architecture]] = []
    for month in range(found.months + 1):
        shares = {key: float(each[month]) for key, each in found.cheapest_by_month.items()}
        leader = max(shares, key=lambda key: shares[key])
        if not best or shares[leader] > shares[best[-1][1]]:
            best.append((month, leader))
    return best


def verdict(found: Uncertainty, run: Run, money: Money) -> Verdict:
    """How often the likeliest winner is cheapest, when the odds turn, and what a wrong choice costs on average."""
    return Verdict(headline(found), joined(_favoured(found), regret(found, money), _beside(found, run)))


def headline(found: Uncertainty) -> str:
    """Who is cheapest in how many futures."""
    first, *others = ranked(found)
    share = found.probability_cheapest[first]
    if not others:
        return f"{name(first, starts=True)} is the only one in the running"
    second = found.probability_cheapest[others[0]]
    if share - second < LEVEL:
        return f"{name(first, starts=True)} and {name(others[0])} are cheapest equally often"
    if share < 0.5:
        return f"{name(first, starts=True)} is cheapest most often, in {futures(share)}"
    return f"{name(first, starts=True)} is cheapest in {futures(share)}"


def _favoured(found: Uncertainty) -> str:
    changes = turns(found)
    if len(found.eligible) < 2:
        return ""
    if len(changes) == 1:
        return f"The odds favour {name(changes[0][1])} from the build on."
    if len(changes) == 2:
        return f"Before month {changes[1][0]} the odds favour {name(changes[0][1])}."
    months = listed([str(month) for month, _ in changes[1:]])
    return f"The odds turn in months {months}; in the end they favour {name(changes[-1][1])}."


def regret(found: Uncertainty, money: Money) -> str:
    """What the two best choices cost against always picking the best, on average."""
    usd = found.expected_regret_usd
    choices = sorted(usd, key=lambda key: usd[key])[:2]
    if len(choices) < 2:
        return ""
    first, second = choices
    if usd[first] < SAME_USD:
        if usd[second] < SAME_USD:
            return f"Choosing {name(first)} or {name(second)} costs the same."
        return f"Choosing {name(first)} is never wrong; choosing {name(second)} costs {money(usd[second])} on average."
    return (
        f"Against always picking the best, choosing {name(first)} costs {money(usd[first])} on average; "
        f"choosing {name(second)} costs {money(usd[second])}."
    )


def _beside(found: Uncertainty, run: Run) -> str:
    """How often it is too close to call, and who is cheapest with every number as it is, where that is another one."""
    first = ranked(found)[0]
    sums = {key: one.present_value_usd if found.present else one.tco_usd for key, one in run.answers.items()}
    now = run.cheapest_of(sums)
    said = []
    if now is not None and now != first and now in found.eligible:
        said.append(f"With every number as it is, {name(now)} is cheapest.")
    if found.probability_close >= SMALL and len(found.eligible) > 1:
        said.append(f"In {chance(found.probability_close)} of the draws the lead is too close to call.")
    return " ".join(said)


# The fans


def fans_finding(found: Uncertainty, money: Money) -> str:
    """Title of the fans: the middle 8 of 10 totals of the two that are cheapest most often."""
    parts = []
    for key in ranked(found)[:2]:
        low, _, high = (money(usd) for usd in found.fan_usd[key][:, -1].tolist())
        parts.append(f"{name(key)} {low}" if low == high else f"{name(key)} {low} to {high}")
    return f"Likely range: {', '.join(parts)}"


def fans_caption(found: Uncertainty, currency: str, fans: int) -> str:
    """What is drawn in the fans."""
    others = {1: "", 2: " Thin line: the other one.", 3: " Thin lines: the other two."}
    thin = others.get(fans, " Thin lines: the others.")
    worth = ", present value" if found.present else ""
    return f"Cumulative cost in {currency}{worth}; line: half of the draws above, band: the middle 8 of 10.{thin}"


def fan_title(found: Uncertainty, key: Architecture) -> str:
    """Name above one fan."""
    return ARCHITECTURES[key].name + ("" if key in found.eligible else ", left out")


def alt_fan(found: Uncertainty, key: Architecture, money: Money) -> str:
    """Text alternative of one fan."""
    low, middle, high = (money(usd) for usd in found.fan_usd[key][:, -1].tolist())
    return (
        f"{ARCHITECTURES[key].name}: by month {found.months} half of the draws cost more than {middle}, "
        f"8 of 10 cost {low} to {high}."
    )


# The odds


def odds_finding(found: Uncertainty) -> str:
    """Title of the odds: from which month on which one is the likelier choice."""
    changes = turns(found)
    last = changes[-1][1]
    if len(found.eligible) < 2:
        return f"{name(last, starts=True)} has no rival"
    if len(changes) == 1:
        return f"{name(last, starts=True)} is the likelier choice all along"
    many = len(changes) - 1
    again = "" if many == 1 else f", after {many} turns"
    return f"From month {changes[-1][0]} on, {name(last)} is the likelier choice{again}"


def odds_caption(present: bool) -> str:
    """What is drawn in the odds."""
    return f"Chance of having the lowest cumulative cost up to that month{', present value' if present else ''}"


def alt_odds(found: Uncertainty) -> str:
    """Text alternative of the odds."""
    ends = listed([f"{ARCHITECTURES[key].name} {chance(found.probability_cheapest[key])}" for key in ranked(found)])
    turning = [f"month {month}: {ARCHITECTURES[key].name}" for month, key in turns(found)[1:]]
    turned = f" The odds turn in {'; '.join(turning)}." if turning else ""
    return f"Chance of being cheapest over {found.months} months: {ends}.{turned}"


# The break-even month


def leading_pair(found: Uncertainty) -> BreakEvens | None:
    """The break-even month of the two that are cheapest most often; None for one alone."""
    leading = set(ranked(found)[:2])
    return next((pair for pair in found.break_evens if {pair.a, pair.b} == leading), None)


def median_month(pair: BreakEvens) -> int | None:
    """By which month half of all draws have changed their order; None when fewer ever do."""
    so_far = 0.0
    for month, share in enumerate(pair.first.tolist()):
        so_far += share
        if so_far >= 0.5:
            return month
    return None


def break_even_finding(pair: BreakEvens) -> str:
    """Title of the break-even month: by when half of the draws have changed, or how many never do."""
    both = f"{name(pair.a)} and {name(pair.b)}"
    if pair.never >= 1:
        return starting(f"{both} never change places")
    month = median_month(pair)
    if month is None:
        return starting(f"{both} never change places in {futures(pair.never)}")
    return f"By month {month}, {both} have changed places in half of the draws"


def break_even_caption(pair: BreakEvens) -> str:
    """What is drawn, how often never, and how often more than once."""
    often = f"; more than once in {chance(pair.several)} of them" if pair.several else ""
    return f"Share of the draws by the month in which the cheaper of the two first changes{often}"


def alt_break_even(pair: BreakEvens) -> str:
    """Text alternative of the break-even month."""
    both = f"{ARCHITECTURES[pair.a].name} and {ARCHITECTURES[pair.b].name}"
    month = median_month(pair)
    half = "" if month is None else f" By month {month} half of the draws have changed."
    return f"{both} never change places in {chance(pair.never)} of the draws.{half}"


def median_label(month: int) -> str:
    """What stands at the month by which half of the draws have changed."""
    return f"half by month {month}"


# What to find out, and what a choice may cost


def worthy(found: Uncertainty) -> list[tuple[str, float]]:
    """Numbers that are worth finding out before choosing [USD], the most valuable first."""
    return [(path, usd) for path, usd in found.evppi_usd.items() if usd > max(WORTHLESS * found.evpi_usd, SAME_USD)]


def worth_finding(found: Uncertainty, noun: Callable[[str], str]) -> str:
    """Title of what is worth finding out."""
    best = worthy(found)
    return f"Worth finding out first: {noun(best[0][0])}" if best else "Nothing is worth finding out first"


def worth_caption(found: Uncertainty, money: Money) -> str:
    """What the bars mean, and what knowing everything would be worth."""
    if found.evpi_usd < SAME_USD:
        return "Whatever the numbers turn out to be, the choice stays the same"
    return (
        "What perfect knowledge of one number before choosing would save, on average; "
        f"knowing all of them would save {money(found.evpi_usd)}"
    )


def worth_rest(found: Uncertainty, shown: int) -> str:
    """What is said of the numbers that are not listed."""
    rest = len(found.paths) - shown
    if not rest:
        return ""
    listed_all = shown == len(worthy(found))
    many = "The other one" if rest == 1 else f"The other {rest}"
    if listed_all:
        return f"{many if shown else 'None of them'} would not change the choice alone." if shown else ""
    return f"{many} {'is' if rest == 1 else 'are'} worth less each."


def regret_finding(found: Uncertainty, money: Money) -> str:
    """Title of what each choice may cost."""
    usd = found.expected_regret_usd
    first = min(usd, key=lambda key: usd[key])
    if usd[first] < SAME_USD:
        return f"Choosing {name(first)} is never wrong in these draws"
    return f"Choosing {name(first)} now costs {money(usd[first])} of regret on average"


REGRET_CAPTION = "Regret: what a choice costs more than the best one of each draw, on average"
REGRET_HEAD = ("Cheapest in", "Regret", "Mean", "1 of 10 below", "Half below", "9 of 10 below")


def regret_rows(found: Uncertainty, money: Callable[[float], str]) -> dict[Architecture, list[str]]:
    """By architecture: chance of being cheapest, expected regret, and totals; amounts as `money` writes them."""
    rows = {}
    for key, fan in found.fan_usd.items():
        out = key not in found.eligible
        odds = "left out" if out else chance(found.probability_cheapest[key])
        cost = "" if out else money(found.expected_regret_usd[key])
        rows[key] = [odds, cost, money(found.mean_usd[key]), *(money(usd) for usd in fan[:, -1].tolist())]
    return rows


# Convergence


def convergence_finding(found: Uncertainty) -> str:
    """By how much the last doubling of the draws moved the answer."""
    steps = found.convergence()
    key = ranked(found)[0]
    if len(steps) < 2:
        return f"{found.draws:,} draws are the fewest; run more to see whether they suffice"
    before, after = (step["probability_cheapest"][key] for step in steps[-2:])
    points = abs(after - before) * 100
    moved = f"by {points:.1f} percentage points" if points >= 0.05 else "by less than 0.1 percentage points"
    return f"The last doubling moved the chance of {name(key)} {moved}"


CONVERGENCE_HELP = "What the first draws alone say; when the last rows hardly differ, more draws change nothing."


def convergence_head(found: Uncertainty) -> list[str]:
    """Heads of the table of convergence."""
    names = [ARCHITECTURES[key].name for key in found.eligible]
    return [*(f"{each}, cheapest in" for each in names), *(f"{each}, half below" for each in names)]


def convergence_rows(found: Uncertainty, money: Money) -> list[list[str]]:
    """A row for each number of draws: chance of being cheapest and median total of each."""
    return [
        [
            f"{step['draws']:,}",
            *(f"{step['probability_cheapest'][key] * 100:.1f}%" for key in found.eligible),
            *(money(step["p50_usd"][key]) for key in found.eligible),
        ]
        for step in found.convergence()
    ]


def enough(found: Uncertainty) -> str:
    """Label of the table of convergence."""
    return f"Are {found.draws:,} draws enough?"


# Running


def drawn(found: Uncertainty, own: bool) -> str:
    """How many draws of what, from which seed, and whose ranges they are."""
    many = len(found.paths)
    numbers = f"{many} number{'' if many == 1 else 's'}"
    whose = f"your ranges of {numbers}" if own else f"suggested ranges of {numbers}, since you set none"
    return f"{found.draws:,} draws from {whose}; seed {found.seed}."


def run_button(draws: int) -> str:
    """The button that draws."""
    return f"Run {draws:,} draws"


def progress(done: int, of: int) -> str:
    """How far the drawing is."""
    return f"{done:,} of {of:,} draws"


FIRST = "No draws yet."
OLD = "These odds are from before your last change."
CANCELLED = "Cancelled; these odds are from before your last change."
CANCELLED_FIRST = "Cancelled; nothing has been drawn yet."
WAITING = "Waiting: the server is busy with somebody else's work"
BUSY = "The server is still busy with somebody else's work; try again in a few seconds."
WORKING_OUT = "Working out what is worth knowing"
EMPTY_HEADLINE = "How sure is the answer?"
EMPTY_LEAD = "Draw the uncertain numbers many times, and see how often each architecture is cheapest."
NOTHING_VARIES = "No number of this scenario has a range, and none is a guess. Add an assumption below, then draw."
REFUSED = "Change the ranges below; the last draws are kept."
REFUSED_RANGES = "Change the ranges on the Uncertainty page."
NEVER = "never"


def titles(run: Run) -> list[str]:
    """Months from the build on, for tooltips."""
    return ["Build", *(f"{month}, {run.inputs.dates[month]:%b %Y}" for month in range(1, run.horizon + 1))]
