"""What the arithmetic alone does not say: conventions and readings, with the constants of the code put in."""

from __future__ import annotations

from costmodel import crossover, finance, results, retrieval, sides, timeline
from costmodel.components import GB
from costmodel.fields import FieldFacts
from costmodel.inputs import SHOWN_MONTHS
from costmodel.scenario import FIELDS
from pricing.units import METERS, drift_group
from report import text
from report.method.assumptions import said
from report.method.blocks import Paragraph, Points, Section
from report.method.reading import number, sentence, share
from report.numbers import listed

DRIFTS = {
    "llm": "models (guardrails and rerankers too)",
    "embedding": "embedding (and parsing)",
    "vector_store": "vector stores",
    "gpu": "GPUs (and dedicated hosting)",
}
"""What drifts together, by the group of its meters."""


def _default(path: str) -> str:
    facts: FieldFacts = FIELDS[path]
    return said(facts.default, facts)


def sections() -> tuple[Section, ...]:
    """The conventions, one group after the other."""
    groups = (
        ("Time and calendar", _time()),
        ("Money and prices", _money()),
        ("Calls, caches and batches", _calls()),
        ("Corpus, search and index", _retrieval()),
        ("Training and hosting", _tuned()),
        ("The three hybrids", _hybrids()),
        ("What happens every so often", _events()),
        ("Models retire", _retirement()),
        ("Wrong answers and waiting", _consequences()),
        ("Comparing", _comparisons()),
    )
    return tuple(
        Section(f"conventions-{index}", title, (Points(items),)) for index, (title, items) in enumerate(groups, 1)
    )


def _time() -> tuple[str, ...]:
    shown = listed([str(months) for months in results.MILESTONES])
    return (
        "Month 0 is the build, one calendar month whatever the build takes; months 1 to H, the horizon, are operation.",
        "Month t is t calendar months after `finance.start_month`. Costs fall at the end of a month.",
        f"The model runs at least to month {SHOWN_MONTHS}, so that totals at {shown} months always exist; "
        f"a horizon has at most {sides.MAX_MONTHS} months.",
        f"A month has {_default('finance.hours_per_month')} hours and a week {_default('people.hours_per_week')} "
        "working hours, unless you say otherwise.",
        "Calendar weeks to launch feed the cost of delay alone; work is counted in engineer-weeks and hours.",
        "Growth of the queries starts in month 2, growth of the corpus in month 1. The season is a factor of the "
        "calendar month, put on before the cap; a pasted forecast takes the place of volume, growth and season.",
        "Nothing is rounded before it is shown. Ceilings and counts of events forgive "
        f"{_tiny(timeline.FORGIVEN)}, so that 3.0000000001 is 3.",
    )


def _money() -> tuple[str, ...]:
    groups = dict.fromkeys(drift_group(meter.name, next(iter(meter.units))) for meter in METERS.values())
    drifts = listed([*(DRIFTS[group] for group in groups), "labour"])
    return (
        "The price of a month is the one in force on its first day, less the discount negotiated with its provider, "
        "times the drift of its group.",
        f"Prices drift in groups: {drifts}. Labour drifts by {_default('finance.price_drift_annual.labour')} a year "
        "unless you say otherwise, everything else by nothing: list prices of an unchanged model move both ways, and "
        "savings come from migrating.",
        "Drift is 1 in months 0 and 1. Hours, weeks, labels and evaluations drift as labour does.",
        "Amounts typed in (overrides, monthly fees, extra costs, the cost of a wrong answer or of a week's delay) "
        "neither drift nor are discounted. Edited prices and the minimums of plans are prices and do both.",
        "A price that is needed and missing makes the total unknown, never smaller. A quantity of 0 needs no price; "
        "but a compared architecture without a model has no total.",
        f"GB means {GB:,.0f} bytes.",
        "Contingency is its share of every one-time line of the bill, in the month where that falls, and a line of "
        "its own.",
        "What is already built is not charged: month 0 of that architecture, and of its side of a hybrid; not a "
        "tuning build that comes later.",
        "Switching a component off drops its computed lines; lines typed in stay, and the minimum of a plan is worked "
        "out as if nothing were dropped.",
        "A currency converts what is shown and exported. The model computes in USD.",
    )


def _calls() -> tuple[str, ...]:
    return (
        "An answer from the response cache costs nothing at all. Retries repeat the model call, but not the search, "
        "the rerank, the rewriting or the guardrail.",
        "Of the calls that are not batched, the share of prompt-cache hits pays the cached price for the static part "
        "of the prompt (instructions and few-shot examples); where that share is above 0 the others pay the price of "
        "writing to the cache, if one is published.",
        "Batched calls pay batch prices on all their tokens and no cache prices; rewriting, routing and test calls "
        "are batched in the same share.",
        "Where a cached or a batch price is not published the standard one applies, with a warning.",
        "A price by the size of a call looks at one average call: a prompt strictly above the threshold puts the whole "
        "call on the long price, answer and cached tokens too.",
        "Test queries are the same number each month from month 1. They cost what RAG's retrieval and generation cost, "
        "without retries, caches, router or guardrail; fine-tuning and prompting have none.",
        "Rewriting a query reads history and query and writes a query, on the model that answers; it adds no search.",
        "The guardrail checks prompt and answer together, once for each query that reaches the system, not for test "
        "queries. A token is taken as four characters.",
    )


def _retrieval() -> tuple[str, ...]:
    return (
        "Documents are counted at month end, for storage, for updates and for a re-index.",
        "A document no longer than a chunk is one chunk of its own length, in the prompt and for the reranker too. "
        "Otherwise the number of chunks is not rounded.",
        "Content updates embed and write what they change, even if that is more than the whole corpus in a month.",
        "Parsing follows the documents in the same way, but a re-index parses nothing again.",
        "A re-index embeds and writes the whole corpus once more and stores the index twice in that month; what this "
        "adds to the month's bill is an event, with n re-indexes n times.",
        "Copies of the index multiply storage and nodes, not reads and writes. A node plan holds each copy in its own "
        "nodes.",
        "The build pays index writes alone: no storage, no quota, no minimum. From month 1 the bill of a store is the "
        "larger of its minimum and its fee plus usage above the quota; the difference is a line of its own, and a "
        "re-index counts towards the minimum.",
        f"A billed rerank search covers {number(retrieval.DOCUMENTS_PER_SEARCH)} documents unless its plan says.",
    )


def _tuned() -> tuple[str, ...]:
    return (
        "The first release is all its training runs, the labels and an evaluation. Runs are full runs, the good one "
        "included; with 0 runs somebody else trains, and labels and evaluation are still paid.",
        "A run without tokens is no job: it costs nothing, whatever the minimum of a job.",
        "A retraining labels its share of the set anew (the set keeps its size), trains, is evaluated and takes hours.",
        "Dedicated hosting pays every hour, busy or idle; its tokens are billed too only where the plan says so. "
        "Rented GPUs pay hours alone.",
        "Where a plan rents GPUs by the instance (min_gpus), the GPUs of all replicas fill whole instances: of a plan "
        "by 8, 1 GPU pays for 8 and 10 pay for 16. The hours of a training run are not rounded.",
        "Replicas follow the average tokens of the month times peak to average; caching and batches do not lower "
        "them. Without a throughput the least and the spare replicas run at any volume.",
        "On rented GPUs training is priced by GPU-hours where a training speed is given, otherwise by the model's own "
        "training price. No plan of a model is needed to host it.",
        "An amount typed in for a run or for hosting takes the place of whatever would be computed, for the tuned "
        "model; never for a router.",
        "Where a plan bills the storage of a tuned model, one model is kept from its first month of operation.",
        "The idle share is 1 less the tokens served over the tokens that the paid replicas could have served in months "
        "1 to H, on all the GPUs of an instance that is paid; it is not known without a throughput or where hosting "
        "is typed in.",
    )


def _hybrids() -> tuple[str, ...]:
    return (
        "Every hybrid pays the fixed costs of both its sides in full; only what is paid by the query follows a share.",
        "Grounded: the tuned model answers every query with retrieved chunks. Rewriting and the test queries run on "
        "the tuned model too, and the base model is never paid.",
        "Routed: a small tuned model reads every query (with retries, once each); the share that it answers needs no "
        "more, the rest goes through RAG. The router is the tuned side: its own examples are labelled and trained, and "
        "hours, runs, evaluations and weeks are those of fine-tuning.",
        "Split: its share of the queries goes to the tuned model alone, the rest through RAG.",
        "Test queries of a routed or split hybrid take RAG's path in full, whatever the share.",
        "The guardrail checks what answers: each side of a split with its own prompt and answer, the router's where "
        "the router answers.",
        "The length of an answer is the hybrid's own where it is set, otherwise that of the side that answers; "
        "a router's answer has a length of its own.",
        "Building it takes RAG's weeks, and those of the tuned side less what the retrieval build makes unnecessary.",
        "In stages: when tuning starts in month s, months 1 to s cost what RAG costs, with RAG's settings. The tuning "
        "build falls in month s, at the prices of month s, and its retrainings and revalidations count from there. "
        "Costs typed in for the hybrid are its own throughout.",
    )


def _events() -> tuple[str, ...]:
    return (
        "Retraining, revalidation and re-indexing follow one rule: an event is due each time the interval has passed. "
        "Every 3 months over 12 months is 4 events, in months 3, 6, 9 and 12.",
        "For fine-tuning and a split hybrid the interval is the shorter of the calendar and the time until enough "
        "content updates have come; grounded and routed hybrids keep their knowledge in the index and follow the "
        "calendar alone. A hybrid retrains by its own calendar where it has one, otherwise by that of fine-tuning.",
        "Events that fall together are all paid. Without an interval there are none.",
        "How many updates force a retraining has no published value. Presets take twice the updates between two "
        "calendar retrainings, so that both levers act, and mark it as a guess.",
        "An event in the last month buys nothing within the horizon; the verdict says so when the order hangs on it.",
    )


def _retirement() -> tuple[str, ...]:
    return (
        "Base, tuned, router and embedding models retire on the day that the price book knows; rerankers, guardrails "
        "and weights on rented GPUs do not.",
        "From the month of that day the successor serves, at its own prices. Where none is named the prices go on, "
        "with a warning. A model that retires before month 1 is its successor from the start.",
        "Leaving a base or an embedding model takes migration hours and an evaluation; a new embedding model forces a "
        "re-index as well. Leaving a tuned model takes its training runs again, an evaluation and the hours of a "
        "retraining; its labels are used again, and `fine_tuning.migration_hours` has no effect.",
        "Two models that retire in one month are two migrations. A successor that has itself retired by then is "
        "passed over.",
        "In a hybrid in stages, a tuned model that retires before tuning starts is no event.",
    )


def _consequences() -> tuple[str, ...]:
    return (
        "Wrong answers and the delay until launch stand beside the bill, and in the totals only when "
        "`finance.consequences_in_tco` says so.",
        "Answers from weights go stale as the content changes: all of them for fine-tuning, the tuned share of a split "
        "hybrid, the router's share of a routed one; none for RAG, prompting and grounded hybrids.",
        "How stale is read off the mean age of the training over the month. A migration of the tuned model renews it. "
        "In stages, a hybrid is as right as RAG until its tuned side runs.",
        "Cost per correct answer is the total over the answers of months 1 to H that are right.",
    )


def _comparisons() -> tuple[str, ...]:
    close = _default("finance.too_close_share")
    return (
        "The smallest nominal total over the horizon is the cheapest, among the architectures that are compared, whose "
        "prices are all known and whose quality suffices. When none is left, nobody is.",
        f"A lead within {close} of the runner-up's total is too close to call, unless you say otherwise.",
        "Break-even months are all months in which the order of two cumulative costs changes, interpolated within the "
        f"month. A difference of at most {_tiny(finance.SAME)} of the larger total is none, and lines that only touch "
        "do not cross.",
        "Crossovers along a driver are looked for on the real model: "
        f"{crossover.POINTS:,} points, and between two of them whose order differs, down to neighbouring numbers. "
        f"There the totals are equal (within {_tiny(crossover.EQUAL)}) or they change places in a jump. Two roots "
        "closer together than the points can be missed.",
        "Present value, when it is switched on, discounts lines, rings, cards, crossings and the verdict together, and "
        "says so; files are nominal, and so is the command line without `--present`.",
        "Plain prompting is a reference line unless it is compared: it is worked out, but is never the cheapest.",
    )


def _tiny(value: float) -> str:
    words = {1e-6: "a millionth", 1e-9: "a billionth"}
    return words.get(value, share(value))


EXPLAINED = {
    "taxes": "prices are net; sales tax and VAT come on top where they apply",
    "capitalisation": "a build is a cost in its month, however the books treat it",
    "egress": "moving data out of a cloud is not counted",
    "terminal value (zero)": "what is left at the end of the horizon is worth nothing",
    "sunk cost": "money spent before month 0, and what `finance.already_built` names",
}
"""Why something is left out, by its name in `report.text.EXCLUSIONS`."""


def not_included() -> tuple[Paragraph | Points, ...]:
    """What no total holds."""
    names = [each.strip() for each in text.EXCLUSIONS.split(";")]
    return (
        Paragraph("Whatever is not on the bills above is not in a total. In particular:"),
        Points(tuple(sentence(f"{each}: {EXPLAINED[each]}" if each in EXPLAINED else each) for each in names)),
    )
