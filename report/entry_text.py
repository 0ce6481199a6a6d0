"""Volume and documents as people count them: the choices, their help, and the conversion that is stated below."""

from __future__ import annotations

from costmodel.conversions import (
    CONVERSATIONS_PER_USER,
    DAYS_PER_MONTH,
    TOKENS_PER_WORD,
    TURNS_PER_CONVERSATION,
    WORDS_PER_PAGE,
)
from report.numbers import count

VOLUME_BASES = {"month": "Month", "day": "Day", "users": "Users"}
LENGTH_BASES = {"tokens": "Tokens", "words": "Words", "pages": "Pages"}

VOLUME_LABEL, LENGTH_LABEL = "Queries counted by", "Length counted in"
MONTH, DAY = "Queries a month", "Queries a day"
USERS, CONVERSATIONS, MESSAGES = "Users a month", "Conversations of each", "Messages in each"
WORDS, PAGES, WORDS_PER_PAGE_LABEL = "Words per document", "Pages of a document", "Words on a page"

VOLUME_HELP = "Queries in the first month of operation: typed in as you count them, kept as queries per month."
DAY_HELP = f"Weekends counted. A month has {DAYS_PER_MONTH:g} days on average: 365.25 / 12."
USERS_HELP = "People who ask something in the first month."
CONVERSATIONS_HELP = f"A month. {CONVERSATIONS_PER_USER:g} is a guess: each user comes once a week."
MESSAGES_HELP = (
    "Questions that a user asks in one conversation. "
    f"Source of {TURNS_PER_CONVERSATION:g}: Zheng et al., LMSYS-Chat-1M, 2024: 2.0 turns (general chat)."
)
LENGTH_HELP = "Average length: typed in as you count it, kept as tokens."
WORDS_HELP = (
    f"{TOKENS_PER_WORD:g} tokens a word. "
    "Source: OpenAI, What are tokens and how to count them: 100 tokens are about 75 words of English."
)
MEASURE = "Measure with your own text"
PAGES_HELP = "The parser's pages per document follow."
PAGE_HELP = f"{WORDS_PER_PAGE:g} is a guess: a full page, single-spaced. Slides and forms hold far fewer."


def from_month(queries: float) -> str:
    """So many queries a month, in days."""
    return f"{_exact(queries / DAYS_PER_MONTH)} a day, at {DAYS_PER_MONTH:g} days a month"


def from_day(per_day: float, queries: float) -> str:
    """Queries a day, made queries a month."""
    return f"{_exact(per_day)} × {DAYS_PER_MONTH:g} days a month = {_exact(queries)} queries a month"


def from_users(users: float, conversations: float, messages: float, queries: float) -> str:
    """Users, made queries a month."""
    return f"{_exact(users)} × {_exact(conversations)} × {_exact(messages)} = {_exact(queries)} queries a month"


def forecast_instead() -> str:
    """Why no volume can be typed in."""
    return "The forecast by month below replaces the volume."


def from_tokens(tokens: float) -> str:
    """So many tokens, in words."""
    return f"about {count(tokens / TOKENS_PER_WORD)} words of English, at {TOKENS_PER_WORD:g} tokens a word"


def from_words(words: float, tokens: float) -> str:
    """Words, made tokens."""
    return f"{_exact(words)} × {TOKENS_PER_WORD:g} tokens a word = {_exact(tokens)} tokens"


def from_pages(pages: float, words_per_page: float, tokens: float) -> str:
    """Pages, made tokens."""
    return (
        f"{_exact(pages)} × {_exact(words_per_page)} words × {TOKENS_PER_WORD:g} tokens a word "
        f"= {_exact(tokens)} tokens"
    )


def _exact(number: float) -> str:
    """A number that a reader can put into a calculator: at most six digits, thousands parted."""
    return f"{float(f'{number:.6g}'):,.10g}"
