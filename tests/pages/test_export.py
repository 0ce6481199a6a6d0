"""The Export button of each chart: nothing before it is opened, and then what is on screen."""

from datetime import date

import pandas as pd
import pytest

from costmodel import link
from costmodel.changes import changed
from costmodel.other import Other, packed
from pages.ui import served
from pages.ui.linked import linked, wanted
from report import embed, gallery

# Page, key of the button, name of the chart, and switches of a link under which it shows something else.
CHARTS = [
    ("app.py", "lines", "cumulative", {"value": "present"}),
    ("app.py", "lines", "monthly", {"lines": "monthly"}),
    ("app.py", "bars", "components", {"value": "present"}),
    ("pages/breakdown.py", "waterfall", "waterfall", {"from": "hybrid", "to": "rag", "waterfall": "every"}),
    ("pages/breakdown.py", "waterfall", "waterfall", {"from": "rag", "to": "rag"}),
    ("pages/breakdown.py", "months", "months", {"value": "present"}),
    ("pages/crossovers.py", "map", "map", {"across": "finance.horizon_months", "up": "workload.queries_per_month"}),
    ("pages/crossovers.py", "driver", "crossover", {"driver": "corpus.updates_per_month", "scale": "linear"}),
    ("pages/crossovers.py", "driver", "crossover", {"reach": "2000,90000", "scale": "log"}),
    ("pages/crossovers.py", "driver", "crossover", {"reach": "-5,0"}),
    ("pages/sensitivity.py", "tornado", "tornado", {"swing": "hybrid", "against": "none"}),
    ("pages/sensitivity.py", "tornado", "tornado", {"swing": "hybrid", "value": "present"}),
    ("pages/uncertainty.py", "fans", "fan", {"draws": "1024", "seed": "7"}),
    ("pages/uncertainty.py", "odds", "probability", {"draws": "1024", "value": "present"}),
    ("pages/uncertainty.py", "break-even", "break_even", {"draws": "1000"}),
    ("pages/compare.py", "curves", "compare", {"value": "present"}),
    ("pages/compare.py", "bill", "difference", {"bill": "hybrid", "waterfall": "every"}),
]
HERE = sorted({(page, key) for page, key, _, _ in CHARTS})
KINDS = ["PNG", "PNG 2×", "SVG", "HTML", "Vega-Lite", "CSV"]


def word_of(scenario, view=None) -> str:
    """A link to the scenario, beside another one."""
    other = Other(changed(scenario, {"workload.queries_per_month": 20_000.0, "name": "The *other* {rag}"}))
    return link.encoded(scenario, view, None, packed(other, scenario))


@pytest.mark.parametrize(("page", "key", "name", "view"), CHARTS)
def test_a_link_draws_the_chart_that_the_page_shows(opened, preset, page, key, name, view):
    word = word_of(preset, view)
    screen = opened(page, word)
    shown = linked(word, date.today())
    drawn = gallery.picture(name, shown.run, wanted(name, shown))
    on_screen = [
        {each.name: plainly(screen.chart_table(number, each.name)) for each in element.proto.datasets}
        for number, element in enumerate(screen.at.get("vega_lite_chart"))
    ]

    assert drawn.finding in screen.words.replace("\N{WORD JOINER}", "")
    for panel in drawn.panels:
        assert {each: plainly(table.to_pandas()) for each, table in panel.datasets.items()} in on_screen


def plainly(table: pd.DataFrame) -> dict[str, list[object]]:
    """The columns of a table, a missing value as None whatever it was before."""
    return {
        str(column): [None if pd.isna(each) else each for each in values]
        for column, values in table.to_dict("list").items()
    }


@pytest.mark.parametrize(("page", "key"), HERE)
def test_there_is_nothing_behind_the_button_before_it_is_opened(opened, preset, page, key):
    screen = opened(page, word_of(preset))
    before = [each.label for each in screen.at.get("download_button")]
    screen.open_export(key)
    screen.check()
    after = [each.label for each in screen.at.get("download_button")]

    assert not set(before) & (set(KINDS) - {"CSV"})
    assert sorted(after) == sorted([*before, *KINDS])


def test_the_dialog_has_a_frame_of_this_chart_and_the_address_of_its_picture(opened, link_to, monkeypatch):
    monkeypatch.setattr(served, "plain_addresses", True)
    monkeypatch.setattr(served, "frame_ancestors", "'self'")
    word = link_to({}, {"value": "present"})
    screen = opened("app.py", word)
    screen.open_export("bars")
    next(each for each in screen.at.button if each.key == "embed bars").click().run()
    frame, picture = (each.value for each in screen.at.code)
    said = " ".join(each.value for each in screen.at.markdown)

    assert f"/embed?s={word}&amp;chart=components&amp;embed=true" in frame
    assert picture == f"/chart/components.svg?s={word}"
    assert embed.FILES_FIRST in said
    assert served.FRAME_ANCESTORS_VARIABLE in said


def test_a_server_without_plain_addresses_says_so_instead_of_giving_one(opened, link_to, monkeypatch):
    monkeypatch.setattr(served, "plain_addresses", False)
    screen = opened("app.py", link_to({}))
    screen.open_export("bars")
    next(each for each in screen.at.button if each.key == "embed bars").click().run()

    assert len(screen.at.code) == 1
    assert embed.NOT_SERVED in [each.value for each in screen.at.markdown]
