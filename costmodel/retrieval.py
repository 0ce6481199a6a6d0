"""What RAG and every hybrid pay for retrieval: the corpus, the index, the searches and those who look after them."""

from __future__ import annotations

import numpy as np

from costmodel import migration, timeline, traffic, vector_store
from costmodel.components import chunks_per_document, grown_documents, new_documents, rerank_searches
from costmodel.inputs import Inputs
from costmodel.ledger import (
    MILLION,
    CostLine,
    bought,
    labour_line,
    metered_line,
    missing_price,
    release,
    release_evaluation,
    typed_line,
    unknown_line,
    weeks_line,
)
from costmodel.terms import Term, applied, given, product, total

SIDE = "rag"
EVALUATION = "rag.evaluation_usd_per_release"
DOCUMENTS_PER_SEARCH = 100.0
"""Documents of one billed rerank search, where the plan does not say."""


def lines(x: Inputs, queries: Term, architecture: str) -> list[CostLine]:
    """Retrieval in full for `queries` [live queries that search]; not the model that answers.

    `architecture` is the one whose migration hours are paid when the embedding model retires.
    """
    before, after = x.once(("retrieval", queries), lambda: _alike(x, queries))
    return [*before, *migration.of_retrieval(x, architecture, x.rag.embedding_model, EVALUATION), *after]


def _alike(x: Inputs, queries: Term) -> tuple[list[CostLine], list[CostLine]]:
    """What every architecture that retrieves for `queries` pays alike, before and after a migration."""
    asked = searches(x, queries)
    before = [
        weeks_line(x, "weeks to build retrieval", x.at_build(x.read("rag.build_engineer_weeks")), SIDE),
        labour_line(
            x, "preparation", "one_time", "hours of preparation", x.at_build(x.read("rag.preparation_hours")), SIDE
        ),
        release_evaluation(x, "one_time", release(x), EVALUATION, SIDE),
        *_corpus(x, asked),
        *_rerank(x, asked),
    ]
    after = [
        labour_line(x, "update_labour", "recurring", "hours checking content updates", _update_hours(x), SIDE),
        labour_line(
            x,
            "rag_maintenance",
            "recurring",
            "hours of upkeep",
            x.monthly(x.read("rag.maintenance_hours_per_month")),
            SIDE,
        ),
        typed_line(x, "rag_hosting", "months of operation", "rag.hosting_usd_per_month"),
    ]
    return before, after


def searches(x: Inputs, queries: Term) -> Term:
    """Searches of the index: live queries that retrieve, and the test queries [searches]."""
    return x.once(("searches", queries), lambda: total("searches", "searches", queries, traffic.evaluation(x)))


def _update_hours(x: Inputs) -> Term:
    return x.monthly(product("hours", "hours", x.read("corpus.updates_per_month"), x.read("rag.hours_per_update")))


def _reindexes(x: Inputs) -> Term:
    """Whole corpora embedded and written once more [re-indexes]: by the calendar, or as the embedding model retires."""
    every = x.read("rag.reindex_every_months")
    interval = Term(every.label, every.unit, timeline.shortest(every.value), "sum", (every,))
    found = applied(timeline.events, interval, x.month, label="re-indexes by the calendar")
    forced = migration.months_of(x, x.rag.embedding_model)
    if not forced:
        return found
    moves = given("forced by the retired embedding model", "re-indexes", np.isin(x.months, forced).astype(float))
    return total("re-indexes", "re-indexes", found, moves)


def _corpus(x: Inputs, searches: Term) -> list[CostLine]:
    """Documents parsed, embedded and written: all at the build, later what is new, what changed, what is re-indexed."""
    first, growth = x.read("corpus.documents"), x.read("corpus.monthly_growth_share")
    documents = applied(grown_documents, first, growth, x.month)
    new = applied(new_documents, first, growth, x.month)
    updates, share = x.read("corpus.updates_per_month"), x.read("corpus.changed_share_per_update")
    changed = product("changed documents", "documents", updates, share, documents)
    later = x.monthly(total("new and changed documents", "documents", new, changed))
    build = x.at_build(documents)
    reindexes = _reindexes(x)
    again = product("documents indexed again", "documents", reindexes, documents)
    cut = applied(
        chunks_per_document,
        x.read("corpus.tokens_per_document"),
        x.read("corpus.chunk_tokens"),
        x.read("corpus.chunk_overlap_tokens"),
    )
    held, first_written, then_written, rewritten = (
        product("vectors", "vectors", of, cut) for of in (documents, build, later, again)
    )
    return [
        *_parsing(x, build, later),
        *_embedding(x, first_written, then_written, rewritten, searches),
        *vector_store.lines(x, held, first_written, then_written, rewritten, reindexes, searches),
    ]


def _parsing(x: Inputs, build: Term, later: Term) -> list[CostLine]:
    """Pages read by the parser; nothing is parsed again for a re-index."""
    ref = x.corpus.parser
    if ref is None:
        return []
    found = []
    prices = x.prices(ref, "page")
    for phase, driver, documents in (
        ("one_time", "pages parsed at the build", build),
        ("recurring", "new and changed pages parsed", later),
    ):
        pages = product("pages", "pages", documents, x.read("corpus.pages_per_document"))
        if prices is None:
            missing = missing_price(f"{ref}:page")
            found.append(unknown_line("parsing", phase, driver, pages, "thousand_pages", 1e3, missing, SIDE))
        else:
            found.append(
                metered_line(x, "parsing", phase, driver, pages, "thousand_pages", prices, size=1e3, side=SIDE)
            )
    return found


def _embedding(x: Inputs, build: Term, later: Term, again: Term, searches: Term) -> list[CostLine]:
    if x.rag.embedding_model is None:
        return []
    chunk = traffic.chunk(x)
    return [
        line
        for component, phase, driver, tokens in (
            (
                "corpus_embedding",
                "one_time",
                "corpus tokens embedded at the build",
                product("tokens", "tokens", build, chunk),
            ),
            (
                "corpus_embedding",
                "recurring",
                "new and changed tokens embedded",
                product("tokens", "tokens", later, chunk),
            ),
            ("corpus_embedding", "event", "corpus tokens embedded again", product("tokens", "tokens", again, chunk)),
            (
                "query_embedding",
                "recurring",
                "query tokens embedded",
                product("tokens", "tokens", searches, x.read("workload.query_tokens")),
            ),
        )
        for line in bought(
            x, component, phase, driver, tokens, x.rag.embedding_model, "embedding", asked_by="", side=SIDE
        )
    ]


def _rerank(x: Inputs, searches: Term) -> list[CostLine]:
    """Candidates sorted again, billed by searches of so many documents or by tokens."""
    ref = x.rag.reranker
    if ref is None:
        return []
    plan = x.plan(ref)
    driver = "candidates sorted again"
    prices = x.prices(ref, "rerank_searches")
    if prices is not None:
        most = None if plan is None else plan.fact("documents_per_search")
        limit = given("documents of a search", "documents", float(most or DOCUMENTS_PER_SEARCH))
        each = applied(rerank_searches, x.read("rag.candidates"), limit)
        amount = product("rerank searches", "searches", searches, each)
        return [
            metered_line(x, "rerank", "recurring", driver, amount, "thousand_searches", prices, size=1e3, side=SIDE)
        ]
    read = total("tokens of a candidate", "tokens", x.read("workload.query_tokens"), traffic.chunk(x))
    amount = product("tokens", "tokens", searches, x.read("rag.candidates"), read)
    prices = x.prices(ref, "rerank_tokens")
    if prices is None:
        missing = missing_price(f"{ref}:rerank_searches")
        return [unknown_line("rerank", "recurring", driver, amount, "million_tokens", MILLION, missing, SIDE)]
    return [metered_line(x, "rerank", "recurring", driver, amount, "million_tokens", prices, size=MILLION, side=SIDE)]
