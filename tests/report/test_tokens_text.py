"""Sentences of the token lab say what was counted, in the numbers of the sample."""

from __future__ import annotations

from datetime import date

import pytest

from costmodel import sample
from costmodel.changes import changed, resolved
from costmodel.chunks import Border
from costmodel.presets import DEFAULT_PRESET, PRESETS
from costmodel.sample import Cut, Embedding, Prompt, spread
from costmodel.tokens import Counts, Tokenizer
from report import tokens_text as words
from report.numbers import Money

MONEY = Money()
CUT = Cut(512.0, 50.0)
TWELVE = spread([2_000] * 3 + [2_140] * 6 + [2_400] * 3)
ONE = spread([2_140])
NOTHING = Embedding(0, None)


def scenario(values=None):
    return changed(resolved(PRESETS[DEFAULT_PRESET].scenario, date.today()), values or {})


@pytest.mark.parametrize(
    ("number", "said"), [(0, "0"), (2_140, "2,140"), (99_999.4, "99,999"), (100_000, "100K"), (4.3e6, "4.3M")]
)
def test_tokens_are_written_in_full_until_they_are_many(number, said):
    assert words.tokens(number) == said


@pytest.mark.parametrize(("ratio", "said"), [(0.763, "0.76"), (0.994, "0.99"), (0.996, "1.0"), (4.44, "4.4")])
def test_ratios(ratio, said):
    assert words.per(ratio) == said


# The answer


def test_the_headline_of_several_documents():
    headline = words.headline(TWELVE, 2_000, Embedding(30_000, 0.0006), Embedding(4.5e6, 0.09), MONEY)

    assert headline == (
        "Your 12 documents hold 2,140 tokens each at the median; the corpus would be 4.34M tokens and cost $0.090 to "
        "embed"
    )  # 2,000 documents of (3 x 2,000 + 6 x 2,140 + 3 x 2,400) / 12 = 2,170


def test_the_headline_of_one_document():
    headline = words.headline(ONE, 200, NOTHING, Embedding(4.5e5, 0.009), MONEY)

    assert headline == (
        "Your document holds 2,140 tokens; 200 documents like it would be 428K tokens and cost $0.0090 to embed"
    )


def test_the_headline_without_a_price_says_no_cost():
    assert words.headline(ONE, 200, NOTHING, NOTHING, MONEY) == (
        "Your document holds 2,140 tokens; 200 documents like it would be 428K tokens"
    )


def test_the_headline_of_a_scenario_without_documents_speaks_of_the_sample():
    few = Embedding(30_000, 0.0006)

    assert words.headline(ONE, 0, few, NOTHING, MONEY) == (
        "Your document holds 2,140 tokens, which cost $0.00060 to embed"
    )
    assert words.headline(TWELVE, 0, few, NOTHING, MONEY) == (
        "Your 12 documents hold 2,140 tokens each at the median, 26,040 together, which cost $0.00060 to embed"
    )


def test_the_lead_says_that_the_mean_is_taken_and_why():
    assert words.lead(TWELVE, scenario({"corpus.documents": 2_000.0})) == (
        "The scenario takes the mean, since every total grows with it: 2,000 documents of 2,170 tokens, instead of 650."
    )
    assert words.lead(TWELVE, scenario({"corpus.tokens_per_document": 2_170.0})).endswith("as it has now.")
    assert "instead of 650" in words.lead(ONE, scenario())


@pytest.mark.parametrize(
    ("lengths", "finding"),
    [
        ([300], "One document, and no spread yet"),
        ([300, 300], "The documents hold 300 tokens each"),
        ([100, 1_100], "The documents hold about 200 and 1,000 tokens"),
        ([100, 200, 300, 400, 500], "8 of 10 documents hold 140 to 460 tokens"),
    ],
)
def test_how_far_documents_differ(lengths, finding):
    assert words.lengths_finding(spread(lengths)) == finding


# Which tokenizer


OWN, ASSUMED, ESTIMATE = (Tokenizer("o200k_base", grade) for grade in ("own", "assumed", "estimate"))


@pytest.mark.parametrize(
    ("ref", "tokenizer", "encoding", "remark"),
    [
        ("openai/gpt-4o", OWN, "o200k_base", "Counted by o200k_base, the tokenizer of gpt-4o."),
        ("openai/gpt-4o", OWN, "cl100k_base", "Counted by cl100k_base; gpt-4o counts by o200k_base."),
        (
            "openai/gpt-6.1-sol",
            ASSUMED,
            "o200k_base",
            "Counted by o200k_base, as OpenAI's models since GPT-4o count; for gpt-6.1-sol itself it is not on record.",
        ),
        (
            "azure/llama-4 global",
            ESTIMATE,
            "o200k_base",
            "llama-4 global counts differently: this is an estimate by o200k_base.",
        ),
        (None, ESTIMATE, "o200k_base", "Counted by o200k_base; the scenario has no base model."),
    ],
)
def test_it_says_whose_tokenizer_counts(ref, tokenizer, encoding, remark):
    assert words.encoding_remark(ref, tokenizer, encoding) == remark


def test_an_estimate_without_a_vocabulary_says_so_before_all_else():
    said = words.encoding_remark("openai/gpt-4o", OWN, "o200k_base", "the vocabulary is damaged")

    assert said == "Every number here is an estimate of 4 characters per token: the vocabulary is damaged."


@pytest.mark.parametrize(
    ("there", "said"), [(1_080, "8% more"), (1_004, "the same"), (1_006, "0.6% more"), (900, "10% less")]
)
def test_it_says_by_how_much_the_embedding_model_counts_differently(there, said):
    remark = words.embedding_remark(
        "openai/text-embedding-3-small",
        Tokenizer("cl100k_base", "own"),
        "o200k_base",
        {"o200k_base": 1_000, "cl100k_base": there},
    )

    assert remark == f"text-embedding-3-small, which embeds, counts by cl100k_base: {said} on these documents."


def test_there_is_nothing_to_say_where_the_embedding_model_counts_alike():
    totals = {"o200k_base": 1_000.0, "cl100k_base": 1_080.0}

    assert words.embedding_remark("a/b", OWN, "o200k_base", totals) == ""
    assert words.embedding_remark("a/b", ESTIMATE, "o200k_base", totals) == "b, which embeds, counts differently too."
    assert "costs nothing" in words.embedding_remark(None, ESTIMATE, "o200k_base", totals)


# Figures and rows


def test_the_figures_of_a_sample():
    whole = Counts({"o200k_base": 26_040}, 19_800, 115_000)
    rows = words.figures(TWELVE, whole, "o200k_base", 56.4, CUT, Embedding(1, 0.0006), Embedding(1, 0.09), 2_000, MONEY)

    assert [(name, value) for name, value, _ in rows] == [
        ("Tokens per document", "2,140"),
        ("P10 to P90", "2,000 to 2,400"),
        ("Tokens in all", "26,040"),
        ("Words per token", "0.76"),
        ("Chunks", "56"),
        ("To embed these", "$0.00060"),
    ]
    assert [remark for _, _, remark in rows][3:] == [
        "4.4 characters per token",
        "of 512 tokens, 50 shared",
        "$0.090 for 2,000 documents",
    ]


def test_the_figures_of_one_document_know_no_spread():
    whole = Counts({"o200k_base": 2_140}, 1_630, 9_400)
    rows = words.figures(ONE, whole, "o200k_base", 4.63, CUT, NOTHING, NOTHING, 200, MONEY)

    assert [row[:2] for row in rows[:3]] == [("Tokens", "2,140"), ("Words", "1,630"), ("Characters", "9,400")]


def test_figures_without_a_token_or_a_price_are_no_error():
    rows = words.figures(spread([0]), Counts({"o200k_base": 0}, 0, 0), "o200k_base", 1, CUT, NOTHING, NOTHING, 0, MONEY)

    assert (rows[3][1], rows[5][1]) == ("0.00", "not known")


def test_documents_are_listed_the_longest_first():
    counts = [Counts({"o200k_base": tokens}, 5, 30) for tokens in (10, 924, 50)]
    rows = words.document_rows(["a", "b", "c"], counts, "o200k_base", CUT)

    assert rows["Document"] == ["b", "c", "a"]
    assert rows["Tokens"] == [924, 50, 10]
    assert rows["Chunks"] == [2.0, 1.0, 1.0]  # 924 / (512 - 50)
    assert rows["Words per token"] == [5 / 924, 0.1, 0.5]


def test_chunks():
    assert words.chunks_finding(84, TWELVE) == "Your 12 documents make 84 chunks, 7.0 each"
    assert words.chunks_finding(240, TWELVE) == "Your 12 documents make 240 chunks, 20 each"
    assert words.chunks_finding(1, ONE) == "Your document makes 1 chunk"
    assert words.no_border(300, CUT) == "This document is one chunk: 300 tokens are no more than 512."
    assert words.cut_refused(100, 100, CUT) == (
        "Overlap 100 must be less than the chunk size 100. You see 512 and 50 instead."
    )
    assert words.border_label(Border(1, "", "x", "", 50)) == "Chunk 1 ends, chunk 2 begins: both hold 50 tokens"
    assert words.border_label(Border(3, "", "", "", 0)) == "Chunk 3 ends, chunk 4 begins: they share nothing"


@pytest.mark.parametrize(
    ("instructions", "finding"),
    [
        (900, "A prompt holds 1,000 tokens, as in the scenario"),
        (700, "A prompt holds 800 tokens, 200 fewer than now"),
        (1_000, "A prompt holds 1,100 tokens, 100 more than now"),
    ],
)
def test_a_prompt_is_compared_with_that_of_the_scenario(instructions, finding):
    assert words.prompt_finding(Prompt(instructions, 50, 30, 20), Prompt(900, 50, 30, 20)) == finding


def test_the_parts_of_a_prompt_add_up():
    rows = words.prompt_rows(Prompt(14, 2_560, 7, 140), Prompt(800, 2_560, 70, 140), 5, 3, True)

    assert [row[:3] for row in rows] == [
        ("Instructions", "14", "800"),
        ("Context", "2,560", "2,560"),
        ("Question", "7", "70"),
        ("History", "140", "140"),
        ("Prompt", "2,721", "3,570"),
    ]
    assert rows[1][3] == "5 chunks of your documents"
    assert rows[2][3] == "the mean of 3 questions"


def test_before_documents_came_in_the_chunks_are_those_of_the_scenario():
    rows = words.prompt_rows(Prompt(14, 2_560, 7, 140), Prompt(800, 2_560, 70, 140), 1, 0, False)

    assert rows[1][3] == "1 chunk of the scenario's documents"
    assert rows[2][3] == "the scenario's, until you paste some"


def test_a_template_that_asks_for_nothing_says_so():
    rows = words.prompt_rows(Prompt(14, 0, 0, 140), Prompt(800, 2_560, 70, 140), 5, 0, False)

    assert [rows[1][3], rows[2][3]] == ["the template asks for none"] * 2


# Taking over


def test_what_would_change_is_said_as_now_and_then():
    lengths = spread([100, 200, 300, 400, 2_000])
    values = sample.values(scenario(), lengths, CUT, documents=True)

    assert words.take_rows(values, scenario()) == [
        ("Tokens per document", "650", "600"),
        ("Documents", "200", "5"),
        ("Its range", "none", "140 to 1,360"),
    ]


def test_numbers_are_in_use_once_they_are_in_the_scenario_and_not_before():
    values = sample.values(scenario(), spread([100, 200, 300]), CUT)
    with_them = changed(scenario(), values)

    assert not words.taken(values, scenario())
    assert words.taken(values, with_them)
    assert not words.taken(values, changed(with_them, {"uncertainty": {}}))
    assert words.take_rows(values, with_them)[-1] == ("Its range", "120 to 280", "120 to 280")


@pytest.mark.parametrize(
    ("path", "value", "taken", "label"),
    [
        ("workload.query_tokens", 23.4, False, "Use 23 tokens per question"),
        ("workload.query_tokens", 1.0, False, "Use 1 token per question"),
        ("workload.system_prompt_tokens", 42.0, False, "Use 42 tokens of instructions"),
        ("workload.system_prompt_tokens", 42.0, True, "42 tokens of instructions: in use"),
    ],
)
def test_a_button_says_what_it_takes_over(path, value, taken, label):
    assert words.use_label(path, value, taken) == label


# What comes in


def test_lines_of_dashes_divide_documents_and_other_dashes_do_not():
    assert words.separated("a\n---\nb --- c\n  ---  \n----\n") == ["a\n", "b --- c\n", "----\n"]


def test_the_limits_are_those_that_are_kept():
    assert words.limits() == (
        "Up to 20 MB a file, 60 MB and 200 files together, 1,000 pages a PDF, 60 seconds to read a file."
    )
    assert words.kinds().startswith("TXT, MD, CSV, JSON, HTML, PDF and DOCX. ")


def test_files_are_named_in_what_is_said_about_them():
    assert words.refused("a.pdf", "is empty") == "a.pdf is empty."
    assert words.noted("a.pdf", "2 of 8 pages hold no text") == (
        "a.pdf: 2 of 8 pages hold no text, and those count nothing."
    )
    assert words.counting("a.pdf", 2, 12) == "Counting a.pdf, 2 of 12"
    assert words.counting("a.pdf", 1, 1) == "Counting a.pdf"
    assert words.counted_line(0) == words.limits()
    assert words.counted_line(1) == f"1 document counted. {words.limits()}"
    assert [words.pasted_name(1, 1), words.pasted_name(2, 3)] == ["Pasted text", "Pasted text 2"]
