"""The answer as Markdown to paste into a document: the verdict, a row for each architecture, a source line."""

from __future__ import annotations

from report import text
from report.imprint import Imprint
from report.memo.as_markdown import block
from report.memo.build import totals_table
from report.memo.model import Line, Paragraph, Words, said, web_address
from report.memo.words import OPEN, sentence


def table(imprint: Imprint) -> str:
    """Verdict, totals of each architecture, and where they come from, as the text of a Markdown snippet."""
    present = bool(imprint.present)
    verdict = Paragraph(said(sentence(text.verdict(imprint.run, present).headline), strong=True))
    source: Line = (Words(imprint.source_line),)
    if href := web_address(imprint.link):
        source = (*source, Words(" · "), Words(OPEN, href=href))
    parts = (verdict, totals_table(imprint.run, present), Paragraph(source))
    return "\n\n".join(block(part) for part in parts) + "\n"
