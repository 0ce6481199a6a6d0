"""The parts of the token lab: how long documents are, how they are cut, what a prompt holds, what to take over."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

import streamlit as st

from costmodel import sample
from costmodel.changes import ScenarioError, changed
from costmodel.results import Run, run_scenario
from costmodel.sample import Cut, Prompt, Spread
from costmodel.tokens import ENCODINGS, Counts, counter, tokenizer_of
from pages.ui import layout, state, token_lab_chunks
from pages.ui.frame import coloured
from pages.ui.token_lab_text import Document, take
from pricing.catalog import load_book
from pricing.price import PriceError
from report import text
from report import tokens_text as words

QUESTIONS, TEMPLATE = "token lab questions", "token lab template"
TOO, RANGED = "token lab documents", "token lab range"


def draw(run: Run) -> None:
    """The whole page below the eyebrow."""
    with st.container(key="token_lab"):
        head = st.container(key="token_lab_head")
        documents = take()
        encoding, cut, lengths = _encoding(run), token_lab_chunks.cut(run), None
        if documents:
            lengths = sample.spread([each.counts.tokens[encoding] for each in documents])
        with head:
            _hero(run, documents, encoding, cut, lengths)
        if lengths is not None:
            _lengths(run, documents, encoding, cut, lengths)
            _take_over(run, cut, lengths)
            token_lab_chunks.draw(run, documents, encoding, cut, lengths)
        _prompt(run, encoding, cut, lengths)


def _encoding_key(run: Run) -> str:
    return f"token lab encoding {run.scenario.rag.model}"  # another model starts with its own encoding


def _encoding(run: Run) -> str:
    """The encoding that counts: the base model's, or the one that was chosen."""
    chosen: str | None = st.session_state.get(_encoding_key(run))
    return chosen or tokenizer_of(run.scenario.rag.model).encoding


def _embedding(
    run: Run, documents: Sequence[Document], encoding: str, cut: Cut, lengths: Spread
) -> tuple[sample.Embedding, sample.Embedding]:
    """Embedding the sample, and the corpus of the scenario."""
    price = sample.embedding_price(run)
    tokens = [float(each.counts.tokens[encoding]) for each in documents]
    of_corpus = sample.embedding_of_corpus(run.scenario.corpus.documents, lengths.mean, cut, price)
    return sample.embedding_of_sample(tokens, cut, price), of_corpus


def _hero(run: Run, documents: Sequence[Document], encoding: str, cut: Cut, lengths: Spread | None) -> None:
    if lengths is None:
        layout.hero(words.EMPTY_HEADLINE, words.EMPTY_LEAD)
        return
    few, all_ = _embedding(run, documents, encoding, cut, lengths)
    headline = words.headline(lengths, run.scenario.corpus.documents, few, all_, text.money_of(run))
    layout.hero(headline, layout.plain_dollars(words.lead(lengths, run.scenario)))


# Lengths


def _lengths(run: Run, documents: Sequence[Document], encoding: str, cut: Cut, lengths: Spread) -> None:
    ref, embedder = run.scenario.rag.model, run.scenario.rag.embedding_model
    counts = [each.counts for each in documents]
    totals = {name: float(sum(each.tokens[name] for each in counts)) for name in ENCODINGS}
    remarks = [
        words.encoding_remark(ref, tokenizer_of(ref), encoding, counter(encoding).why_estimated),
        words.embedding_remark(embedder, tokenizer_of(embedder), encoding, totals),
    ]
    caption = layout.in_sentence(" ".join(each for each in remarks if each))
    with layout.section(words.lengths_finding(lengths), caption, key="lengths"):
        st.segmented_control(
            "Count by",
            ENCODINGS,
            default=encoding,
            required=True,
            key=_encoding_key(run),
            label_visibility="collapsed",
            help=words.ENCODING_HELP,
        )
    few, all_ = _embedding(run, documents, encoding, cut, lengths)
    chunks = float(cut.chunks([float(each.tokens[encoding]) for each in counts]).sum())
    whole = Counts({name: int(total) for name, total in totals.items()}, *_sums(counts))
    money, in_corpus = text.money_of(run), run.scenario.corpus.documents
    _figures(words.figures(lengths, whole, encoding, chunks, cut, few, all_, in_corpus, money))
    if len(documents) > 1:
        _table(documents, encoding, cut)


def _sums(counts: Sequence[Counts]) -> tuple[int, int]:
    return sum(each.words for each in counts), sum(each.characters for each in counts)


def _figures(rows: Sequence[tuple[str, str, str]]) -> None:
    inside = "".join(
        f"<div><dt>{escape(name)}</dt><dd><b>{escape(value)}</b><span>{escape(remark)}</span></dd></div>"
        for name, value, remark in rows
    )
    st.html(f'<dl class="figures">{inside}</dl>')


def _table(documents: Sequence[Document], encoding: str, cut: Cut) -> None:
    columns = words.document_rows(
        [each.source.name for each in documents], [each.counts for each in documents], encoding, cut
    )
    column = st.column_config
    st.dataframe(
        columns,
        hide_index=True,
        height="content" if len(documents) <= 8 else 318,
        key="token_lab_documents",
        column_config={
            "Document": column.TextColumn(width="medium", pinned=True),
            "Tokens": column.ProgressColumn(format="localized", min_value=0, max_value=max(columns["Tokens"]) or 1),
            "Chunks": column.NumberColumn(format="localized"),
            "Words": column.NumberColumn(format="localized"),
            "Characters": column.NumberColumn(format="localized"),
            "Words per token": column.NumberColumn(format="%.2f"),
        },
        alt="Documents, the longest first, with tokens, chunks, words and characters",
    )


# Taking the numbers over


def _take_over(run: Run, cut: Cut, lengths: Spread) -> None:
    enough = lengths.documents >= sample.FEWEST_FOR_A_RANGE
    with st.container(key="token_lab_take"):
        left, right = st.columns(2, gap="large")
        with left:
            st.markdown(f"**{words.TAKE}**")
            ranged = st.checkbox(
                words.RANGE_LABEL,
                value=enough,
                key=f"{RANGED} {enough}",
                disabled=not enough,
                help=words.RANGE_HELP if enough else words.NO_RANGE_HELP,
            )
            too = st.checkbox(words.documents_label(lengths.documents), key=TOO, help=words.DOCUMENTS_HELP)
            values = sample.values(run.scenario, lengths, cut, documents=too, ranged=ranged)
            taken = words.taken(values, run.scenario)
            label = "In use" if taken else "Use these numbers"
            st.button(label, key="use tokens", type="primary", disabled=taken, on_click=_put, args=(values,))
        with right:
            _now_and_then(words.take_rows(values, run.scenario))
            said = _effect(run, values, taken)
            if said:
                st.markdown(layout.plain_dollars(coloured(said)))


def _put(values: Mapping[str, Any]) -> None:
    """One step that undo takes back as a whole; the sidebar shows the new values."""
    if state.accepted(values):
        state.remount()


def _now_and_then(rows: Sequence[tuple[str, str, str]]) -> None:
    _rows(("Now", "Then"), rows)


def _rows(head: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    columns = '<th scope="col"><span class="spoken">What</span></th>'
    columns += "".join(f'<th scope="col">{escape(cell)}</th>' for cell in head)
    body = "".join(
        f'<tr><th scope="row">{escape(row[0])}</th>' + "".join(f"<td>{escape(cell)}</td>" for cell in row[1:]) + "</tr>"
        for row in rows
    )
    st.html(f'<table class="small">\n<thead><tr>{columns}</tr></thead><tbody>{body}</tbody></table>')


def _effect(run: Run, values: Mapping[str, Any], taken: bool) -> str:
    """The verdict with the numbers, with marks for names; empty where the scenario cannot have them."""
    present = state.switch("value") == "present"
    if taken:
        return words.effect(text.verdict(run, present).headline, taken)
    try:
        candidate = run_scenario(changed(run.scenario, values), load_book())
    except (ScenarioError, PriceError):
        return ""
    return words.effect(text.verdict(candidate, present).headline, taken)


# A prompt


def _prompt(run: Run, encoding: str, cut: Cut, lengths: Spread | None) -> None:
    theirs, top_k, count = sample.prompt_of(run.scenario), run.scenario.rag.top_k, counter(encoding).count
    head = st.container()
    left, right = st.columns(2, gap="large")
    with left:
        template = st.text_area(
            "Prompt template",
            words.TEMPLATE,
            key=TEMPLATE,
            height=172,
            max_chars=words.MAX_TEMPLATE,
            help=words.TEMPLATE_HELP,
        )
        pasted = st.text_area(
            "Sample questions",
            key=QUESTIONS,
            height=128,
            max_chars=words.MAX_QUESTIONS,
            placeholder="One on each line",
        )
    questions = [count(line) for line in pasted.splitlines() if line.strip()]
    asked = sum(questions) / len(questions) if questions else theirs.question
    parts, contexts, asks = sample.template_parts(template)
    length = run.scenario.corpus.tokens_per_document if lengths is None else lengths.mean
    yours = Prompt(sum(map(count, parts)), contexts * top_k * min(length, cut.chunk), asks * asked, theirs.history)
    with head:
        layout.heading(words.prompt_finding(yours, theirs), words.PROMPT_CAPTION, key="prompt")
    with right:
        _rows(
            ("Your text", "Scenario", "From"),
            words.prompt_rows(yours, theirs, top_k, len(questions), lengths is not None),
        )
        st.caption(words.questions_remark(len(questions), asked))
        with st.container(key="token_lab_use", horizontal=True):
            if questions:
                _use("workload.query_tokens", round(asked, 1), run, "use questions")
            if template.strip() != words.TEMPLATE:
                _use("workload.system_prompt_tokens", float(yours.instructions), run, "use template")


def _use(path: str, value: float, run: Run, key: str) -> None:
    """A button that puts one number into the scenario."""
    taken = words.taken({path: value}, run.scenario)
    st.button(words.use_label(path, value, taken), key=key, disabled=taken, on_click=_put, args=({path: value},))
