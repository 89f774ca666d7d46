"""The rules that repair steps consist of: they rewrite a text and can trace each character to its origin."""

import re
from collections.abc import Callable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Rule:
    """A replacement wherever a pattern matches."""

    pattern: re.Pattern[str]
    replacement: str | Callable[[re.Match[str]], str]
    """Literal text (no escapes), or a function of the match."""
    whole: Callable[[str], str] | None = None
    """A faster way to the same text, if there is one."""
    unit: re.Pattern[str] | None = None
    """The parts of a match that become one character each, if there are several."""

    def apply(self, text: str) -> str:
        """Return the rewritten text."""
        return self.whole(text) if self.whole else self.pattern.sub(self.replacement, text)

    def trace(self, text: str, offsets: list[int]) -> tuple[str, list[int]]:
        """Rewrite a text whose character i began at offsets[i] of some source; the last offset is the source's end."""
        pieces: list[str] = []
        origins: list[int] = []
        done = 0
        for match in self.pattern.finditer(text):
            new = self.replacement if isinstance(self.replacement, str) else self.replacement(match)
            if new != match[0]:
                pieces += text[done : match.start()], new
                origins += offsets[done : match.start()]
                origins += [offsets[start] for start in self._starts(match, len(new))]
                done = match.end()
        return "".join([*pieces, text[done:]]), origins + offsets[done:]

    def _starts(self, match: re.Match[str], length: int) -> list[int]:
        """Return where in the text each of the new characters begins."""
        start, end = match.span()
        if self.unit:
            return [unit.start() for unit in self.unit.finditer(match.string, start, end)]
        return list(range(start, end)) if length == end - start else [start] * length


Choice = Callable[[str, AbstractSet[str]], tuple[Rule, ...]]
"""From a text and the suspicious characters in it to the rules that it needs, in order."""


@dataclass(frozen=True, slots=True)
class Step:
    """A choice of rules, and what shows that a text may need them: `repair` skips all other texts."""

    name: str
    rules: Choice
    signs: str
    """The inside of a character class: a text with one of these may need the step."""
    needed: Callable[[str], bool] | None
    """Whether a text without any sign needs the step."""


def step(signs: str = "", needed: Callable[[str], bool] | None = None) -> Callable[[Choice], Step]:
    """Make a step of the decorated function; without signs and `needed` it would never run."""
    if not signs and needed is None:
        raise TypeError("name the signs of a text that needs this step, or a function that tells")
    return lambda choose: Step(choose.__name__, choose, signs, needed)


def literal(old: str, new: str) -> Rule:
    """Return the rule that replaces one string by another."""
    return Rule(re.compile(re.escape(old)), new, whole=lambda text: text.replace(old, new))


def replacements(table: Mapping[str, str]) -> dict[str, Rule]:
    """Return a rule for each character of a table."""
    return {old: literal(old, new) for old, new in table.items()}


def named(rules: Mapping[str, Rule], suspects: AbstractSet[str]) -> tuple[Rule, ...]:
    """Return the rules for the characters that a text has."""
    return tuple(rules[char] for char in suspects if char in rules)
