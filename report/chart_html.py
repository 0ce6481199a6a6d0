"""A picture as a page of its own: the charts of the screen with their tooltips, title and source around them.

Nothing is fetched, and the page's own policy forbids it. Scripts run by their hash only, so that no name can be one.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
from collections.abc import Mapping
from html import escape
from typing import Any

from report.headed import SANS, SERIF, with_note
from report.legible import legible, legible_data, steady
from report.palette import ARCHITECTURES, NEUTRALS
from report.picture import Picture
from report.sentence import with_names

# Interpreted expressions need no right to make code from text; a canvas takes only letters that are there already.
_DRAW = """
Promise.all([...document.fonts].map((face) => face.load())).then(() => {
  for (const place of document.querySelectorAll("[data-chart]")) {
    const { spec, renderer } = JSON.parse(document.getElementById(place.dataset.chart).textContent);
    window.drawChart(place, spec, { renderer, actions: false, ast: true, tooltip: { theme: "own" } });
  }
});
"""
_STYLE = """
* { box-sizing: border-box; }
body { margin: 0; background: $paper; color: $ink; font: 16px/1.5 $sans; }
main { max-width: 1060px; margin: 0 auto; padding: 28px 24px 20px; }
h1 { margin: 0; font: 600 clamp(20px, 15px + 1.4vw, 27px)/1.22 $serif; text-wrap: balance; overflow-wrap: anywhere; }
p { margin: 6px 0 0; color: $second; overflow-wrap: anywhere; }
.drawn { max-width: 62em; font-size: 15px; text-wrap: pretty; }
.panels { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(270px, 100%), 1fr)); gap: 20px 24px; }
.panels, p.unseen + [data-chart] { margin-top: 16px; }
figure p.unseen + [data-chart] { margin-top: 0; }
.panels > * { min-width: 0; margin: 0; }
figcaption { font-size: 14px; line-height: 1.35; color: $second; }
figcaption b { display: block; font-size: 16px; }
.unseen { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
[data-chart] { display: block; width: 100%; }
footer { margin-top: 18px; padding-top: 8px; border-top: 1px solid $line; font-size: 12.5px; line-height: 1.45; }
footer p { margin: 0 0 2px; }
a { color: inherit; }
#vg-tooltip-element.own-theme { font: 13px/1.45 $sans; color: $ink; background: $paper; border: 1px solid $line;
  border-radius: 6px; padding: 8px 10px; box-shadow: none; max-width: 320px; }
#vg-tooltip-element.own-theme td { padding: 0 8px 0 0; color: $ink; font-variant-numeric: tabular-nums; }
#vg-tooltip-element.own-theme td.key { color: $second; }
@media print { main { padding: 0; } }
"""


def page(picture: Picture, facts: Mapping[str, str], engine: str, faces: str, *, dark: bool) -> str:
    """The whole document: `facts` are what a picture says about itself, `engine` draws, `faces` are its letters."""
    if len(picture.panels) == 1:
        panels = _place(picture.panels[0].alt, 0)
    else:
        heads = [_caption(head.ink, head.name, head.words, dark) for head in picture.heads]
        each = zip(heads or [""] * len(picture.panels), picture.panels, strict=True)
        figures = (f"<figure>{head}{_place(panel.alt, number)}</figure>" for number, (head, panel) in enumerate(each))
        panels = f'<div class="panels">{"".join(figures)}</div>'
    draw = f"{engine}\n{_DRAW}"
    scripts = f"'sha256-{base64.b64encode(hashlib.sha256(draw.encode()).digest()).decode('ascii')}'"
    policy = (
        f"default-src 'none'; script-src {scripts}; style-src 'unsafe-inline'; font-src data:; img-src data:; "
        "base-uri 'none'; form-action 'none'"
    )
    return (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f'<meta name="color-scheme" content="{"dark" if dark else "light"}">\n'
        f"<title>{escape(facts['title'])}</title>\n<style>\n{faces}{_styled(dark)}</style>\n</head>\n<body>\n<main>\n"
        f"<h1>{_coloured(picture.said, dark)}</h1>\n"
        f'<p class="drawn">{_coloured(with_note(picture.drawn, picture.note), dark)}</p>\n{panels}\n'
        f"{_foot(facts)}\n</main>\n"
        f"{_data(picture, dark)}\n<script>{draw}</script>\n</body>\n</html>\n"
    )


def _styled(dark: bool) -> str:
    words = {name: pair[dark] for name, pair in NEUTRALS.items()} | {"sans": SANS, "serif": SERIF}
    return re.sub(r"\$(\w+)", lambda match: words[match[1]], _STYLE)


def _coloured(sentence: str, dark: bool) -> str:
    """A sentence, architecture names in their colours."""
    return with_names(
        escape(legible(sentence)), lambda key, word: f'<span style="color: {_ink(key, dark)}">{word}</span>'
    )


def _ink(key: str, dark: bool) -> str:
    ink = ARCHITECTURES.get(key)
    if ink is None:
        return NEUTRALS["second"][dark]
    return ink.dark_text if dark else ink.light_text


def _caption(ink: str, name: str, words: str, dark: bool) -> str:
    colour = _ink(ink, dark)
    return f'<figcaption><b style="color: {colour}">{escape(legible(name))}</b>{escape(legible(words))}</figcaption>'


def _place(alt: str, number: int) -> str:
    said = f'<p class="unseen">{escape(legible(alt))}</p>'
    return f'{said}<div data-chart="chart{number}"></div>'


def _foot(facts: Mapping[str, str]) -> str:
    source = " · ".join(steady(part) for part in facts["source"].split(" · "))
    lines = [escape(source), f"Not included: {escape(facts['not included'])}."]
    link = facts["link"]
    if link.startswith(("https://", "http://")):
        lines.append(f'<a href="{escape(link)}" rel="noreferrer">Open this scenario</a>')
    return f"<footer>{''.join(f'<p>{line}</p>' for line in lines)}</footer>"


def _data(picture: Picture, dark: bool) -> str:
    """What is drawn, as JSON that is no markup whatever the names in it are."""
    blocks = []
    for number, panel in enumerate(picture.panels):
        tables = {name: legible_data(table.to_pylist()) for name, table in panel.datasets.items()}
        config = {**panel.spec["config"], "font": SANS}
        spec: dict[str, Any] = {**panel.spec, "datasets": tables, "config": config}
        spec |= {"background": NEUTRALS["paper"][dark], "autosize": {"type": "fit-x", "contains": "padding"}}
        renderer = panel.spec.get("usermeta", {}).get("embedOptions", {}).get("renderer", "svg")
        content = json.dumps({"spec": spec, "renderer": renderer}, allow_nan=False, separators=(",", ":"))
        content = re.sub("[<>&]", lambda match: f"\\u{ord(match[0]):04x}", content)
        blocks.append(f'<script type="application/json" id="chart{number}">{content}</script>')
    return "\n".join(blocks)
