"""From how people count to how the model counts: queries a month, tokens a document.

Each ratio is a constant with its source, rounded as it is printed, so that a reader with a calculator gets the same.
"""

from __future__ import annotations

DAYS_PER_MONTH = 30.44
"""Days in a mean month: 365.25 / 12, rounded."""
TOKENS_PER_WORD = 1.33
"""OpenAI, What are tokens and how to count them: 100 tokens are about 75 words of English."""
WORDS_PER_PAGE = 500
"""A guess: a full single-spaced page."""
TURNS_PER_CONVERSATION = 2.0
"""Zheng et al., LMSYS-Chat-1M, 2024: 2.0 turns a conversation (general chat)."""
CONVERSATIONS_PER_USER = 4.0
"""A guess: each user comes once a week."""


def queries_from_days(queries_per_day: float) -> float:
    """Queries a month [query/month] from queries a day, weekends counted."""
    return _rounded(queries_per_day * DAYS_PER_MONTH)


def days_from_queries(queries_per_month: float) -> float:
    """Queries a day [query/day] from queries a month."""
    return queries_per_month / DAYS_PER_MONTH


def queries_from_users(users: float, conversations: float, messages: float) -> float:
    """Queries a month [query/month]: users a month x conversations of each x messages in each."""
    return _rounded(users * conversations * messages)


def users_from_queries(queries_per_month: float, conversations: float, messages: float) -> float | None:
    """Users a month [user/month] who would ask that often; None when nobody asks anything."""
    return queries_per_month / (conversations * messages) if conversations * messages else None


def tokens_from_words(words: float) -> float:
    """Tokens [token] of so many English words."""
    return _rounded(words * TOKENS_PER_WORD)


def words_from_tokens(tokens: float) -> float:
    """English words [word] that make so many tokens."""
    return tokens / TOKENS_PER_WORD


def tokens_from_pages(pages: float, words_per_page: float) -> float:
    """Tokens [token] of so many pages with so many English words on each."""
    return _rounded(pages * words_per_page * TOKENS_PER_WORD)


def pages_from_tokens(tokens: float, words_per_page: float) -> float | None:
    """Pages [page] that make so many tokens; None when a page holds no word."""
    return tokens / (words_per_page * TOKENS_PER_WORD) if words_per_page else None


def _rounded(number: float) -> float:
    """Without the dust of binary multiplication: 100 x 1.33 is 133."""
    return float(f"{number:.12g}")
