"""The Breakdown page: its sentences, its charts and its tables say what the bills say."""

from __future__ import annotations

import re
from xml.etree import ElementTree

import pytest

from costmodel import link
from costmodel.difference import costs
from costmodel.presets import PRESETS
from report import text
from report.numbers import MINUS
from report.palette import ARCHITECTURES

PAGE = "pages/breakdown.py"
VOLUME, GROWTH = "workload.queries_per_month", "workload.monthly_growth_share"


def number(cell):
    """An amount of a table as a number; a dash is nothing, and so is less than is shown."""
    return 0.0 if cell == "–" or cell.startswith("<") else float(cell.replace(",", "").replace(MINUS, "-"))


def table(screen, kind="money"):
    """A table of money: [(words, heads a group, [cell, ...])], and its names."""
    body = next(body for body in screen.bodies if f'class="{kind}"' in body)
    root = ElementTree.fromstring(re.sub(r"<(\w+)([^>]*?) (?=\w+>)", r"<\1\2>", body))
    names = [cell.text for cell in root.iterfind(".//thead//th")][1:]
    rows = [
        (
            "".join(row.find("th").itertext()),
            row.get("class") == "group",
            ["".join(cell.find(".//span[2]").itertext()) for cell in row.iterfind("td")],
        )
        for row in root.iterfind(".//tr")
        if row.find("td") is not None
    ]
    return names, rows


def bars(screen):
    return screen.chart_table(0, "bars").to_dict("records")


def panel(screen, kind="why"):
    """What explains a line, as words; `kind` "why fields": the fields behind it."""
    body = next(body for body in screen.bodies if f'class="{kind}"' in body)
    return " ".join(re.sub(r"<[^>]+>", " ", body).split())


def select(screen, name, value):
    next(each for each in screen.at.selectbox if each.key == name).set_value(value)
    screen.rerun()


def choose(screen, group, value):
    next(each for each in screen.at.get("button_group") if each.key == group).set_value(value)
    screen.rerun()


# Why one costs less than another


@pytest.mark.parametrize("name", PRESETS)
def test_every_preset_has_a_breakdown(opened, preset, name):
    scenario = PRESETS[name].scenario
    finance = scenario.finance.model_copy(update={"start_month": preset.finance.start_month})
    screen = opened(PAGE, link.encoded(scenario.model_copy(update={"finance": finance})))
    run, ends = screen.run, [bar for bar in bars(screen) if bar["total"]]
    second, first = (run.answers[next(k for k in run.answers if ARCHITECTURES[k].name == bar["name"])] for bar in ends)

    screen.check()
    assert first.bill.architecture == run.cheapest
    assert [bar["end"] for bar in ends] == pytest.approx([second.tco_usd, first.tco_usd])
    assert screen.findings[0] == (
        f"From {text.money_of(run)(second.tco_usd)} to {text.money_of(run)(first.tco_usd)}, line by line"
    )


def test_the_waterfall_leads_from_the_runner_up_to_the_cheapest(opened):
    screen = opened(PAGE)
    start, *steps, end = bars(screen)

    assert screen.headline.startswith(f"{end['name']} costs ")
    assert f"less than {start['name']}" in screen.headline
    assert start["end"] + sum(
        (step["end"] - step["start"]) * (-1 if step["amount"].startswith(MINUS) else 1) for step in steps
    ) == pytest.approx(end["end"])


def test_another_pair_and_back(opened):
    screen = opened(PAGE)
    headline = screen.headline
    select(screen, "waterfall to", "hybrid")
    first = [bar["name"] for bar in bars(screen) if bar["total"]]
    select(screen, "waterfall from", "hybrid")
    swapped = [bar["name"] for bar in bars(screen) if bar["total"]]

    screen.check()
    assert first[1] == "Hybrid"
    assert swapped == first[::-1]
    assert screen.headline == headline


def test_the_pair_of_a_link_is_restored(opened, link_to):
    screen = opened(PAGE, link_to({}, {"from": "hybrid", "to": "rag"}))

    assert [bar["name"] for bar in bars(screen) if bar["total"]] == ["Hybrid", "RAG"]


def test_a_chosen_architecture_that_is_no_longer_compared_gives_way(opened, link_to):
    word = link_to({"finance.compared": ["rag", "fine_tuning"]}, {"from": "hybrid", "to": "rag", "ledger": "hybrid"})
    screen = opened(PAGE, word)

    screen.check()
    assert {bar["name"] for bar in bars(screen) if bar["total"]} == {"RAG", "Fine-tuning"}


def test_every_line_shows_each_component_that_differs(opened):
    screen = opened(PAGE)
    main = len(bars(screen))
    screen.turn("waterfall", "every")
    labels = [bar["label"] for bar in bars(screen)]

    assert len(labels) > main
    assert not any("smaller lines" in label for label in labels)
    assert {"RAG upkeep", "Model upkeep"} <= set(labels)


def test_one_architecture_has_no_pair_but_everything_else(opened, link_to):
    screen = opened(PAGE, link_to({"finance.compared": ["rag"]}))

    screen.check()
    assert screen.headline.startswith("Over 24 months RAG costs ")
    assert "Only RAG is compared" in screen.words
    assert len(screen.chart_specs) == 1


def test_a_total_that_is_not_known_is_said_in_words(opened, link_to):
    screen = opened(PAGE, link_to({"rag.model": None}))
    names, rows = table(screen)
    cells = {words: row for words, _, row in rows}

    screen.check()
    assert "RAG is not offered: no model is chosen (rag.model)." in screen.words
    assert {bar["name"] for bar in bars(screen) if bar["total"]} == {"Fine-tuning", "Hybrid"}
    assert cells["Total"][names.index("RAG")] == cells["Tokens"][names.index("RAG")] == "not known"
    choose(screen, "ledger architecture", "rag")
    assert "not known" in panel(screen)


def test_without_any_known_total_the_page_still_stands(opened, link_to):
    screen = opened(PAGE, link_to({"rag.model": None, "fine_tuning.model": None}))

    screen.check()
    assert "no architecture can be called cheapest" in screen.headline
    assert "A waterfall needs two totals that are known" in screen.words


@pytest.mark.parametrize(
    "values",
    [
        {VOLUME: 0.0},
        {"finance.horizon_months": 1},
        {"finance.horizon_months": 120},
        {"quality.minimum_correct_share": 0.95, "rag.correct_share": 0.9},
        {"hybrid.kind": "split", "hybrid.fine_tuned_share": 0.5},
        {"finance.compared": ["rag", "fine_tuning", "hybrid", "prompting"], "prompting.model": "openai/gpt-6.1-sol"},
        {"finance.already_built": ["rag", "fine_tuning"]},
        {"finance.consequences_in_tco": True, "quality.usd_per_wrong_answer": 2.0, "rag.correct_share": 0.95},
        {
            "extra_costs": [
                {"architecture": "rag", "component": "credit", "phase": "one_time", "months": [0, 0], "usd": -5e5}
            ]
        },
    ],
    ids=lambda values: next(iter(values)),
)
def test_unusual_scenarios_have_a_breakdown_that_adds_up(opened, link_to, values):
    screen = opened(PAGE, link_to(values))
    names, rows = table(screen)
    totals = dict(zip(names, rows[-1][2], strict=True))

    screen.check()
    for key, answer in screen.run.answers.items():
        assert abs(number(totals[ARCHITECTURES[key].name]) - answer.tco_usd) < 1


def test_a_hostile_name_of_a_cost_stays_a_name(opened, link_to):
    name = ":red[q] $5 **b** {rag} <img src=x>"
    extra = {
        "architecture": ["rag", "hybrid"],
        "component": name,
        "phase": "recurring",
        "months": [1, 24],
        "usd_per_month": 90_000.0,
    }
    screen = opened(PAGE, link_to({"extra_costs": [extra]}))
    shown = screen.headline.replace("\N{WORD JOINER}", "")

    screen.check()
    assert ":red[q] $5 **b** {rag} <img src…" in shown
    assert any(":red[q] $5 **b** {rag} <img src…" in each.replace("\N{WORD JOINER}", "") for each in screen.findings)
    assert not any("<img" in body for body in screen.bodies)


# What a change moves


def test_before_any_change_the_page_says_what_it_will_explain(opened):
    screen = opened(PAGE)

    assert "Move a lever, see which lines move" in screen.findings
    assert "Nothing has changed yet." in screen.words


def open_moves(screen):
    screen._groups.add("which lines moved")
    screen.rerun()


def test_the_lines_that_a_lever_moved_add_up_to_the_difference(opened):
    screen = opened(PAGE)
    before = {key: answer.tco_usd for key, answer in screen.run.answers.items()}
    screen.pull(VOLUME, 250_000)
    open_moves(screen)
    names, rows = table(screen, "money signed")
    after = {ARCHITECTURES[key].name: answer.tco_usd - before[key] for key, answer in screen.run.answers.items()}

    screen.check()
    assert "Since the last change: Queries per month 200,000 → 250,000" in screen.words
    for column, name in enumerate(names):
        parts = [number(cells[column]) for words, _, cells in rows if words != "Difference"]
        assert sum(parts) == number(rows[-1][2][column])
        assert abs(sum(parts) - after[name]) <= 0.5
    assert rows[0][0] == "Base-model tokens"


def test_the_steps_of_one_drag_are_one_change_and_the_preset_keeps_all_of_them(opened):
    screen = opened(PAGE)
    for volume in (210_000, 230_000, 250_000):
        screen.pull(VOLUME, volume)
    drag = screen.words
    screen.pull(GROWTH, 0.05)
    growth = screen.words
    screen.turn("since", "preset")

    assert "Queries per month 200,000 → 250,000" in drag
    assert "Since the last change: Growth per month 2% → 5%" in growth
    assert "Since the preset: Queries per month 200,000 → 250,000, Growth per month 2% → 5%" in screen.words


def test_a_lever_moved_back_has_changed_nothing(opened):
    screen = opened(PAGE)
    screen.pull(VOLUME, 250_000)
    screen.pull(VOLUME, 200_000)

    assert "Nothing has changed yet." in screen.words


def test_a_link_is_compared_with_its_preset(opened, link_to):
    screen = opened(PAGE, link_to({VOLUME: 250_000.0}, {"since": "preset"}))

    assert "Since the preset: Queries per month 200,000 → 250,000" in screen.words


def test_another_preset_begins_anew(opened):
    screen = opened(PAGE)
    screen.pull(VOLUME, 250_000)
    screen.put("selectbox", "preset", "support-bot")

    assert "Nothing has changed yet." in screen.words


# Where the money goes


@pytest.mark.parametrize("by", ["component", "phase"])
def test_the_table_adds_up_as_it_is_shown(opened, by):
    screen = opened(PAGE)
    screen.turn("money", by)
    names, rows = table(screen)

    for column, name in enumerate(names):
        heads = [number(cells[column]) for _, head, cells in rows if head]
        lines = [number(cells[column]) for words, head, cells in rows if not head and words != "Total"]
        total = number(rows[-1][2][column])
        assert sum(heads) == total
        assert abs(sum(lines) - total) <= len(rows)  # lines below what is shown are left out
        key = next(key for key in screen.run.answers if ARCHITECTURES[key].name == name)
        assert abs(total - screen.run.answers[key].tco_usd) <= 0.5
    assert next(words for words, head, _ in rows if head) == ("Build" if by == "phase" else "People")


def test_present_value_runs_through_the_page(opened, link_to):
    screen = opened(PAGE, link_to({"finance.discount_rate_annual": 0.2}, {"value": "present"}))
    names, rows = table(screen)
    totals = dict(zip(names, rows[-1][2], strict=True))

    assert " in present value" in screen.headline
    for key, answer in screen.run.answers.items():
        assert abs(number(totals[ARCHITECTURES[key].name]) - answer.present_value_usd) <= 0.5


def test_amounts_are_in_the_currency_of_the_scenario(opened, link_to):
    screen = opened(PAGE, link_to({"finance.currency": "EUR", "finance.usd_per_currency_unit": 2.0}))
    names, rows = table(screen)

    assert abs(number(rows[-1][2][names.index("RAG")]) - screen.run.answers["rag"].tco_usd / 2) <= 0.5
    assert "€" in screen.headline


def test_each_architecture_has_its_months_on_one_axis(opened):
    screen = opened(PAGE)
    frames = [screen.chart_table(chart, "frame").to_dict("records") for chart in (1, 2, 3)]

    assert frames[0] == frames[1] == frames[2]
    assert len({str(spec) for spec in screen.chart_specs[1:]}) == 1


def test_a_lever_changes_no_chart_specification(opened):
    screen = opened(PAGE)
    before = screen.chart_specs
    screen.pull(VOLUME, 220_000)

    assert screen.chart_specs == before


@pytest.mark.parametrize("chart", ["waterfall", "months"])
def test_every_chart_opens_as_a_table(opened, chart):
    screen = opened(PAGE)
    before = len(screen.at.dataframe)
    screen.open_data(chart)
    screen.check()

    assert len(screen.at.dataframe) == before + 1


def test_lines_of_one_cost_read_the_same(opened):
    screen = opened(PAGE)
    names, rows = table(screen)
    cells = {words: dict(zip(names, row, strict=True)) for words, head, row in rows if not head}

    for words in ("Content updates", "RAG upkeep", "Data preparation", "Reranking", "Observability"):
        assert cells[words]["RAG"] == cells[words]["Hybrid"], words


def test_a_line_of_less_than_a_dollar_is_a_row_that_says_so(opened):
    screen = opened(PAGE)
    _, rows = table(screen)

    assert any("<1" in row for _, _, row in rows)


def test_a_hybrid_that_is_tuned_later_says_when_the_rest_is_built(opened, link_to):
    screen = opened(PAGE, link_to({"hybrid.fine_tuning_starts_month": 6}))
    heads = [body for body in screen.bodies if 'class="panel"' in body]

    assert re.search(r"\$13K to build, \$\d+K more in month 6, then \$[\d.]+K a month", heads[2])


def test_two_that_are_left_out_are_told_apart(opened, link_to):
    values = {"rag.correct_share": 0.8, "fine_tuning.correct_share": 0.8, "hybrid.correct_share": 0.95}
    word = link_to({**values, "quality.minimum_correct_share": 0.9}, {"from": "rag", "to": "fine_tuning"})
    screen = opened(PAGE, word)
    first, *_, last = bars(screen)

    assert "Pale gray: RAG spends more; gray: fine-tuning." in screen.words
    assert first["opacity"] < last["opacity"]


# The ledger


def test_the_ledger_adds_up(opened):
    screen = opened(PAGE)
    shown = screen.at.dataframe[0].value
    answer = screen.run.answers[screen.run.cheapest]

    assert list(shown.columns) == ["Line", "Total", "Build", *map(str, range(1, screen.run.horizon + 1))]
    assert shown["Total"].iloc[-1] == round(answer.tco_usd)
    assert shown["Total"].iloc[:-1].sum() == pytest.approx(answer.tco_usd, abs=len(shown))
    assert len(shown) - 1 <= len({component for component, _ in costs(answer)})


def test_the_dearest_line_is_explained_first(opened):
    screen = opened(PAGE)
    words = panel(screen)

    assert words.startswith("Model upkeep month 1, ")
    assert "People: " in panel(screen, "why fields")
    assert re.search(r"12 hours × \$[\d.]+ / hour = \$[\d,.]+", words)


def test_another_line_and_month_are_explained(opened):
    screen = opened(PAGE)
    choose(screen, "ledger architecture", "rag")
    select(screen, "ledger line", "generation")
    select(screen, "ledger month", 6)
    lines = screen.run.answers["rag"].bill.lines
    cost = sum(float(line.cost_usd[6]) for line in lines if line.component == "generation")
    words = panel(screen)

    screen.check()
    assert words.startswith("Base-model tokens month 6, ")
    assert f"${cost:,.2f}" in words
    assert "The price" in words
    assert "confidence" in words


def test_an_event_line_goes_to_a_month_with_an_event(opened):
    screen = opened(PAGE)
    select(screen, "ledger line", "retrain_labour")

    assert panel(screen).startswith("Retraining labour month 24, ")
    select(screen, "ledger month", 1)

    assert "Nothing is charged for it in this month." in panel(screen)


def test_the_chosen_line_survives_a_visit_to_another_page_and_a_shorter_horizon(opened):
    screen = opened(PAGE)
    select(screen, "ledger line", "tuned_hosting")
    select(screen, "ledger month", 24)
    screen.go_to("pages/prices.py")
    screen.go_to(PAGE)
    back = panel(screen)
    screen.pull("finance.horizon_months", 12)

    screen.check()
    assert back.startswith("Model hosting month 24, ")
    assert panel(screen).startswith("Model hosting month 1, ")
