"""Spellings of hamza that differ between countries and hands: مسئول is مسؤول, شئ is شيء."""

from deploy.elasticsearch.lexicon.words import Words


def hamza(words: Words, word: str) -> str:
    """Return a word's more frequent spelling with the hamza on another letter, '' if there is none."""
    others = {word.replace("ئو", "ؤو"), word.replace("ئ", "ؤ"), word.replace("ءو", "ؤو"), word.replace("ئا", "ءا")}
    if word.endswith("ئ"):
        others |= {word[:-1] + "يء", word[:-1] + "ء"}
    best = max(others - {word}, key=words.__getitem__, default="")
    return best if words[best] > words[word] else ""
