"""The memo: one page or two to read and pass on, as Markdown, a web page that prints, and a Word document."""

from report.memo.as_html import html
from report.memo.as_markdown import markdown
from report.memo.as_word import word
from report.memo.build import ALL, SECTIONS, ContentsProblem, memo
from report.memo.model import Memo

__all__ = ["ALL", "SECTIONS", "ContentsProblem", "Memo", "html", "markdown", "memo", "word"]
