"""The RAG side of an architecture: corpus, index, searches, base model, and the people who look after them."""

from __future__ import annotations

import math

from tests.oracle.bill import EVENT, ONE_TIME, RECURRING, Bill
from tests.oracle.calls import Calls, calls_usd, rewrites
from tests.oracle.prices import (
    STORE_METERS,
    UNKNOWN,
    base_price,
    fee,
    graduated,
    in_force,
    least_of_a_month,
    tiers_of,
    times,
    whole,
)
from tests.oracle.world import World, events


class Retrieval:
    """RAG, or the RAG side of a hybrid, that takes `share` of the users' queries."""

    def __init__(self, world: World, key: str, *, share: float = 1.0, answers: bool = True) -> None:
        self.w, self.s, self.key = world, world.s, key
        self.share = share
        self.answers = answers
        """Whether the base model answers what was searched for; in a grounded hybrid the tuned model does."""

    def searches(self, month: int) -> float:
        return self.w.live(month) * self.share + self.w.evaluation_queries()

    def prompt(self) -> float:
        work = self.s.workload
        known = self.s.rag.top_k * self.w.chunk()
        return work.system_prompt_tokens + work.history_tokens + work.query_tokens + known

    def output(self) -> float:
        own = self.s.hybrid.output_tokens if self.key == "hybrid" else None
        outputs = [own, self.s.rag.output_tokens, self.s.workload.output_tokens]
        return next(each for each in outputs if each is not None)

    def reindexes(self, month: int) -> int:
        """By the calendar, and one for each embedding model that retires."""
        interval = self.s.rag.reindex_every_months or None
        return events(interval, month) + self.w.migrations(self.s.rag.embedding_model, month)

    def fill(self, bill: Bill) -> None:
        self.build(bill)
        for month in range(self.w.months + 1):
            self.corpus(bill, month)
        for month in range(1, self.w.months + 1):
            self.queries(bill, month)
            self.upkeep(bill, month)
            self.migration(bill, month)

    def build(self, bill: Bill) -> None:
        rag, people = self.s.rag, self.s.people
        bill.add("build_labour", ONE_TIME, "rag", 0, rag.build_engineer_weeks * people.engineer_usd_per_week)
        bill.add("preparation", ONE_TIME, "rag", 0, rag.preparation_hours * self.w.hour(0))
        bill.add("release_evaluation", ONE_TIME, "rag", 0, rag.evaluation_usd_per_release)

    def corpus(self, bill: Bill, month: int) -> None:
        """Documents on their way into the index, and the index."""
        w, rag, corpus = self.w, self.s.rag, self.s.corpus
        phase = RECURRING if month else ONE_TIME
        if corpus.parser is not None:
            pages = w.documents_read(month) * corpus.pages_per_document
            bill.add("parsing", phase, "rag", month, times(pages, w.price(corpus.parser, "page", month)))
        again = self.reindexes(month) if month else 0
        if rag.embedding_model is not None:
            tokens_per_document = w.chunks_per_document() * w.chunk()
            tokens = w.documents_read(month) * tokens_per_document
            bill.add("corpus_embedding", phase, "rag", month, self.embedding_usd(tokens, month))
            tokens = again * w.documents(month) * tokens_per_document
            bill.add("corpus_embedding", EVENT, "rag", month, self.embedding_usd(tokens, month))
        if rag.vector_store is not None:
            self.index(bill, rag.vector_store, month, again)

    def embedding_usd(self, tokens: float, month: int) -> float:
        ref = self.w.plan(self.s.rag.embedding_model, month)
        return times(tokens, self.w.price(ref, "embedding", month))

    def index(self, bill: Bill, ref: str, month: int, again: int) -> None:
        """The vector store: what it costs in this month, and how much more because of the re-indexing."""
        w = self.w
        if not any(w.tariff.meter(ref, meter) for meter in STORE_METERS):
            bill.add("vector_storage", RECURRING, "rag", month, UNKNOWN if month else 0.0)
            return
        plain = self.written_usd(ref, month, 0)
        if month == 0:
            bill.add("vector_writes", ONE_TIME, "rag", 0, plain)
            return
        factor = w.factor(ref, "storage", "", month)
        units = self.searches(month) * self.units_of_a_search(ref, month)
        reads = graduated(w.tariff.meter(ref, "reads"), units, w.day(month)) * factor
        reads += times(self.searches(month), self.scanned_usd(ref, month)) * factor
        flat = fee(w.tariff.meter(ref, "flat"), self.searches(month), w.day(month)) * factor
        bill.add("vector_reads", RECURRING, "rag", month, reads)
        bill.add("vector_flat", RECURRING, "rag", month, flat)
        usage = [reads, flat]
        for name, usd in (
            ("writes", self.written_usd),
            ("storage", self.stored_usd),
            ("storage", self.dimensions_usd),
            ("nodes", self.nodes_usd),
        ):
            without, together = usd(ref, month, 0), usd(ref, month, again)
            bill.add(f"vector_{name}", RECURRING, "rag", month, without)
            bill.add(f"vector_{name}", EVENT, "rag", month, together - without if again else 0.0)
            usage.append(together)
        minimum = least_of_a_month(w.tariff, ref, w.day(month)) * factor
        if minimum > 0:
            spent = math.fsum(usage)
            top_up = UNKNOWN if math.isnan(spent) else max(0.0, minimum - spent)
            bill.add("vector_minimum", RECURRING, "rag", month, top_up)

    def bytes_per_vector(self) -> float:
        return self.s.rag.embedding_dimensions * self.s.rag.bytes_per_dimension

    def vectors(self, month: int) -> float:
        return self.w.documents(month) * self.w.chunks_per_document()

    def units_of_a_search(self, ref: str, month: int) -> float:
        """Read units: so many for every search, or for every GB that it searches and then at least so many."""
        least = self.w.tariff.fact(ref, "units_per_search", 1.0)
        each = self.w.tariff.fact(ref, "units_per_gb_searched")
        return least if each is None else max(least, each * self.gb_of_a_copy(month))

    def scanned_usd(self, ref: str, month: int) -> float:
        """What the GB that one search scans cost, those of each tier at its own price."""
        rows, day = self.w.tariff.meter(ref, "queried"), self.w.day(month)
        if not rows:
            return 0.0
        gb = max(self.gb_of_a_copy(month), self.w.tariff.fact(ref, "min_gb_per_search", 0.0))
        counted = self.w.tariff.fact(ref, "vectors_per_tier")
        size, step = (gb, 1.0) if counted is None else (self.vectors(month), counted)
        usd, price = 0.0, UNKNOWN
        ends = [*(tier * step for tier in tiers_of(rows)[1:]), math.inf]
        for tier, end in zip(tiers_of(rows), ends, strict=True):
            row = in_force(rows, tier, day)
            price = base_price(row) if row else price
            part = max(0.0, min(size, end) - tier * step)
            usd += times(part / size * gb if size else 0.0, price)
        return usd

    def dimensions_usd(self, ref: str, month: int, again: int) -> float:
        numbers = self.vectors(month) * self.s.rag.embedding_dimensions * self.s.rag.replicas * (1 + again)
        rows = self.w.tariff.meter(ref, "dimensions")
        return graduated(rows, numbers, self.w.day(month)) * self.w.factor(ref, "storage", "", month)

    def gb_of_a_copy(self, month: int) -> float:
        return self.vectors(month) * self.bytes_per_vector() * (1 + self.s.rag.index_overhead_share) / 1e9

    def written_usd(self, ref: str, month: int, again: int) -> float:
        """Vectors written in the month, the whole corpus once more for each re-indexing."""
        w = self.w
        documents = w.documents_read(month) + (again * w.documents(month) if again else 0.0)
        vectors = documents * w.chunks_per_document()
        rows = w.tariff.meter(ref, "writes")
        units_per_gb = w.tariff.fact(ref, "units_per_gb_written")
        if rows and rows[0].unit in ("GB", "GiB"):
            amount = vectors * self.bytes_per_vector() / 1e9
        elif units_per_gb is not None:
            amount = vectors * self.bytes_per_vector() / 1e9 * units_per_gb
        else:
            amount = vectors * w.tariff.fact(ref, "units_per_vector", 1.0)
        return graduated(rows, amount, w.day(month), quota=month > 0) * w.factor(ref, "writes", "", month)

    def stored_usd(self, ref: str, month: int, again: int) -> float:
        gb = self.gb_of_a_copy(month) * self.s.rag.replicas * (1 + again)
        rows = self.w.tariff.meter(ref, "storage")
        return graduated(rows, gb, self.w.day(month)) * self.w.factor(ref, "storage", "", month)

    def nodes_usd(self, ref: str, month: int, again: int) -> float:
        rows = self.w.tariff.meter(ref, "nodes")
        if not rows:
            return 0.0
        gb = self.gb_of_a_copy(month) * (1 + again)
        gb_per_node = self.w.tariff.fact(ref, "gb_per_node")
        if gb_per_node is None:
            return times(gb, UNKNOWN)
        count = max(whole(gb / gb_per_node) * self.s.rag.replicas, self.w.tariff.fact(ref, "min_nodes", 0.0))
        periods = self.s.finance.hours_per_month if rows[0].unit == "hour" else 1
        return graduated(rows, count * periods, self.w.day(month)) * self.w.factor(ref, "nodes", "", month)

    def queries(self, bill: Bill, month: int) -> None:
        """What each query costs on its way: rewriting, embedding, reranking, and the base model's answer."""
        w, s, rag = self.w, self.s, self.s.rag
        searches = self.searches(month)
        if rag.embedding_model is not None:
            usd = self.embedding_usd(searches * s.workload.query_tokens, month)
            bill.add("query_embedding", RECURRING, "rag", month, usd)
        if rag.reranker is not None:
            bill.add("rerank", RECURRING, "rag", month, self.rerank_usd(rag.reranker, searches, month))
        if not self.answers:
            return
        model = w.plan(rag.model, month)
        usd = calls_usd(w, model, rewrites(w, searches), month)
        bill.add("rewrite", RECURRING, "rag", month, usd)
        users = w.calls(month) * self.share
        calls = Calls(users, w.evaluation_calls(), self.prompt(), s.workload.system_prompt_tokens, self.output())
        usd = UNKNOWN if model is None else calls_usd(w, model, calls, month)
        bill.add("generation", RECURRING, "rag", month, usd)

    def rerank_usd(self, ref: str, searches: float, month: int) -> float:
        candidates = self.s.rag.candidates
        if self.w.tariff.meter(ref, "rerank_searches"):
            billed = whole(candidates / self.w.tariff.fact(ref, "documents_per_search", 100.0))
            return times(searches * billed, self.w.price(ref, "rerank_searches", month))
        tokens = candidates * (self.s.workload.query_tokens + self.w.chunk())
        return times(searches * tokens, self.w.price(ref, "rerank_tokens", month))

    def upkeep(self, bill: Bill, month: int) -> None:
        rag, hour = self.s.rag, self.w.hour(month)
        hours = self.s.corpus.updates_per_month * rag.hours_per_update
        bill.add("update_labour", RECURRING, "rag", month, hours * hour)
        bill.add("rag_maintenance", RECURRING, "rag", month, rag.maintenance_hours_per_month * hour)
        bill.add("rag_hosting", RECURRING, "rag", month, rag.hosting_usd_per_month)

    def migration(self, bill: Bill, month: int) -> None:
        """Moving to the successors of the models that retire in this month."""
        models = [self.s.rag.embedding_model, *([self.s.rag.model] if self.answers else [])]
        number = sum(self.w.migrations(model, month) for model in models)
        hours = self.s.architecture(self.key).migration_hours
        evaluation = self.s.rag.evaluation_usd_per_release * self.w.drift("labour", month)
        bill.add("migration", EVENT, "rag", month, number * hours * self.w.hour(month))
        bill.add("release_evaluation", EVENT, "rag", month, number * evaluation)
