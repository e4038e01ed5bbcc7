"""The markup that ODK allows in the words of a form, taken out where they are read as plain text."""

import re

_SPANS = re.compile(r"</?span[^>]*>", re.IGNORECASE)
_BREAKS = re.compile(r"<br\s*/?>|\n", re.IGNORECASE)
_LINKS = re.compile(r"\[([^\]\n]+)\]\([^\s()]+\)")
_HEADS = re.compile(r"^#{1,6}[ \t]+", re.MULTILINE)
_STRONG = re.compile(r"(\*\*|__|\*)(?=\S)([^*\n]+?)(?<=\S)\1")


def unmarked(words: str) -> str:
    """The words of a form on one line, without the markup that ODK allows in them."""
    bare = _LINKS.sub(r"\1", _SPANS.sub("", _HEADS.sub("", words)))
    return " ".join(_BREAKS.sub(" ", _STRONG.sub(r"\2", _STRONG.sub(r"\2", bare))).split(" ")).strip()
