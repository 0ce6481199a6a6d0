"""The arithmetic of the default preset and nothing else: plain numbers in, totals out, by hand in NumPy.

This is what the model would take if nobody wanted to see a line, a formula, a source or another plan. `totals` works
out one scenario, `fan` many draws of it by a product of matrices and a partition. Both follow their numbers anywhere;
what they leave out are other choices (plans, kinds, models that retire), not arithmetic. `p` holds the plain numbers of
`benchmarks.plain`; prices are lists by month, before drift.
"""

import numpy as np

LEVELS = (0.10, 0.50, 0.90)
FORGIVEN = 1e-9


def totals(p):
    """Total cost of the four architectures over the horizon [USD]: RAG, fine-tuning, hybrid, prompting."""
    month, since, build, on, drift, usd = _months(p)
    week, hour = p.week * drift["labour"], p.week / p.hours_per_week * drift["labour"]
    label, review = p.label * drift["labour"], drift["labour"]
    chunk, cut, rag_prompt, tuned_prompt, grounded_prompt, few_shot_prompt = _lengths(p)

    users = on * np.minimum(p.queries * (1.0 + p.growth) ** since, p.most_queries)
    live = users * (1.0 - p.cached)
    asked, tested = live * (1.0 + p.retries) * p.calls, on * p.test_queries * p.calls
    every, searches = asked + tested, live + on * p.test_queries

    # Retrieval, which RAG and the hybrid pay alike
    documents = p.documents * (1.0 + p.corpus_growth) ** month
    new = on * np.maximum(documents - p.documents * (1.0 + p.corpus_growth) ** since, 0.0)
    later, held = (new + on * (p.updates * p.changed * documents)) * cut, documents * cut
    reindexes = _events(month, since, _interval(p.reindex_every))
    first, again = build * held, reindexes * held
    stored = on * held * p.dimensions * p.bytes * (1.0 + p.overhead) * p.copies / 1e9
    kept, twice = stored * usd["storage"], stored * reindexes * usd["storage"]
    written = p.dimensions * p.bytes / 1e9 * p.per_gb_written * usd["writes"]
    added, rewritten = later * written, again * written
    read = searches * np.maximum(stored / p.copies * p.per_gb_searched, p.per_search) * usd["reads"]
    minimum = on * np.maximum(p.minimum * drift["vector_store"] - (kept + twice + added + rewritten + read), 0.0)
    retrieval_once = (
        build * p.rag_weeks * week
        + build * p.preparation_hours * hour
        + build * p.rag_review * review
        + first * chunk * usd["embedding"]
        + first * written
    )
    retrieval = (
        later * chunk * usd["embedding"]
        + again * chunk * usd["embedding"]
        + searches * p.query * usd["embedding"]
        + kept
        + twice
        + added
        + rewritten
        + read
        + minimum
        + searches * p.candidates * (p.query + chunk) * usd["rerank"]
        + on * p.updates * p.hours_per_update * hour
        + on * p.rag_upkeep_hours * hour
        + on * p.rag_hosting
    )

    def tuned(interval, weeks, calls, prompt):
        retrains = _events(month, since, interval)
        checks = _events(month, since, _interval(p.revalidate_every))
        job = np.maximum(p.least_job, p.examples * p.example_tokens * p.epochs * usd["training"])
        replicas = on * _replicas(p, calls * (prompt + p.answer))
        once = (
            build * weeks * week + build * p.examples * label + build * p.runs * job + build * p.tuned_review * review
        )
        return once, (
            retrains * p.retrain_share * p.examples * label
            + retrains * p.retrain_runs * job
            + retrains * p.tuned_review * review
            + retrains * p.retrain_hours * hour
            + checks * p.check_hours * hour
            + on * p.tuned_upkeep_hours * hour
            + calls * tuned_call(prompt)
            + replicas * p.hours_per_month * usd["hosting"]
        )

    base, tuned_call = _per_call(p, usd, ("input", "output")), _per_call(p, usd, ("tuned input", "tuned output"))
    calendar = _interval(p.retrain_every)
    forced = min(calendar, p.updates_per_retrain / p.updates) if p.updates and p.updates_per_retrain else calendar
    tuned_once, tuned_later = tuned(forced, p.tuned_weeks, asked, tuned_prompt)
    side_once, side_later = tuned(calendar, p.tuned_weeks * (1.0 - p.shared), every, grounded_prompt)
    prompting_once = build * p.prompting_weeks * week + build * p.prompting_review * review

    spare = 1.0 + p.contingency
    rag = retrieval_once * spare + retrieval + every * base(rag_prompt) + on * p.rag_watch
    fine_tuning = tuned_once * spare + tuned_later + on * p.tuned_watch
    hybrid = (retrieval_once + side_once) * spare + retrieval + side_later + on * p.hybrid_watch
    prompting = (
        prompting_once * spare
        + asked * base(few_shot_prompt)
        + on * p.prompting_upkeep_hours * hour
        + on * p.prompting_watch
    )
    return {
        "rag": rag.sum(),
        "fine_tuning": fine_tuning.sum(),
        "hybrid": hybrid.sum(),
        "prompting": prompting.sum(),
    }


def fan(p, points):
    """Many draws: cost so far by month as quantiles, odds of being cheapest by month, totals and expected regret.

    `points` lie evenly in (0, 1), one column for each of `p.drawn`. Returns arrays of shape (4, 3, months),
    (4, months), (4, draws) and (4,), architectures as in `totals`. Months go down and draws across, so that the draws
    of a month lie side by side. What is a number of the draw times a factor of the month is summed by products of
    matrices; only queries, forced retrainings and the store's minimum need both at once, month by month.
    """
    drawn = {name: _drawn(points[:, at], *spread) for at, (name, spread) in enumerate(p.drawn.items())}
    p, draws = type(p)(**{**vars(p), **drawn}), len(points)
    month, since, build, on, drift, usd = _months(p)
    labour = drift["labour"]
    chunk, cut, rag_prompt, tuned_prompt, grounded_prompt, few_shot_prompt = _lengths(p)
    week, hour = p.week, p.week / p.hours_per_week

    reindexes = _events(month, since, _interval(p.reindex_every))
    checks = _events(month, since, _interval(p.revalidate_every))
    calendar = _events(month, since, _interval(p.retrain_every))
    corpus = (1.0 + p.corpus_growth) ** month
    more = on * np.maximum(corpus - (1.0 + p.corpus_growth) ** since, 0.0) + reindexes * corpus
    embedded, written = chunk * usd["embedding"], p.dimensions * p.bytes / 1e9 * p.per_gb_written * usd["writes"]
    held, tests = p.documents * cut, on * p.test_queries
    changing, tokens = p.updates * p.changed * held, p.examples * p.example_tokens * p.epochs
    base, tuned = _per_call(p, usd, ("input", "output")), _per_call(p, usd, ("tuned input", "tuned output"))
    searched = p.query * usd["embedding"] + p.candidates * (p.query + chunk) * usd["rerank"]
    fixed = p.speed * p.target <= 0
    idle = on * fixed * (p.least_replicas + p.spare_replicas) * p.hours_per_month * usd["hosting"]

    # A number of the draw, and the factor of the month that each architecture multiplies it by
    once, upkeep, no = build * (1.0 + p.contingency), on * labour, np.zeros_like(month)
    tested, retrieval = tests * p.calls, on * p.rag_hosting + tests * searched
    rows = (
        (
            1.0,
            retrieval + on * p.rag_watch + tested * base(rag_prompt),
            on * p.tuned_watch + idle,
            retrieval + on * p.hybrid_watch + tested * tuned(grounded_prompt) + idle,
            on * p.prompting_watch,
        ),
        (held, first := once * (embedded + written) + more * embedded, no, first, no),
        (changing, again := on * corpus * embedded, no, again, no),
        (p.rag_weeks * week + p.preparation_hours * hour + p.rag_review, once, no, once, no),
        ((p.updates * p.hours_per_update + p.rag_upkeep_hours) * hour, upkeep, no, upkeep, no),
        (p.tuned_weeks * week, no, once, once * (1.0 - p.shared), no),
        (p.examples * p.label + p.tuned_review, no, once, once, no),
        (p.runs * np.maximum(p.least_job[0], tokens * usd["training"][0]), no, once, once, no),
        (p.tuned_upkeep_hours * hour, no, upkeep, upkeep, no),
        (p.check_hours * hour, no, on * checks * labour, on * checks * labour, no),
        (p.prompting_weeks * week + p.prompting_review, no, no, no, once),
        (p.prompting_upkeep_hours * hour, no, no, no, upkeep),
    )
    numbers = np.stack([np.broadcast_to(row[0], draws) for row in rows])
    factors = np.stack([np.stack(row[1:]) for row in rows])
    cost = factors.transpose(1, 2, 0) @ numbers

    # What needs a draw and a month at once, and the sums so far
    live = 1.0 - p.cached
    calls = live * (1.0 + p.retries) * p.calls
    per_query = live * searched + calls * base(rag_prompt), calls * tuned(tuned_prompt)
    per_query = *per_query, live * searched + calls * tuned(grounded_prompt)
    stored = p.dimensions * p.bytes * (1.0 + p.overhead) / 1e9
    copy = held * stored * p.per_gb_searched
    storing = on * corpus * (1.0 + reindexes) * stored * p.copies * usd["storage"] + more * written
    least, rewriting = on * p.minimum * drift["vector_store"], on * corpus * written
    forced = np.minimum(_interval(p.retrain_every), p.updates_per_retrain / p.updates)
    renewed = p.retrain_share * p.examples * p.label + p.tuned_review + p.retrain_hours * hour
    running, growth, before = p.queries, 1.0 + p.growth, 0.0
    cheapest = np.zeros(cost.shape[:2])
    for at in range(len(month)):
        if at:
            users = np.minimum(running, p.most_queries)
            running = running * growth
            searches = users * live + p.test_queries
            read = searches * np.maximum(copy * corpus[at], p.per_search) * usd["reads"][at]
            store = np.maximum(held * storing[at] + changing * rewriting[at] + read, least[at])
            job = np.maximum(p.least_job[at], tokens * usd["training"][at])
            retraining = renewed * labour[at] + p.retrain_runs * job
            until = np.floor(at / forced + FORGIVEN)
            cost[0, at] += users * per_query[0][at] + store
            cost[1, at] += users * per_query[1][at] + (until - before) * retraining
            cost[2, at] += users * per_query[2][at] + store + calendar[at] * retraining
            cost[3, at] += users * calls * base(few_shot_prompt, at)
            before = until
            if not fixed:
                paid = p.hours_per_month * usd["hosting"][at]
                every = users * calls + tested[at]
                cost[1, at] += _replicas(p, users * calls * (tuned_prompt + p.answer)) * paid
                cost[2, at] += _replicas(p, every * (grounded_prompt + p.answer)) * paid
            cost[:, at] += cost[:, at - 1]
        best = cost[:, at] <= cost[:, at].min(axis=0) * (1.0 + FORGIVEN)
        cheapest[:, at] = (best / best.sum(axis=0)).mean(axis=1)
    last = cost[:, -1].copy()
    return _quantiles(cost), cheapest, last, (last - last.min(axis=0)).mean(axis=1)


def _per_call(p, usd, meters):
    """The price of one call from its prompt: by month, or in one month."""

    def price(prompt, at=...):
        tier = " above" if f"{meters[0]} above" in usd and np.any(prompt > p.long_prompt) else ""
        return prompt * usd[meters[0] + tier][at] + p.answer * usd[meters[1] + tier][at]

    return price


def _quantiles(cost):
    """Costs below which `LEVELS` of the draws lie, in straight lines between neighbours, (4, 3, months)."""
    places = [level * (cost.shape[-1] - 1) for level in LEVELS]
    lower = [int(place) for place in places]
    upper = [min(place + 1, cost.shape[-1] - 1) for place in lower]
    cost.partition([*lower, *upper], axis=-1)
    share = np.array([place - low for place, low in zip(places, lower, strict=True)])
    found = cost[..., lower] + (cost[..., upper] - cost[..., lower]) * share
    return found.transpose(0, 2, 1)


def _months(p):
    """Months, months since the first of operation, the build and the operation as 0 and 1, drift, prices paid."""
    month = np.arange(p.horizon + 1.0)
    since = np.maximum(month - 1.0, 0.0)
    drift = {group: (1.0 + annual) ** (since / 12.0) for group, annual in p.drift.items()}
    usd = {name: listed * (left * drift[group]) for name, (listed, left, group) in p.prices.items()}
    return month, since, (month == 0).astype(float), (month > 0).astype(float), drift, usd


def _lengths(p):
    """Tokens of a chunk, chunks of a document, and the prompts of RAG, tuned model, hybrid and plain prompting."""
    chunk = min(p.document, p.chunk)
    cut = 1.0 if p.document <= p.chunk else p.document / (p.chunk - p.overlap)
    said = p.history + p.query
    return (
        chunk,
        cut,
        p.system + said + p.top_k * chunk,
        p.tuned_system + said,
        p.tuned_system + said + p.top_k * chunk,
        p.system + p.few_shot + said,
    )


def _replicas(p, served):
    """Replicas for so many tokens a month."""
    speed = p.speed * p.target
    if speed <= 0:
        return p.least_replicas + p.spare_replicas
    demand = served / (p.hours_per_month * 3600.0) * p.peak
    return np.maximum(np.ceil(demand / speed - FORGIVEN), p.least_replicas) + p.spare_replicas


def _interval(every):
    return every if every > 0 else np.inf


def _events(month, since, interval):
    return np.floor(month / interval + FORGIVEN) - np.floor(since / interval + FORGIVEN)


def _drawn(share, low, span, shares, places, whole):
    values = low + span * np.interp(share, shares, places)
    return np.round(values) if whole else values
