"""A scenario's name comes from whoever made the link: it is shown, and it does nothing."""

import pytest
from playwright.sync_api import expect

HOSTILE = [
    "<img src=x onerror=alert(1)><script>alert(1)</script>",
    "**b** [l](javascript:alert(1)) `c` # h",
    "$x^2$ and $$y$$ for $5",
    ":red[q] :smile: :material/delete:",
    "www.example.org a@example.org",
]


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_name_is_plain_text_on_the_page(server, page, settled, scenario_with, word_of, name):
    page.goto(f"{server}/?s={word_of(scenario_with({'name': name}))}")
    settled(page)
    line = page.locator(".st-key-eyebrow .stMarkdown").first
    shown = line.inner_text().replace("\N{WORD JOINER}", "")

    assert shown.startswith(name.split("\n")[0][:59])
    assert line.locator("img, script, a, code, strong, em, span, .katex, h1").count() == 0


def test_a_very_long_name_is_cut_and_widens_nothing(server, page, settled, scenario_with, word_of):
    page.goto(f"{server}/?s={word_of(scenario_with({'name': 'x' * 10_000}))}")
    settled(page)

    expect(page.locator(".st-key-eyebrow").first).to_contain_text("…")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


@pytest.mark.parametrize("name", ["שלום עולם", "\u202edesrever", "مرحبا", "(שלום"])
def test_a_name_from_right_to_left_leaves_the_rest_of_its_line_alone(
    server, page, settled, scenario_with, word_of, name
):
    page.goto(f"{server}/?s={word_of(scenario_with({'name': name}))}")
    settled(page)
    lefts = page.locator(".st-key-eyebrow .stMarkdown p").first.evaluate(
        """line => {
            const walker = document.createTreeWalker(line, NodeFilter.SHOW_TEXT);
            const lefts = [];
            while (walker.nextNode()) {
                for (const match of walker.currentNode.data.matchAll(/24|months|nominal|USD/g)) {
                    const range = document.createRange();
                    range.setStart(walker.currentNode, match.index);
                    range.setEnd(walker.currentNode, match.index + match[0].length);
                    lefts.push(range.getBoundingClientRect().left);
                }
            }
            return lefts;
        }"""
    )

    assert len(lefts) == 4
    assert lefts == sorted(lefts)
    assert lefts[0] > page.locator(".st-key-eyebrow .stMarkdown p").first.bounding_box()["x"] + 10
