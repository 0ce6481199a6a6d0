"""Where the chunks of a document begin and end, to be looked at."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Border:
    """Where chunk `number` ends and the next begins: `before` belongs to the first alone, `shared` to both, `after` to
    the next alone. `shared_tokens` is the whole overlap; `shared` leaves its middle out when it is long."""

    number: int
    before: str
    shared: str
    after: str
    shared_tokens: int


def borders(parts: Sequence[str], chunk: int, overlap: int, *, most: int = 3, around: int = 24) -> list[Border]:
    """The first borders of a document given as its tokens (`Counter.parts`), with so many tokens on either side.

    `chunk` [tokens] > `overlap` [tokens] >= 0; ValueError if not. A document no longer than a chunk has none.
    """
    if not 0 <= overlap < chunk:
        raise ValueError(f"an overlap of {overlap} tokens must be less than the chunk of {chunk}")
    found = []
    step = chunk - overlap
    for number in range(most):
        start, end = number * step, number * step + chunk
        if end >= len(parts):
            break
        shared = parts[end - overlap : end]
        found.append(
            Border(
                number + 1,
                "".join(parts[max(start, end - overlap - around) : end - overlap]),
                "".join(shared)
                if overlap <= 2 * around
                else f"{''.join(shared[:around])} … {''.join(shared[-around:])}",
                "".join(parts[end : end + around]),
                overlap,
            )
        )
    return found


def tokens_needed(chunk: int, overlap: int, *, most: int = 3, around: int = 24) -> int:
    """Tokens of the beginning of a document that `borders` looks at."""
    return (most - 1) * (chunk - overlap) + chunk + around + 1
