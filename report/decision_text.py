"""Sentences of the decision: what fit and cost come to, side by side."""

from __future__ import annotations

from collections.abc import Sequence

from costmodel.decision.decide import Decision, best_fit
from costmodel.decision.fit import Finding
from costmodel.decision.rules import CITATIONS, FRESHNESS
from costmodel.results import Run
from costmodel.scenario import Architecture
from report.decision_questions import NOT_ASKED, who
from report.numbers import Money, count, listed
from report.sentence import Verdict, excluded_reason, joined, money_of, months_words, name, starting, too_close


def causes(findings: Sequence[Finding]) -> str:
    """What rules something out: "weekly updates and citations"."""
    return listed(list(dict.fromkeys(each.brief for each in findings)))


def _alone(key: Architecture, findings: Sequence[Finding]) -> bool:
    """Whether fine-tuning lacks only what retrieval would add."""
    return key == "fine_tuning" and {each.rule.path for each in findings} <= {FRESHNESS, CITATIONS}


def _is_one(findings: Sequence[Finding]) -> bool:
    briefs = {each.brief for each in findings}
    return len(briefs) == 1 and next(iter(briefs)).startswith("a ")


def _by_causes(run: Run, skip: Architecture | None = None) -> dict[str, list[Architecture]]:
    """What rules out -> the compared architectures that it rules out."""
    groups: dict[str, list[Architecture]] = {}
    for key in run.answers:
        if key in run.ruled_out and key != skip:
            groups.setdefault(causes(run.ruled_out[key]), []).append(key)
    return groups


def _ruled_out(run: Run, skip: Architecture | None = None) -> str:
    """Which compared architectures are ruled out, and by what."""
    return joined(
        *(
            f"{who(keys, starts=True)} {'are' if len(keys) > 1 else 'is'} ruled out by {words}."
            for words, keys in _by_causes(run, skip).items()
        )
    )


def fit_clause(run: Run) -> str:
    """What the requirements say to the cost answer, for a verdict's notes; "" when nothing was asked or follows."""
    sentences = []
    for words, keys in _by_causes(run).items():
        alone = " alone" if len(keys) == 1 and _alone(keys[0], run.ruled_out[keys[0]]) else ""
        sentences.append(f"{starting(words)}: {who(keys)}{alone} {'are' if len(keys) > 1 else 'is'} unlikely to work.")
    best, cheapest = best_fit(run), run.cheapest
    if best and cheapest is not None and cheapest not in best:
        fits = "fit" if len(best) > 1 else "fits"
        sentences.append(f"By what you ask for, {who(best)} {fits} better than {name(cheapest)}.")
    return joined(*sentences)


# The answer


def verdict(run: Run, decision: Decision) -> Verdict:
    """What fit and cost come to: a headline, and the amounts and reasons beside it."""
    if decision.agreement == "not_asked":
        return Verdict("A few questions decide which architecture fits", _cost_alone(run, decision))
    if decision.cheapest is None:
        return _none_left(run)
    if decision.agreement == "overruled":
        return _overruled(run, decision)
    return _among_eligible(run, decision, decision.cheapest)


def _cost_alone(run: Run, decision: Decision) -> str:
    best = decision.cheapest
    if best is None:
        return "No architecture can be called cheapest so far. Each answer says what speaks for and against."
    ranked = _ranked(run, decision)
    close = len(ranked) > 1 and _close(run, decision)
    cost = (
        f"On cost alone {who(ranked[:2])} are too close to call"
        if close
        else f"On cost alone {name(best)} is cheapest, {_price(run, decision, best)}"
    )
    return f"{cost}. Answer what you know: each answer says at once what speaks for and against, and who says so."


def _price(run: Run, decision: Decision, key: Architecture) -> str:
    """What one costs over the horizon: "$109K over 24 months in present value"."""
    worth = " in present value" if decision.present else ""
    return f"{money_of(run)(decision.totals_usd[key])} over {months_words(run.horizon)}{worth}"


def _ranked(run: Run, decision: Decision) -> list[Architecture]:
    return sorted(run.eligible, key=lambda key: decision.totals_usd[key])


def _close(run: Run, decision: Decision) -> bool:
    """Whether the two cheapest of those that nothing excludes are too close to call."""
    ranked = _ranked(run, decision)
    return len(ranked) > 1 and too_close(run, decision.totals_usd, ranked[0], ranked[1])


def _none_left(run: Run) -> Verdict:
    if all(key in run.ruled_out for key in run.answers):
        ease = "Ease one of these answers, or compare another architecture."
        return Verdict("Nothing that is compared fits all that you ask for", joined(_ruled_out(run), ease))
    reasons = [f"{name(key, starts=True)}: {excluded_reason(run, key)}." for key in run.answers]
    return Verdict("Nothing that fits can be called cheapest", joined(*reasons))


def _overruled(run: Run, decision: Decision) -> Verdict:
    best, out, money = decision.cheapest, decision.cheapest_by_cost, money_of(run)
    assert best is not None
    assert out is not None
    findings = run.ruled_out[out]
    verb = "rules" if _is_one(findings) else "rule"
    alone = " alone" if _alone(out, findings) else ""
    headline = f"Cost says {name(out)}, but {causes(findings)} {verb} it out{alone}"
    more = decision.totals_usd[best] - decision.totals_usd[out]
    price = f"{_price(run, decision, best)}, {money(more)} more than {name(out)} would cost"
    others = _ruled_out(run, skip=out)
    if len(run.eligible) == 1:
        return Verdict(headline, joined(f"{name(best, starts=True)} is all that is left: {price}.", others))
    if _close(run, decision):
        pair = _ranked(run, decision)[:2]
        better = [key for key in pair if key in decision.best_fit]
        fit = f"; {name(better[0])} fits better" if len(better) == 1 else ""
        said = f"Of the rest {who(pair)} are too close to call ({money(decision.totals_usd[best])}){fit}."
        return Verdict(headline, joined(said, others))
    if best in decision.best_fit:
        alike = [key for key in decision.best_fit if key != best]
        fits = f"fits as well as {who(alike)}" if alike else "fits best"
        said = f"Of the rest {name(best)} {fits} and is cheapest: {price}."
    elif decision.best_fit:
        choice = decision.choice
        assert choice is not None
        gap = money(decision.totals_usd[choice] - decision.totals_usd[best])
        said = f"Of the rest {name(best)} is cheapest: {price}. {name(choice, starts=True)} fits better: {gap} more."
    else:
        said = f"Of the rest {name(best)} is cheapest: {price}."
    return Verdict(headline, joined(said, others))


def _among_eligible(run: Run, decision: Decision, best: Architecture) -> Verdict:
    """The cheapest of all is not ruled out: it fits best, another fits better, or nothing tells them apart."""
    money, ranked = money_of(run), _ranked(run, decision)
    cost = f"{name(best, starts=True)} costs {_price(run, decision, best)}"
    if len(ranked) > 1 and decision.agreement != "differs":
        cost += f", {money(decision.totals_usd[ranked[1]] - decision.totals_usd[best])} less than {name(ranked[1])}"
    lead = joined(f"{cost}.", _leaning(decision, best, money), _ruled_out(run))
    close, pair = _close(run, decision), ranked[:2]
    if not decision.best_fit:
        poor = all(decision.fits[key].lean < 0 for key in run.eligible)
        said = "More speaks against each architecture than for it" if poor else "Your answers favour none"
        costs = f"{who(pair)} are too close to call on cost" if close else f"{name(best)} is cheapest"
        return Verdict(f"{said}; {costs}", lead)
    fitting = decision.best_fit
    if close and set(pair) <= set(fitting):
        return Verdict(f"{who(pair, starts=True)} fit alike and are too close to call on cost", lead)
    choice = next((key for key in pair if key == decision.choice), None)
    fits = "fit" if len(fitting) > 1 else "fits"
    if close and choice is not None:
        other = next(key for key in pair if key != choice)
        return Verdict(f"{name(choice, starts=True)} fits best; on cost it is too close to {name(other)} to call", lead)
    if close:
        return Verdict(f"On cost {who(pair)} are too close to call, but {who(fitting)} {fits} better", lead)
    if best in fitting:
        alike = [key for key in fitting if key != best]
        if alike:
            return Verdict(f"{name(best, starts=True)} fits as well as {who(alike)} and is cheapest", lead)
        return Verdict(f"{name(best, starts=True)} fits{' best' if len(ranked) > 1 else ''} and is cheapest", lead)
    return Verdict(f"{name(best, starts=True)} is cheapest, but {who(fitting)} {fits} better", lead)


def _leaning(decision: Decision, best: Architecture, money: Money) -> str:
    """What the better fit costs more, and how many answers speak for whom, where cost and fit disagree."""
    choice = decision.choice
    if decision.agreement != "differs" or choice is None:
        return ""
    more = money(decision.totals_usd[choice] - decision.totals_usd[best])
    return (
        f"{name(choice, starts=True)} costs {more} more. "
        f"Your answers: {name(choice)} {tally(decision, choice)}; {name(best)} {tally(decision, best)}."
    )


def tally(decision: Decision, key: Architecture) -> str:
    """How many answers speak for and against an architecture: "3 for, 1 against"."""
    fit = decision.fits[key]
    return f"{fit.answers_for} for, {fit.answers_against} against"


# The panel


def fit_words(decision: Decision, key: Architecture) -> tuple[str, str]:
    """What fit says of one architecture: a word, and what it rests on."""
    fit = decision.fits[key]
    if not decision.answers:
        return "", NOT_ASKED
    if fit.ruled_out:
        return "Ruled out", f"by {causes(fit.rules_out)}"
    best = key in decision.best_fit
    word = (
        "Fits badly"
        if fit.lean < 0
        else "Fits best"
        if best and fit.lean
        else "Fits"
        if best or fit.lean
        else "Neutral"
    )
    return word, tally(decision, key)


def cost_words(run: Run, decision: Decision, key: Architecture, money: Money) -> tuple[str, str]:
    """What cost says of one architecture: its total, and how it stands to the cheapest that nothing excludes."""
    if key not in run.answers:
        aside = run.prompting
        if aside is None or aside.missing:
            return "not known", "not compared"
        return money(aside.present_value_usd if decision.present else aside.tco_usd), "not compared"
    total, best = decision.totals_usd[key], decision.cheapest
    if run.answers[key].missing:
        return "not known", "a price is missing"
    if key in run.excluded:
        return money(total), "left out"
    if best is None or len(run.eligible) < 2:
        return money(total), ""
    if _close(run, decision) and key in _ranked(run, decision)[:2]:
        return money(total), "too close to call"
    return money(total), "cheapest" if key == best else money.difference(total - decision.totals_usd[best])


def launch(weeks: float) -> str:
    """How many calendar weeks until launch: "3 weeks"."""
    return f"{count(weeks)} week{'' if weeks == 1 else 's'}" if weeks else "not set"


def panel_finding(decision: Decision) -> str:
    """Title over fit and cost: how many questions are answered."""
    asked = len(decision.answers)
    if not asked:
        return "Cost is known, fit is not asked yet"
    return f"What {'your answer says' if asked == 1 else f'your {asked} answers say'}, and what cost says"
