"""The fields of the sidebar: marks, resets, levers of one's own, volume and length as people count them, forecasts."""

import re

import pytest

from costmodel.presets import DEFAULT_PRESET, PRESETS
from costmodel.scenario import FIELDS
from pages.ui import view
from pages.ui.groups import GROUPS

QUERY_TOKENS = "workload.query_tokens"


def test_the_groups_hold_every_field_once():
    shown = [path for group in GROUPS for path in group.paths]
    elsewhere = {*view.LEVERS, "hybrid.kind", "finance.discount_share"}
    asked = {path for path in FIELDS if path.startswith("requirements.")}

    assert sorted(shown) == sorted(set(FIELDS) - elsewhere - asked)


def test_a_changed_field_says_what_it_was_and_is_put_back_alone(opened):
    screen = opened()
    screen.open_groups("Workload")
    before = _marks(screen)
    screen.put("number_input", f"field {QUERY_TOKENS}", 90.0)
    screen.put("number_input", "field workload.output_tokens", 300.0)
    changed = _marks(screen)
    screen.put("menu_button", f"menu {QUERY_TOKENS}", "reset")
    screen.check()

    assert "was 70" not in before
    assert {"was 70", "was 215"} <= changed
    assert screen.scenario.workload.query_tokens == 70
    assert screen.scenario.workload.output_tokens == 300
    assert screen.widget("number_input", f"field {QUERY_TOKENS}").value == 70


def test_a_reset_is_a_step_of_its_own_that_can_be_undone(opened):
    screen = opened()
    screen.open_groups("Workload")
    screen.put("number_input", f"field {QUERY_TOKENS}", 90.0)
    screen.put("menu_button", f"menu {QUERY_TOKENS}", "reset")
    _click(screen, "undo")
    screen.check()

    assert screen.scenario.workload.query_tokens == 90
    assert screen.widget("number_input", f"field {QUERY_TOKENS}").value == 90


def test_a_group_is_put_back_in_one_step_and_the_others_stay(opened):
    screen = opened()
    screen.open_groups("Workload", "Corpus")
    screen.put("number_input", f"field {QUERY_TOKENS}", 90.0)
    screen.put("number_input", "field workload.output_tokens", 300.0)
    screen.put("number_input", "field corpus.documents", 900.0)
    _click(screen, "reset Workload")
    reset = screen.scenario
    _click(screen, "undo")
    screen.check()

    assert (reset.workload.query_tokens, reset.workload.output_tokens, reset.corpus.documents) == (70, 215, 900)
    assert (screen.scenario.workload.query_tokens, screen.scenario.workload.output_tokens) == (90, 300)


def test_a_group_without_changes_has_nothing_to_put_back(opened):
    screen = opened()
    screen.open_groups("Workload")

    assert screen.at.button(key="reset Workload").disabled


@pytest.mark.parametrize(
    ("kind", "path", "value", "said"),
    [
        ("selectbox", "fine_tuning.hosting", "serverless", "was Dedicated"),
        ("number_input", "hybrid.top_k", 3, "was as RAG"),
        ("number_input", "finance.budget_usd", 90_000.0, "USD · was no budget"),
        ("checkbox", "finance.consequences_in_tco", True, "was off"),
        ("multiselect", "finance.already_built", ["rag"], "was none"),
    ],
)
def test_every_kind_of_field_is_marked_and_put_back(opened, preset, kind, path, value, said):
    screen = opened()
    screen.open_groups()
    screen.put(kind, f"field {path}", value)
    marked = _marks(screen)
    screen.put("menu_button", f"menu {path}", "reset")
    screen.check()

    assert said in marked
    assert screen.scenario == preset


def test_an_undone_change_is_seen_in_its_field(opened):
    screen = opened()
    screen.open_groups("Fine-tuning")
    screen.put("selectbox", "field fine_tuning.hosting", "serverless")
    _click(screen, "undo")
    screen.check()

    assert screen.widget("selectbox", "field fine_tuning.hosting").value == "dedicated"


def test_a_field_that_is_made_a_lever_travels_in_the_link(opened):
    screen = opened()
    screen.open_groups("Workload")
    screen.put("menu_button", f"menu {QUERY_TOKENS}", "pin")
    screen.check()
    again = opened("pages/prices.py", screen.address.removeprefix("s="))

    assert again.at.session_state["view"] == {"pins": QUERY_TOKENS}


def test_a_lever_of_ones_own_stays_on_other_pages_and_can_be_taken_back(opened):
    screen = opened()
    screen.open_groups("Workload")
    screen.put("menu_button", f"menu {QUERY_TOKENS}", "pin")
    screen.go_to("pages/prices.py")
    screen.rerun()
    pinned = dict(screen.at.session_state["view"])
    screen.put("menu_button", f"menu {QUERY_TOKENS}", "unpin")
    screen.check()

    assert pinned == {"pins": QUERY_TOKENS}
    assert screen.at.session_state["view"] == {}


def test_a_fourth_lever_of_ones_own_is_refused_in_words(opened):
    screen = opened()
    screen.open_groups("Workload")
    names = ("query_tokens", "output_tokens", "system_prompt_tokens", "history_tokens")
    for name in names:
        screen.put("menu_button", f"menu workload.{name}", "pin")
    screen.check()

    assert screen.at.session_state["view"]["pins"] == ",".join(f"workload.{name}" for name in names[:3])
    assert "three" in screen.notice.lower()


@pytest.mark.parametrize(
    ("pins", "kept"),
    [
        ("workload.query_tokens,rag.top_k", "workload.query_tokens,rag.top_k"),
        ("workload.query_tokens,workload.query_tokens", "workload.query_tokens"),
        ("workload.queries_per_month,rag.top_k", "rag.top_k"),
        ("rag.model,nothing,,finance.compared", ""),
        ("rag.top_k,rag.candidates,rag.replicas,corpus.documents", "rag.top_k,rag.candidates,rag.replicas"),
        ("<script>", ""),
    ],
)
def test_levers_in_a_link_are_numbers_of_the_scenario_at_most_three(opened, link_to, pins, kept):
    screen = opened("app.py", link_to({}, {"pins": pins}))
    screen.check()

    assert screen.at.session_state["view"] == ({"pins": kept} if kept else {})


def test_volume_per_day_becomes_queries_per_month(opened):
    screen = opened()
    screen.open_groups("Workload")
    _choose(screen, "volume basis", "day")
    screen.put("number_input", "volume day", 5_000.0)
    screen.check()

    assert screen.scenario.workload.queries_per_month == 5_000 * 30.44
    assert "5,000 × 30.44 days a month = 152,200 queries a month" in _said(screen)
    assert screen.widget("number_input", "volume day").value == 5_000


def test_users_conversations_and_messages_become_queries_per_month(opened):
    screen = opened()
    screen.open_groups("Workload")
    _choose(screen, "volume basis", "users")
    first = _said(screen)
    screen.put("number_input", "volume users", 30_000.0)
    screen.put("number_input", "volume volume conversations", 5.0)
    screen.check()

    assert "25,000 × 4 × 2 = 200,000 queries a month" in first
    assert screen.scenario.workload.queries_per_month == 30_000 * 5 * 2
    assert "30,000 × 5 × 2 = 300,000 queries a month" in _said(screen)


def test_the_way_volume_is_counted_stays_and_follows_the_lever(opened):
    screen = opened()
    screen.open_groups("Workload")
    _choose(screen, "volume basis", "day")
    screen.go_to("pages/prices.py")
    screen.go_to("app.py")
    screen.pull("workload.queries_per_month", 304_400)
    screen.check()

    assert screen.widget("number_input", "volume day").value == 10_000


def test_too_large_a_volume_is_refused_with_its_limit(opened):
    screen = opened()
    screen.open_groups("Workload")
    _choose(screen, "volume basis", "day")
    screen.put("number_input", "volume day", 1e9)
    screen.check()

    assert "Queries per month" in screen.notice
    assert "1,000,000,000" in screen.notice
    assert screen.scenario.workload.queries_per_month == 200_000


@pytest.mark.parametrize(("basis", "typed", "tokens"), [("words", 1_000.0, 1_330.0), ("pages", 3.0, 1_995.0)])
def test_documents_are_measured_in_words_or_pages(opened, basis, typed, tokens):
    screen = opened()
    screen.open_groups("Corpus")
    _choose(screen, "length basis", basis)
    screen.put("number_input", f"length {basis}", typed)
    screen.check()

    assert screen.scenario.corpus.tokens_per_document == tokens
    assert any(said.endswith(f"= {tokens:,.0f} tokens") for said in _said(screen))


def test_words_on_a_page_are_a_guess_that_can_be_replaced(opened):
    screen = opened()
    screen.open_groups("Corpus")
    _choose(screen, "length basis", "pages")
    screen.put("number_input", "length pages", 2.0)
    screen.put("number_input", "length words per page", 250.0)
    screen.check()

    assert screen.scenario.corpus.tokens_per_document == 2 * 250 * 1.33
    assert "a guess" in screen.widget("number_input", "length words per page").help


def test_pages_reach_the_parser_when_there_is_one(opened, link_to):
    parser = PRESETS[DEFAULT_PRESET].scenario.corpus.parser
    screen = opened()
    screen.open_groups("Corpus")
    options = screen.widget("selectbox", "field corpus.parser").options
    screen.put("selectbox", "field corpus.parser", options[0])
    _choose(screen, "length basis", "pages")
    screen.put("number_input", "length pages", 4.0)
    screen.check()

    assert parser is None
    assert screen.scenario.corpus.pages_per_document == 4


def test_a_pasted_forecast_says_how_far_it_reaches_and_the_way_back(opened):
    screen = opened()
    screen.open_groups("Workload")
    screen.put("text_area", "field workload.queries_by_month", "150,000\n160,000\n180,000")
    screen.check()
    said = _said(screen)
    pasted = screen.scenario.workload.queries_by_month
    next(each for each in screen.at.button if each.label == "Back to the lever").click()
    screen.rerun()
    screen.check()

    assert pasted == (150_000, 160_000, 180_000)
    assert "3 of 24 months: 150K first, 180K in month 3 and in all that follow." in said
    assert "The forecast by month below replaces the volume." in said
    assert screen.scenario.workload.queries_by_month is None
    assert screen.widget("text_area", "field workload.queries_by_month").value == ""


def test_a_header_in_a_pasted_forecast_is_refused_by_name(opened):
    screen = opened()
    screen.open_groups("Workload")
    screen.put("text_area", "field workload.queries_by_month", "Queries\n150000\n160000")
    screen.check()

    assert "Forecast by month (workload.queries_by_month): “Queries” in place 1 is not a number" in screen.notice
    assert "leave the header out" in screen.notice
    assert screen.scenario.workload.queries_by_month is None


def test_a_season_of_eleven_months_is_refused(opened):
    screen = opened()
    screen.open_groups("Workload")
    screen.put("text_area", "field workload.seasonality", "1 " * 11)
    screen.check()

    assert "12 factors" in screen.notice
    assert screen.scenario.workload.seasonality is None


def test_a_season_is_pasted_as_a_row(opened):
    screen = opened()
    screen.open_groups("Workload")
    screen.put("text_area", "field workload.seasonality", "\t".join(["1"] * 11 + ["1.2"]))
    screen.check()

    assert screen.scenario.workload.seasonality == (1,) * 11 + (1.2,)
    assert any(said.startswith("12 of 12 factors: highest 1.2 in December") for said in _said(screen))


def test_rag_that_stands_already_is_one_click(opened):
    screen = opened()
    before = screen.run.answers["rag"].tco_usd
    screen.put("toggle", "have RAG", True)
    screen.check()
    built = (screen.scenario.finance.already_built, screen.run.answers["rag"].tco_usd)
    screen.put("toggle", "have RAG", False)

    assert built[0] == ("rag",)
    assert built[1] < before
    assert screen.scenario.finance.already_built == ()


def test_tuning_that_comes_later_is_one_click_and_its_month_can_be_changed(opened):
    screen = opened()
    screen.open_groups("Hybrid")
    screen.put("toggle", "tune later", True)
    clicked = screen.scenario.hybrid.fine_tuning_starts_month
    screen.put("number_input", "field hybrid.fine_tuning_starts_month", 9)
    screen.check()

    assert clicked == 6
    assert screen.widget("toggle", "tune later").value
    assert "The hybrid is plain RAG until its tuning is built in month 9." in _said(screen)


def test_tuning_later_is_idle_where_no_hybrid_is_compared(opened):
    screen = opened()
    screen.put("selectbox", "preset", "ticket-classifier")

    assert screen.widget("toggle", "tune later").disabled
    assert "The hybrid is not compared." in _said(screen)


def test_a_discount_is_put_back(opened):
    screen = opened()
    screen.open_groups("People and money")
    screen.put("number_input", "discount openai", 50.0)
    marked = _marks(screen)
    screen.put("menu_button", "menu discount openai", "reset")
    screen.check()

    assert "was 0%" in marked
    assert screen.scenario.finance.discount_share == {}


def _marks(screen) -> set[str]:
    return {found for body in screen.bodies for found in re.findall(r'class="mark"[^>]*>([^<]*)<', body)}


def _said(screen) -> set[str]:
    return {found for body in screen.bodies for found in re.findall(r'class="said"[^>]*>([^<]*)<', body)}


def _click(screen, key: str) -> None:
    screen.at.button(key=key).click()
    screen.rerun()


def _choose(screen, name: str, choice: str) -> None:
    control = next(each for each in screen.at.get("button_group") if (each.key or "").startswith(f"{name} "))
    control.set_value(choice)
    screen.rerun()
