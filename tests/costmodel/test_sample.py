"""What a sample says about the corpus is what the model then computes."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from costmodel import sample
from costmodel.changes import changed, resolved
from costmodel.chunks import borders, tokens_needed
from costmodel.presets import DEFAULT_PRESET, PRESETS
from costmodel.results import run_scenario
from costmodel.sample import Cut, spread
from pricing.catalog import load_book

CUT = Cut(chunk=500.0, overlap=100.0)


def scenario(values=None):
    return changed(resolved(PRESETS[DEFAULT_PRESET].scenario, date.today()), values or {})


def test_the_spread_of_five_documents():
    found = spread([100, 200, 300, 400, 2_000])

    assert (found.documents, found.total, found.mean, found.median) == (5, 3_000, 600, 300)
    assert (found.p10, found.p90) == pytest.approx((140, 1_360))  # 0.4 of the way into the first and last steps


@given(st.lists(st.integers(0, 10**6), min_size=1, max_size=30))
def test_the_percentiles_of_a_spread_never_fall(lengths):
    found = spread(lengths)

    assert min(lengths) <= found.p10 <= found.median <= found.p90 <= max(lengths)


def test_one_document_is_its_own_spread():
    assert spread([7]) == sample.Spread(1, 7, 7, 7, 7, 7)


def test_documents_are_cut_and_embedded_by_the_formula_of_the_model():
    # 1,000 / (500 - 100) = 2.5 chunks of 500; a document of 300 is one chunk of 300.
    assert list(CUT.chunks([1_000, 300])) == [2.5, 1]
    assert list(CUT.embedded([1_000, 300])) == [1_250, 300]


def test_embedding_the_sample_and_the_corpus():
    few = sample.embedding_of_sample([1_000, 300], CUT, 2e-8)
    all_ = sample.embedding_of_corpus(2_000, 1_000, CUT, 2e-8)

    assert (few.tokens, few.usd) == pytest.approx((1_550, 1_550 * 2e-8))
    assert (all_.tokens, all_.usd) == pytest.approx((2_500_000, 0.05))


@given(mean=st.floats(1, 1e5), documents=st.floats(0, 1e6), chunk=st.integers(2, 4_000), share=st.floats(0, 0.9))
def test_embedding_the_corpus_costs_what_the_ledger_then_says(mean, documents, chunk, share):
    cut = Cut(float(chunk), float(int(chunk * share)))
    run = run_scenario(
        scenario(
            {
                "corpus.tokens_per_document": mean,
                "corpus.documents": documents,
                **sample.cut_values(cut),
            }
        ),
        load_book(),
    )
    lines = run.answers["rag"].bill.lines
    line = next(each for each in lines if (each.component, each.phase) == ("corpus_embedding", "one_time"))
    found = sample.embedding_of_corpus(documents, mean, cut, sample.embedding_price(run))

    assert found.usd == pytest.approx(float(line.cost_usd[0]), rel=1e-9, abs=1e-12)


def test_a_negotiated_discount_is_in_the_price_of_embedding():
    full = sample.embedding_price(run_scenario(scenario(), load_book()))
    half = sample.embedding_price(run_scenario(scenario({"finance.discount_share.openai": 0.5}), load_book()))

    assert half == pytest.approx(full / 2)


def test_without_an_embedding_model_there_is_no_price():
    run = run_scenario(scenario({"rag.embedding_model": None}), load_book())

    assert sample.embedding_price(run) is None
    assert sample.embedding_of_sample([1_000], CUT, None).usd is None


# Prompts


def test_the_prompt_of_the_scenario_is_that_of_the_model():
    asked = scenario({"workload.history_tokens": 100.0, "corpus.tokens_per_document": 300.0, "rag.top_k": 4})
    prompt = sample.prompt_of(asked)

    assert prompt.context == 4 * 300  # a document is shorter than a chunk of 512
    assert prompt.total == asked.workload.system_prompt_tokens + 100 + asked.workload.query_tokens + 1_200


@pytest.mark.parametrize(
    ("template", "parts"),
    [
        ("A {context} b {question}", (["A ", " b ", ""], 1, 1)),
        ("{question}{question}", (["", "", ""], 0, 2)),
        ("nothing {else}", (["nothing {else}"], 0, 0)),
    ],
)
def test_a_template_falls_into_words_and_placeholders(template, parts):
    assert sample.template_parts(template) == parts


# Numbers to take over


LENGTHS = spread([100, 200, 300, 400, 2_000])


def test_the_mean_and_the_spread_are_taken_over():
    assert sample.values(scenario(), LENGTHS, CUT) == {
        "corpus.tokens_per_document": 600.0,
        "uncertainty": {
            "corpus.tokens_per_document": {"low": 140.0, "likely": 300.0, "high": 1360.0, "distribution": "pert"}
        },
    }


def test_the_number_of_documents_is_taken_over_on_request_only():
    assert sample.values(scenario(), LENGTHS, CUT, documents=True)["corpus.documents"] == 5.0
    assert "corpus.documents" not in sample.values(scenario(), LENGTHS, CUT)


def test_a_range_wants_three_documents():
    assert "uncertainty" in sample.values(scenario(), spread([1, 2, 3]), CUT)
    assert "uncertainty" not in sample.values(scenario(), spread([1, 2]), CUT)
    assert "uncertainty" not in sample.values(scenario(), LENGTHS, CUT, ranged=False)


def test_other_ranges_stay():
    queries = {"low": 1.0, "likely": 2.0, "high": 3.0, "distribution": "uniform"}
    ours = scenario({"uncertainty": {"workload.queries_per_month": queries}})

    assert sample.values(ours, LENGTHS, CUT)["uncertainty"]["workload.queries_per_month"] == queries


def test_a_scenario_that_cuts_nothing_gets_chunks_too_and_is_not_refused():
    bare = resolved(PRESETS["published-low"].scenario, date.today())
    taken = changed(bare, sample.values(bare, LENGTHS, CUT))

    assert (taken.corpus.tokens_per_document, taken.corpus.chunk_tokens, taken.corpus.chunk_overlap_tokens) == (
        600,
        500,
        100,
    )


# Borders


TOKENS = [f"t{number} " for number in range(30)]


def test_the_overlap_stands_at_the_end_of_one_chunk_and_the_beginning_of_the_next():
    first, second, third = borders(TOKENS, chunk=10, overlap=3, around=2)

    # Chunks begin at 0, 7, 14, 21: the first ends with 7, 8, 9 and the second begins with them.
    assert (first.number, first.before, first.shared, first.after) == (1, "t5 t6 ", "t7 t8 t9 ", "t10 t11 ")
    assert (second.before, second.shared) == ("t12 t13 ", "t14 t15 t16 ")
    assert third.number == 3


def test_without_an_overlap_chunks_share_nothing():
    (first, *_) = borders(TOKENS, chunk=10, overlap=0, around=2)

    assert (first.before, first.shared, first.after, first.shared_tokens) == ("t8 t9 ", "", "t10 t11 ", 0)


@pytest.mark.parametrize(("length", "count"), [(9, 0), (10, 0), (11, 1), (17, 1), (18, 2)])
def test_a_document_has_a_border_only_where_a_chunk_ends_before_it_does(length, count):
    assert len(borders(TOKENS[:length], chunk=10, overlap=3)) == count


def test_the_middle_of_a_long_overlap_is_left_out():
    (first, *_) = borders(TOKENS, chunk=20, overlap=12, around=2)

    assert (first.shared, first.shared_tokens) == ("t8 t9  … t18 t19 ", 12)


def test_an_overlap_of_a_whole_chunk_is_refused():
    with pytest.raises(ValueError, match="an overlap of 10 tokens must be less than the chunk of 10"):
        borders(TOKENS, chunk=10, overlap=10)


@given(chunk=st.integers(1, 12), share=st.floats(0, 0.99), length=st.integers(0, 200))
def test_borders_look_at_no_more_tokens_than_needed(chunk, share, length):
    overlap, parts = int(chunk * share), [str(number) for number in range(length)]

    assert borders(parts, chunk, overlap) == borders(parts[: tokens_needed(chunk, overlap)], chunk, overlap)
