"""The token lab: text comes in, numbers come out, and nothing else leaves."""

from __future__ import annotations

import logging
from datetime import date

import pytest

from costmodel import files, sample, tokens
from costmodel.presets import PRESETS
from costmodel.tokens import count_tokens
from pages.ui import token_lab_text
from pricing.catalog import load_book
from report import tokens_text as words
from tests.costmodel.made_files import RETURNS, locked_pdf, paragraphs

PAGE = "pages/token_lab.py"
SENTENCE = "A refund goes to the card that paid and takes three working days. "
SHORT, LONG = SENTENCE * 20, SENTENCE * 120
MARK = "Zyxwvut"


@pytest.fixture
def lab(opened):
    """The page, and ways to put text into it."""
    return Lab(opened(PAGE))


class Lab:
    def __init__(self, screen):
        self.screen, self.at = screen, screen.at

    @property
    def uploader(self):
        return next(each for each in self.at.file_uploader if each.label == "Documents")

    def drop(self, *documents):
        """Drop files: (name, content)."""
        self.uploader.set_value([(name, content, "text/plain") for name, content in documents])
        self.screen.rerun()

    def write(self, label, text):
        next(each for each in self.at.text_area if each.label == label).set_value(text)
        self.screen.rerun()

    def paste(self, text):
        self.write("Or paste text", text)

    def press(self, key):
        next(each for each in self.at.button if each.key == key).click()
        self.screen.rerun()

    def tick(self, key, ticked=True):
        next(each for each in self.at.checkbox if each.key.startswith(key)).set_value(ticked)
        self.screen.rerun()

    def has(self, key):
        return any(each.key == key for each in self.at.button)

    def figures(self):
        """The figures by what they are called."""
        body = next(body for body in self.screen.bodies if 'class="figures"' in body)
        names = body.split("<dt>")[1:]
        return {each.split("</dt>")[0]: each.split("<b>")[1].split("</b>")[0] for each in names}

    def finding(self, beginning):
        return any(each.startswith(beginning) for each in self.screen.findings)

    @property
    def corpus(self):
        return self.screen.scenario.corpus


def test_an_empty_page_says_what_to_do_what_the_limits_are_and_where_the_text_stays(lab):
    said = [each.value for each in lab.at.caption]
    lab.screen.check()

    assert lab.screen.headline == words.EMPTY_HEADLINE
    assert words.limits() in said
    assert words.PRIVACY in said
    assert not lab.has("use tokens")


def test_files_of_several_kinds_are_counted(lab):
    lab.drop(("returns.pdf", RETURNS.read_bytes()), ("a.docx", paragraphs(SHORT)), ("b.html", f"<p>{LONG}".encode()))
    lab.screen.check()
    table = lab.at.dataframe[0].value

    assert lab.screen.headline.startswith("Your 3 documents hold ")
    assert list(table["Document"]) == ["b.html", "returns.pdf", "a.docx"]
    assert table["Tokens"][2] == count_tokens(SHORT)
    assert lab.figures()["Tokens in all"] == f"{sum(table['Tokens']):,}"


def test_pasted_text_is_counted(lab):
    lab.paste(LONG)
    lengths = sample.spread([count_tokens(LONG)])

    assert lab.screen.headline.startswith(f"Your document holds {count_tokens(LONG):,} tokens; 200 documents like it")
    assert lab.screen.lead == words.lead(lengths, lab.screen.scenario)
    assert lab.figures()["Tokens"] == f"{count_tokens(LONG):,}"


def test_pasted_text_can_hold_several_documents(lab):
    lab.paste(f"{SHORT}\n---\n{LONG}\n---\n\n")
    assert lab.finding("One document")
    lab.tick("token lab separated")

    assert lab.screen.headline.startswith("Your 2 documents hold ")


def test_what_is_refused_is_said_by_name_and_the_others_are_counted(lab):
    lab.drop(("good.txt", SHORT.encode()), ("empty.txt", b""), ("locked.pdf", locked_pdf("x")), ("junk.md", b"\0\1\2"))
    lab.screen.check()
    said = next(each.value for each in lab.at.markdown if "Not counted" in each.value).replace("\\", "")

    assert "empty.txt is empty." in said
    assert "locked.pdf is locked with a password; save a copy without one." in said
    assert "junk.md is not text, whatever its name says." in said
    assert lab.screen.headline.startswith(f"Your document holds {count_tokens(SHORT)} tokens")


def test_the_name_of_a_file_is_no_markup(lab):
    lab.drop(("**b** :red[x] $y$ <i>.txt", b""))
    said = next(each.value for each in lab.at.markdown if "Not counted" in each.value)

    assert r"\*\*b\*\*" in said
    assert r"\<i\>" in said
    assert r"\$y\$" in said


def test_a_file_that_is_taken_away_is_forgotten(lab):
    lab.drop(("a.txt", SHORT.encode()))
    assert len(lab.at.session_state["kept token lab"]) == 1
    lab.uploader.clear()
    lab.screen.rerun()

    assert lab.at.session_state["kept token lab"] == {}
    assert lab.screen.headline == words.EMPTY_HEADLINE


def test_nothing_is_counted_twice(lab, monkeypatch):
    lab.drop(("a.txt", SHORT.encode()))
    monkeypatch.setattr(token_lab_text, "_count", lambda *_: pytest.fail("counted again"))
    lab.screen.pull("workload.queries_per_month", 50_000)
    lab.screen.check()

    assert lab.screen.headline.startswith("Your document holds")


# Taking the numbers over


def three(lab):
    lab.drop(*((f"{number}.txt", (SENTENCE * number).encode()) for number in (40, 60, 200)))
    return sample.spread([count_tokens(SENTENCE * number) for number in (40, 60, 200)])


def test_mean_and_range_go_into_the_scenario_as_one_step(lab):
    lengths = three(lab)
    before = lab.screen.scenario
    lab.press("use tokens")
    lab.screen.check()
    ranged = lab.screen.scenario.uncertainty["corpus.tokens_per_document"]

    assert lab.corpus.tokens_per_document == round(lengths.mean, 1)
    assert (ranged.low, ranged.likely, ranged.high) == (
        round(lengths.p10, 1),
        round(lengths.median, 1),
        round(lengths.p90, 1),
    )
    assert lab.corpus.documents == before.corpus.documents
    lab.press("undo")

    assert lab.screen.scenario == before


def test_numbers_that_are_in_use_cannot_be_taken_again(lab):
    three(lab)
    lab.press("use tokens")
    button = next(each for each in lab.at.button if each.key == "use tokens")

    assert (button.label, button.disabled) == ("In use", True)
    assert "The scenario has these numbers." in lab.screen.words


def test_the_number_of_documents_goes_along_on_request(lab):
    three(lab)
    lab.tick("token lab documents")
    lab.press("use tokens")

    assert lab.corpus.documents == 3


def test_the_range_stays_out_on_request(lab):
    three(lab)
    lab.tick("token lab range", False)
    lab.press("use tokens")

    assert lab.screen.scenario.uncertainty == {}


def test_two_documents_make_no_range(lab):
    lab.drop(("a.txt", SHORT.encode()), ("b.txt", LONG.encode()))
    choice = next(each for each in lab.at.checkbox if each.key.startswith("token lab range"))
    lab.press("use tokens")

    assert choice.disabled
    assert lab.screen.scenario.uncertainty == {}


def test_what_the_numbers_would_do_to_the_answer_is_said_before(lab):
    lab.paste(LONG)

    assert "With these numbers: " in lab.screen.words


def test_a_scenario_without_a_corpus_takes_the_numbers_too(opened, link_to):
    bare = PRESETS["published-low"].scenario.model_copy(update={"finance": PRESETS["support-bot"].scenario.finance})
    from costmodel import link
    from costmodel.changes import resolved

    lab = Lab(opened(PAGE, link.encoded(resolved(bare, date.today()))))
    lab.paste(LONG)
    lab.press("use tokens")
    lab.screen.check()

    assert lab.corpus.tokens_per_document == count_tokens(LONG)
    assert (lab.corpus.chunk_tokens, lab.corpus.chunk_overlap_tokens) == (512, 50)
    assert lab.screen.notice == ""


# Tokenizers


def test_the_other_encoding_counts_when_it_is_chosen(lab):
    japanese = "お誕生日おめでとう。" * 50
    lab.paste(japanese)
    assert lab.figures()["Tokens"] == str(count_tokens(japanese, "o200k_base"))
    switch = next(each for each in lab.at.get("button_group") if (each.key or "").startswith("token lab encoding"))
    switch.set_value("cl100k_base")
    lab.screen.rerun()

    assert lab.figures()["Tokens"] == str(count_tokens(japanese, "cl100k_base"))
    assert "Counted by cl100k_base" in lab.screen.words


def test_a_model_of_another_maker_makes_it_an_estimate(opened, link_to):
    model = next(ref for ref in load_book().refs("input", "output") if ref.startswith("anthropic/"))
    lab = Lab(opened(PAGE, link_to({"rag.model": model})))
    lab.paste(LONG)

    assert "counts differently: this is an estimate by o200k" in lab.screen.words


def test_without_vocabularies_the_page_estimates_and_says_so(lab, monkeypatch):
    monkeypatch.setattr(tokens, "_loaded", {})
    monkeypatch.setattr(tokens, "_packed", lambda _: b"damaged")
    lab.paste("x" * 4_000)
    lab.screen.check()

    assert lab.figures()["Tokens"] == "1,000"
    assert "Every number here is an estimate of 4 characters per token" in lab.screen.words


# Chunks


def number(lab, beginning):
    return next(each for each in lab.at.number_input if each.key.startswith(beginning))


def test_other_sizes_make_other_chunks_and_go_into_the_scenario(lab):
    lab.paste(LONG)
    number(lab, "token lab chunk").set_value(200)
    lab.screen.rerun()
    length = count_tokens(LONG)

    assert lab.figures()["Chunks"] == f"{length / 150:.0f}"
    assert (lab.corpus.chunk_tokens, lab.corpus.chunk_overlap_tokens) == (512, 50)
    lab.press("use sizes")

    assert (lab.corpus.chunk_tokens, lab.corpus.chunk_overlap_tokens) == (200, 50)
    assert lab.figures()["Chunks"] == f"{length / 150:.0f}"


def test_an_overlap_of_a_whole_chunk_is_refused_and_the_scenario_s_sizes_are_shown(lab):
    lab.paste(LONG)
    before = lab.figures()["Chunks"]
    number(lab, "token lab overlap").set_value(512)
    lab.screen.rerun()
    lab.screen.check()

    assert lab.figures()["Chunks"] == before
    assert "Overlap 512 must be less than the chunk size 512. You see 512 and 50 instead." in lab.screen.words


def borders(lab):
    return next((body for body in lab.screen.bodies if 'class="borders"' in body), "")


def test_the_borders_of_the_first_chunks_are_shown_and_what_they_share_is_named(lab):
    numbered = " ".join(f"word{at}" for at in range(2_000))
    lab.paste(numbered)

    assert borders(lab).count("<li") == 3
    assert borders(lab).count("In both: 50 tokens") == 3
    assert "Chunk 1 ends, chunk 2 begins: both hold 50 tokens" in borders(lab)


def test_the_text_of_a_preview_is_no_markup(lab):
    lab.paste("<img src=x onerror=alert(1)> " * 200)

    assert "&lt;img src=x" in borders(lab)
    assert "<img" not in borders(lab)


def test_a_short_document_is_one_chunk(lab):
    lab.paste("Short.")

    assert borders(lab) == ""
    assert any("This document is one chunk" in each.value for each in lab.at.caption)


def test_the_borders_of_any_document_can_be_looked_at(lab):
    lab.drop(("a.txt", b"alpha beta " * 600), ("b.docx", paragraphs("gamma delta " * 600)))
    assert "alpha" in borders(lab)
    assert "gamma" not in borders(lab)
    choice = next(each for each in lab.at.selectbox if each.key == "token lab shown")
    choice.set_value(next(key for key, name in zip(choice_keys(lab), choice.options, strict=True) if name == "b.docx"))
    lab.screen.rerun()

    assert "gamma" in borders(lab)


def choice_keys(lab):
    return list(lab.at.session_state["kept token lab"])


# Prompts and questions


def test_questions_become_the_tokens_of_a_query(lab):
    lab.write("Sample questions", "How long does a refund take?\n\nWhere is my parcel?\n")
    mean = (count_tokens("How long does a refund take?") + count_tokens("Where is my parcel?")) / 2
    lab.press("use questions")
    lab.screen.check()

    assert lab.screen.scenario.workload.query_tokens == round(mean, 1)
    assert lab.screen.scenario.corpus == lab.corpus


def test_there_is_nothing_to_take_over_before_questions_or_a_template_are_there(lab):
    assert not lab.has("use questions")
    assert not lab.has("use template")


def test_a_template_is_measured_without_its_placeholders(lab):
    lab.write("Prompt template", "Be brief and kind.\n{context}\n{question}")
    parts = ["Be brief and kind.\n", "\n", ""]
    lab.press("use template")

    assert lab.screen.scenario.workload.system_prompt_tokens == sum(map(count_tokens, parts))


def test_the_prompt_is_compared_with_that_of_the_scenario(lab):
    theirs = sample.prompt_of(lab.screen.scenario)
    parts, _, _ = sample.template_parts(words.TEMPLATE)
    total = sum(map(count_tokens, parts)) + theirs.context + theirs.question + theirs.history

    assert lab.finding(f"A prompt holds {total:,.0f} tokens, {theirs.total - total:,.0f} fewer than now")


# The scenario in the address, and the text nowhere


def test_the_address_keeps_the_scenario(opened, link_to):
    word = link_to({"corpus.documents": 77.0})
    screen = opened(PAGE, word)
    screen.check()

    assert screen.scenario.corpus.documents == 77
    assert screen.address == f"s={word}"


def test_the_text_goes_nowhere_but_into_its_widgets(lab, caplog):
    caplog.set_level(logging.DEBUG)
    secret = f"{MARK} refunds a parcel. " * 300
    lab.drop(*((f"{name}.txt", secret.encode()) for name in "abc"), ("d.docx", paragraphs(secret)))
    lab.paste(secret)
    lab.write("Sample questions", f"Where is {MARK}?")
    lab.write("Prompt template", f"You are {MARK}. {{context}} {{question}}")
    for key in ("use tokens", "use questions", "use template"):
        lab.press(key)
    lab.screen.check()
    widgets = {each.key for each in lab.at.text_area}
    state = lab.at._session_state.filtered_state
    elsewhere = {key: value for key, value in state.items() if key not in widgets}

    assert MARK in borders(lab)  # it is there to be found
    assert [key for key, value in elsewhere.items() if MARK in repr(value)] == []
    assert MARK not in files.written(lab.screen.scenario, load_book())
    assert MARK not in lab.screen.address
    assert MARK not in caplog.text


def test_leaving_the_page_forgets_the_pasted_text(lab):
    lab.paste(f"{MARK} " * 50)
    lab.screen.go_to("app.py")

    assert MARK not in repr(lab.at._session_state.filtered_state)
    lab.screen.go_to(PAGE)

    assert lab.screen.headline == words.EMPTY_HEADLINE
