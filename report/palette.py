"""One colour per architecture, and how strong each cost family is painted in it."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Ink:
    """An architecture's name and colours; `word` is its colour in Markdown, as in `:blue[**RAG**]`."""

    name: str
    word: str
    light: str
    dark: str
    light_text: str
    dark_text: str

    @property
    def in_sentence(self) -> str:
        """The name inside a sentence: acronyms stay, words go lower case."""
        return self.name if self.name.isupper() else self.name.lower()

    @property
    def markdown(self) -> str:
        """The name in bold and in its colour, as Markdown."""
        return f":{self.word}[**{self.name}**]"

    @property
    def css(self) -> str:
        """The line colour as CSS that follows the theme."""
        return f"light-dark({self.light}, {self.dark})"

    @property
    def css_text(self) -> str:
        """The text colour as CSS that follows the theme."""
        return f"light-dark({self.light_text}, {self.dark_text})"


ARCHITECTURES: dict[str, Ink] = {
    "rag": Ink("RAG", "blue", "#1e66c2", "#4d8de8", "#1b5fb4", "#7fb2f5"),
    "fine_tuning": Ink("Fine-tuning", "orange", "#d9741a", "#ec9844", "#a8520a", "#f0a95f"),
    "hybrid": Ink("Hybrid", "violet", "#65205a", "#efc9e8", "#65205a", "#efc9e8"),
    "prompting": Ink("Prompting", "gray", "#878d99", "#7a8494", "#596273", "#9aa4b4"),
}

# Everything that is not an architecture: (light, dark).
NEUTRALS: dict[str, tuple[str, str]] = {
    "ink": ("#1a2130", "#e6e9ef"),
    "second": ("#5c6575", "#9aa4b4"),
    "line": ("#c9cfd9", "#3a4350"),
    "grid": ("#e9ecf1", "#232933"),
    "tie": ("#e6e9ee", "#2a303a"),
    "paper": ("#ffffff", "#101318"),
    "panel": ("#f7f8fa", "#151920"),
}

# Opacity of the architecture's colour, dark to light, always in this order.
FAMILIES: dict[str, float] = {
    "people": 1.0,
    "tokens": 0.46,
    "training": 0.33,
    "hosting": 0.22,
    "retrieval": 0.13,
    "other": 0.08,
}


def neutral_css(name: str) -> str:
    """A neutral colour as CSS that follows the theme."""
    light, dark = NEUTRALS[name]
    return f"light-dark({light}, {dark})"
