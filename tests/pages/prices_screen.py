"""What the tests of the Prices page do with it: type into the table, press what stands in it, send files."""

from __future__ import annotations

import json

from streamlit.proto.WidgetStates_pb2 import WidgetState

PAGE = "pages/prices.py"
INPUT, OUTPUT = "gpt-6.1-sol, input", "gpt-6.1-sol, output"
VOLUME = "workload.queries_per_month"
EDIT = {"provider": "openai", "item": "gpt-6.1-sol", "meter": "input", "unit": "1M tokens", "price_usd": 1.5}


def row_of(screen, price):
    """Number of the row of a price in the table on screen."""
    return list(table(screen)["Price"]).index(price)


def table(screen):
    return screen.at.dataframe[0].value


def type_in(screen, cells):
    """What the browser sends when cells have been typed over: price -> column -> value."""
    rows = {str(row_of(screen, price)): values for price, values in cells.items()}
    send(screen, rows)


def send(screen, rows, **more):
    """What the browser sends for rows by number; `more` for what is added or deleted."""
    states = screen.at._tree.get_widget_states()
    content = {"edited_rows": rows, "added_rows": [], "deleted_rows": [], **more}
    states.widgets.append(WidgetState(id=screen.at.dataframe[0].proto.id, string_value=json.dumps(content)))
    screen._keep_open()
    screen.at._run(states)
    screen.check()


def click(screen, key):
    """Press a button by its key."""
    next(each for each in screen.at.button if each.key == key).click()
    screen.rerun()
    screen.check()


def choose_filter(screen, name):
    pills = next(each for each in screen.at.get("button_group") if each.key == "prices filter")
    pills.set_value(name)
    screen.rerun()
    screen.check()


def upload(screen, name, content, kind="text/csv"):
    click(screen, "open import")
    files_ = next(each for each in screen.at.file_uploader if each.label.startswith("A price file"))
    files_.upload(name, content, kind)
    screen.rerun()
    screen.check()


def totals(screen):
    return {key: answer.tco_usd for key, answer in screen.run.answers.items()}


def press_in_table(screen, row, label):
    """What the browser sends when a button in a row has been pressed."""
    states = screen.at._tree.get_widget_states()
    state_ = WidgetState(id=screen.at.dataframe[0].proto.button_click_widgets["Undo"])
    state_.string_trigger_value.data = json.dumps({"row": row, "label": label})
    states.widgets.append(state_)
    screen._keep_open()
    screen.at._run(states)
    screen.check()
