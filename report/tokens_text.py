"""Sentences of the token lab: how long the documents are, how they are cut, what embedding and a prompt take."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from costmodel import documents as files
from costmodel.chunks import Border
from costmodel.extract import MAX_PAGES
from costmodel.sample import (
    CONTEXT,
    FEWEST_FOR_A_RANGE,
    QUESTION,
    TOKENS_PER_DOCUMENT,
    Cut,
    Embedding,
    Prompt,
    Spread,
)
from costmodel.scenario import FIELDS, Scenario
from costmodel.tokens import CHARACTERS_PER_TOKEN, Counts, Tokenizer
from report.numbers import Money, count, listed, percent

EMPTY_HEADLINE = "How many tokens do your documents hold?"
EMPTY_LEAD = (
    "Drop a few typical documents, or paste their text. You see tokens, chunks and what embedding costs, and can put "
    "the numbers into the scenario."
)
PRIVACY = (
    "Your text goes with this tab: it enters no link, no file, no export and no log. Only the numbers that you take "
    "over go into the scenario."
)
TEMPLATE = f"Answer the question from the context alone.\n\nContext:\n{CONTEXT}\n\nQuestion: {QUESTION}"
SEPARATOR = "---"
MAX_PASTED = 1_000_000
MAX_QUESTIONS = 100_000
MAX_TEMPLATE = 100_000


def tokens(number: float) -> str:
    """A number of tokens: 2,140 in full, from 100,000 short."""
    return f"{number:,.0f}" if number < 99_999.5 else count(number)


def per(number: float) -> str:
    """A small ratio: 0.76, 4.4."""
    return f"{number:.2f}" if number < 0.995 else f"{number:.1f}"


def many(number: float, word: str) -> str:
    """A number with its noun: 1 document, 12 documents."""
    return f"{tokens(number)} {word}{'' if round(number) == 1 else 's'}"


def limits() -> str:
    """How much can be dropped."""
    return (
        f"Up to {files.MAX_FILE_MB} MB a file, {files.MAX_TOTAL_MB} MB and {files.MAX_FILES} files together, "
        f"{MAX_PAGES:,} pages a PDF, {files.MAX_SECONDS} seconds to read a file."
    )


def kinds() -> str:
    """What can be dropped, and what of it counts."""
    names = listed([kind.upper() for kind in files.KINDS if kind != "htm"])
    return (
        f"{names}. CSV, JSON and Markdown count as they stand; HTML and Word by the text that is seen, without "
        f"headers, footers and pictures. {limits()}"
    )


def refused(name: str, why: str) -> str:
    """Which file is not counted, and why."""
    return f"{name} {why}."


def noted(name: str, what: str) -> str:
    """What is to be known about a file that was counted."""
    return f"{name}: {what}, and those count nothing."


def counting(name: str, number: int, of: int) -> str:
    """Which document is being counted."""
    return f"Counting {name}" if of == 1 else f"Counting {name}, {number} of {of}"


# The answer


def headline(lengths: Spread, corpus_documents: float, sample: Embedding, corpus: Embedding, money: Money) -> str:
    """The length of a document, and what it makes of the corpus of the scenario (of the sample where it has none)."""
    one = lengths.documents == 1
    if one:
        first = f"Your document holds {tokens(lengths.mean)} tokens"
    else:
        many_ = many(lengths.documents, "document")
        first = f"Your {many_} hold {tokens(lengths.median)} tokens each at the median"
    if corpus_documents > 0:
        total = tokens(corpus_documents * lengths.mean)
        subject = f"{many(corpus_documents, 'document')} like it" if one else "the corpus"
        return f"{first}; {subject} would be {total} tokens{_and_cost(corpus, money)}"
    if one:
        return f"{first}{_and_costs(sample, money)}"
    return f"{first}, {tokens(lengths.total)} together{_and_costs(sample, money)}"


def _and_cost(embedding: Embedding, money: Money) -> str:
    return "" if embedding.usd is None else f" and cost {money(embedding.usd)} to embed"


def _and_costs(embedding: Embedding, money: Money) -> str:
    return "" if embedding.usd is None else f", which cost {money(embedding.usd)} to embed"


def lead(lengths: Spread, scenario: Scenario) -> str:
    """Which length the scenario takes, and which it has."""
    now = scenario.corpus.tokens_per_document
    instead = "as it has now" if abs(now - lengths.mean) < 0.5 else f"instead of {tokens(now)}"
    if lengths.documents == 1:
        return f"The scenario would take that as the average length, {instead}. More documents make a better average."
    number = scenario.corpus.documents
    of = (
        f"{many(number, 'document')} of {tokens(lengths.mean)} tokens"
        if number > 0
        else f"{tokens(lengths.mean)} tokens"
    )
    return f"The scenario takes the mean, since every total grows with it: {of}, {instead}."


def item(ref: str | None) -> str:
    """The name of a model without its provider."""
    return "" if ref is None else ref.partition("/")[2]


def encoding_remark(ref: str | None, tokenizer: Tokenizer, encoding: str, why_estimated: str = "") -> str:
    """Which tokenizer counts, and whether it is that of the model that `ref` names."""
    if why_estimated:
        return f"Every number here is an estimate of {CHARACTERS_PER_TOKEN} characters per token: {why_estimated}."
    if ref is None:
        return f"Counted by {encoding}; the scenario has no base model."
    model = item(ref)
    if tokenizer.grade == "estimate":
        return f"{model} counts differently: this is an estimate by {encoding}."
    if encoding != tokenizer.encoding:
        return f"Counted by {encoding}; {model} counts by {tokenizer.encoding}."
    if tokenizer.grade == "assumed":
        return f"Counted by {encoding}, as OpenAI's models since GPT-4o count; for {model} itself it is not on record."
    return f"Counted by {encoding}, the tokenizer of {model}."


def embedding_remark(ref: str | None, tokenizer: Tokenizer, encoding: str, totals: Mapping[str, float]) -> str:
    """By how much the embedding model counts these documents longer or shorter; empty where it does not."""
    if ref is None:
        return "The scenario has no embedding model, so embedding costs nothing in it."
    model = item(ref)
    if tokenizer.grade == "estimate":
        return f"{model}, which embeds, counts differently too."
    here, there = totals[encoding], totals[tokenizer.encoding]
    if tokenizer.encoding == encoding or here == 0:
        return ""
    share = there / here - 1
    more = "the same" if abs(share) < 0.005 else f"{percent(abs(share))} {'more' if share > 0 else 'less'}"
    return f"{model}, which embeds, counts by {tokenizer.encoding}: {more} on these documents."


def lengths_finding(lengths: Spread) -> str:
    """How far documents differ."""
    if lengths.documents == 1:
        return "One document, and no spread yet"
    low, high = tokens(lengths.p10), tokens(lengths.p90)
    if low == high:
        return f"The documents hold {low} tokens each"
    if lengths.documents < FEWEST_FOR_A_RANGE:
        return f"The documents hold about {low} and {high} tokens"
    return f"8 of 10 documents hold {low} to {high} tokens"


def figures(
    lengths: Spread,
    whole: Counts,
    encoding: str,
    chunks: float,
    cut: Cut,
    sample: Embedding,
    corpus: Embedding,
    corpus_documents: float,
    money: Money,
) -> list[tuple[str, str, str]]:
    """The numbers of the sample: what, how much, and a remark."""
    held = whole.tokens[encoding]
    spread = f"{tokens(lengths.p10)} to {tokens(lengths.p90)}"
    words = whole.words / held if held else 0.0
    characters = whole.characters / held if held else 0.0
    embedding = "not known" if sample.usd is None else money(sample.usd)
    rest = (
        "no embedding price" if corpus.usd is None else f"{money(corpus.usd)} for {many(corpus_documents, 'document')}"
    )
    if lengths.documents == 1:
        length = [
            ("Tokens", tokens(held), "in your document"),
            ("Words", tokens(whole.words), "between blanks"),
            ("Characters", tokens(whole.characters), "blanks included"),
        ]
    else:
        length = [
            ("Tokens per document", tokens(lengths.median), f"median; mean {tokens(lengths.mean)}"),
            ("P10 to P90", spread, "tokens; 8 of 10 documents lie between"),
            ("Tokens in all", tokens(held), f"in {many(lengths.documents, 'document')}"),
        ]
    return [
        *length,
        ("Words per token", per(words), f"{per(characters)} characters per token"),
        ("Chunks", tokens(chunks), f"of {tokens(cut.chunk)} tokens, {tokens(cut.overlap)} shared"),
        ("To embed these", embedding, rest if corpus_documents > 0 else "all of them, once"),
    ]


# Chunks


def chunks_finding(chunks: float, lengths: Spread) -> str:
    """How many chunks the documents make."""
    made = many(chunks, "chunk")
    if lengths.documents == 1:
        return f"Your document makes {made}"
    each = chunks / lengths.documents
    return f"Your {many(lengths.documents, 'document')} make {made}, {tokens(each) if each >= 9.95 else per(each)} each"


CHUNKS_CAPTION = (
    "As the model counts them: tokens / (chunk − overlap), not rounded; a document no longer than a chunk is one chunk"
)


def cut_refused(chunk: float, overlap: float, kept: Cut) -> str:
    """An overlap that leaves nothing of a chunk."""
    return (
        f"Overlap {tokens(overlap)} must be less than the chunk size {tokens(chunk)}. "
        f"You see {tokens(kept.chunk)} and {tokens(kept.overlap)} instead."
    )


def border_label(border: Border) -> str:
    """Which two chunks meet, and how much they share."""
    shares = f"both hold {many(border.shared_tokens, 'token')}" if border.shared_tokens else "they share nothing"
    return f"Chunk {border.number} ends, chunk {border.number + 1} begins: {shares}"


def no_border(length: float, cut: Cut) -> str:
    """A document that is one chunk."""
    return f"This document is one chunk: {tokens(length)} tokens are no more than {tokens(cut.chunk)}."


# A prompt


def prompt_finding(yours: Prompt, theirs: Prompt) -> str:
    """How long a prompt is, against the scenario's."""
    gap = yours.total - theirs.total
    if abs(gap) < 0.5:
        return f"A prompt holds {tokens(yours.total)} tokens, as in the scenario"
    return f"A prompt holds {tokens(yours.total)} tokens, {tokens(abs(gap))} {'more' if gap > 0 else 'fewer'} than now"


def prompt_rows(
    yours: Prompt, theirs: Prompt, top_k: int, questions: int, measured: bool
) -> list[tuple[str, str, str, str]]:
    """The parts of a prompt: what, with your text, in the scenario, where it comes from.

    `measured`: the chunks are those of documents that came in, not of the scenario's length.
    """
    asked = f"the mean of {many(questions, 'question')}" if questions else "the scenario's, until you paste some"
    of = "your documents" if measured else "the scenario's documents"
    chunks = f"{many(top_k, 'chunk')} of {of}" if yours.context else "the template asks for none"
    rows = (
        ("Instructions", "instructions", "the template's own words"),
        ("Context", "context", chunks),
        ("Question", "question", asked if yours.question or not theirs.question else "the template asks for none"),
        ("History", "history", "the scenario's"),
        ("Prompt", "total", "what one call of RAG sends"),
    )
    return [(name, tokens(getattr(yours, part)), tokens(getattr(theirs, part)), source) for name, part, source in rows]


def questions_remark(questions: int, mean: float) -> str:
    """How long the pasted questions are."""
    if not questions:
        return "Paste questions as your users ask them, one on each line."
    return f"{many(questions, 'question')}, {tokens(mean)} tokens each on average."


# Taking the numbers over


def take_rows(values: Mapping[str, Any], scenario: Scenario) -> list[tuple[str, str, str]]:
    """What the numbers would change: field, now, then."""
    rows = []
    for path, value in values.items():
        if path == "uncertainty":
            now, then = scenario.uncertainty.get(TOKENS_PER_DOCUMENT), value[TOKENS_PER_DOCUMENT]
            was = "none" if now is None else f"{tokens(now.low)} to {tokens(now.high)}"
            rows.append(("Its range", was, f"{tokens(then['low'])} to {tokens(then['high'])}"))
        else:
            group, name = path.split(".")
            rows.append((FIELDS[path].label, tokens(getattr(getattr(scenario, group), name)), tokens(value)))
    return rows


def taken(values: Mapping[str, Any], scenario: Scenario) -> bool:
    """Whether the scenario has these numbers already."""
    for path, value in values.items():
        if path == "uncertainty":
            now = {name: each.model_dump() for name, each in scenario.uncertainty.items()}
            if now.get(TOKENS_PER_DOCUMENT) != value[TOKENS_PER_DOCUMENT]:
                return False
        else:
            group, name = path.split(".")
            if getattr(getattr(scenario, group), name) != value:
                return False
    return True


RANGE_HELP = (
    "P10, P50 and P90 of your documents as low, likely and high. Single documents differ more than their mean does, so "
    "the range is on the wide side."
)
NO_RANGE_HELP = f"A range wants at least {FEWEST_FOR_A_RANGE} documents."


def effect(headline_: str, applied: bool) -> str:
    """What the numbers do to the answer; `headline_` is the verdict, with marks for names."""
    return f"{'The scenario has these numbers.' if applied else 'With these numbers:'} {headline_}."


def document_rows(names: Sequence[str], counts: Sequence[Counts], encoding: str, cut: Cut) -> dict[str, list[Any]]:
    """Columns of the table of documents, the longest first."""
    order = sorted(range(len(names)), key=lambda index: -counts[index].tokens[encoding])
    chosen = [counts[index] for index in order]
    lengths = [each.tokens[encoding] for each in chosen]
    return {
        "Document": [names[index] for index in order],
        "Tokens": lengths,
        "Chunks": [round(float(each), 1) for each in cut.chunks([float(length) for length in lengths])],
        "Words": [each.words for each in chosen],
        "Characters": [each.characters for each in chosen],
        "Words per token": [each.words / (each.tokens[encoding] or 1) for each in chosen],
    }


# What comes in


def separated(text: str) -> list[str]:
    """The documents of a pasted text that lines of SEPARATOR divide."""
    parts = [""]
    for line in text.splitlines(keepends=True):
        if line.strip() == SEPARATOR:
            parts.append("")
        else:
            parts[-1] += line
    return parts


def pasted_name(number: int, of: int) -> str:
    """What a pasted document is called."""
    return "Pasted text" if of == 1 else f"Pasted text {number}"


def counted_line(documents: int) -> str:
    """How many documents are counted, and what can be dropped."""
    return f"{many(documents, 'document')} counted. {limits()}" if documents else limits()


# Words on the widgets

TAKE = "Put them into the scenario"
ENCODING_HELP = "o200k_base: OpenAI's models since GPT-4o. cl100k_base: GPT-4, GPT-3.5 and the text-embedding models."
RANGE_LABEL = "Their spread as the range of the length"
DOCUMENTS_HELP = "When these are all the documents there are."
TEMPLATE_HELP = f"{CONTEXT} stands for the retrieved chunks, {QUESTION} for what the user asks."
PROMPT_CAPTION = "Your template with retrieved chunks and a question, beside the prompt that the scenario has RAG send"


def documents_label(documents: int) -> str:
    """The choice to take the number of documents too."""
    return f"Their number: {many(documents, 'document')}"


def use_label(path: str, value: float, taken: bool) -> str:
    """A button that puts one number into the scenario."""
    what = {"workload.query_tokens": "per question", "workload.system_prompt_tokens": "of instructions"}[path]
    return f"{many(value, 'token')} {what}: in use" if taken else f"Use {many(value, 'token')} {what}"
