"""Sentences of the order to build in: steps with what each costs, when to stop, and what the wrong turn costs."""

from __future__ import annotations

from costmodel.decision.decide import Decision, Step, WrongTurn
from costmodel.decision.rules import FIVE_QUESTIONS, START_THERE
from costmodel.presets.sources import AKOODE, CHOOSING, GABER, VELD
from costmodel.results import Run
from costmodel.scenario import Architecture
from report.decision_text import causes, launch
from report.numbers import Money, count, listed
from report.sentence import money_of, name, starting

STOP = {
    "prompting": "Stop when its answers are good enough. Go on when weeks of work on it leave the same mistakes.",
    "rag": "Run it for 60 days. Stop unless a gap in behaviour is left that you have measured.",
    "hybrid": "Only for the behaviour that RAG was seen not to deliver. Check it again each quarter.",
    "fine_tuning": "Only when prompting cannot be made to behave. Check it again each quarter.",
}
"""When to stop at a step."""


def _taken(decision: Decision) -> list[Step]:
    """The steps that are not left out; prompting is worth its week even where it cannot be the answer."""
    return [step for step in decision.steps if not step.ruled_out or step.architecture == "prompting"]


def order_finding(decision: Decision) -> str:
    """Title of the steps: the order, in words."""
    taken = [step.architecture for step in _taken(decision)]
    dropped = [name(step.architecture) for step in decision.steps if step.architecture not in taken]
    words = [_verb(key, first=not number) for number, key in enumerate(taken)]
    order = f"{', '.join(words)}; leave out {listed(dropped)}" if dropped else ", ".join(words)
    return starting(order) or "No step can be costed"


def _verb(key: Architecture, *, first: bool) -> str:
    if first:
        return f"start with {name(key)}"
    return {"rag": f"then add {name('rag')}", "hybrid": "tune last"}.get(key, f"then {name(key)}")


def order_caption(run: Run, decision: Decision) -> str:
    """What speaks for this order, and what its steps cost together."""
    for_rag = sum(any(each.rule.path == path for each in decision.fits["rag"].speaks_for) for path in FIVE_QUESTIONS)
    parts = []
    if for_rag >= START_THERE:
        parts.append(f"{for_rag} answers point to {name('rag')}; {START_THERE} are enough to start there.")
    taken = _taken(decision)
    known = [step.build_usd for step in taken if step.build_usd is not None]
    if len(taken) > 1 and len(known) == len(taken):
        every = "Both steps" if len(taken) == 2 else f"All {len(taken)} steps"
        weeks = sum(step.weeks for step in taken)
        time = f" and take {launch(weeks)}" if weeks else ""
        parts.append(
            f"{every} together cost {money_of(run)(sum(known))} to build{time}; stop at the first that is good enough."
        )
    return " ".join(parts)


def step_title(step: Step, number: int) -> str:
    """The name of a step: "1 Prompting", "3 Hybrid, on top of RAG"."""
    on_top = f", on top of {name(step.on_top_of)}" if step.on_top_of else ""
    return f"{number} {name(step.architecture, starts=True)}{on_top}"


def step_rows(step: Step, money: Money) -> list[tuple[str, str]]:
    """What a step costs and takes."""
    return [
        ("Build", money(step.build_usd)),
        ("Per month at the end", money(step.per_month_usd)),
        ("Takes", launch(step.weeks)),
    ]


def stop_rule(step: Step) -> str:
    """When to stop at a step, and when to go on."""
    return STOP[step.architecture]


def step_remark(step: Step) -> str:
    """That a step is ruled out, and what it is still good for; "" otherwise."""
    if not step.ruled_out:
        return ""
    use = "Good for learning, not for launch." if step.architecture == "prompting" else "Leave it out."
    return f"Ruled out by {causes(step.ruled_out)}. {use}"


def wrong_turn_title(turn: WrongTurn) -> str:
    """What the wrong turn is."""
    if turn.on_top_of is not None:
        return f"The wrong turn: tuning that {name(turn.on_top_of)} makes needless"
    return f"The wrong turn: {name(turn.first)} first, and back"


def wrong_turn(turn: WrongTurn, money: Money, delay_usd_per_week: float) -> str:
    """What the wrong turn costs: the build, the time, and what that time costs."""
    if not turn.weeks:
        return f"{money(turn.sunk_usd)} of build is lost."
    months = f" ({count(round(turn.months, 1))} months)" if turn.months >= 1.05 else ""
    lost = f"{money(turn.sunk_usd)} of build and {launch(turn.weeks)}{months} are lost."
    if not turn.delay_usd:
        return f"{lost} What a week of delay costs is not set (People and money)."
    total = money(turn.sunk_usd + turn.delay_usd)
    return f"{lost} At {money(delay_usd_per_week)} a week of delay that is {total} in all."


SOURCES = (
    f"Who advises this: {AKOODE} (prompting first, then RAG, then fine-tuning; check tuned models each quarter). "
    f"{GABER} (build the simpler one and run it for 60 days; a wrong turn takes 3 to 6 months to be seen, and as long "
    f"to unwind). {VELD} (three answers for RAG are enough to start there; teams spent six months on the wrong one). "
    f"{CHOOSING} (fine-tuning is rarely justified before RAG runs)."
)
"""Who advises this order, and what they saw a wrong turn take."""
