"""What forms share: blocks of rows, rules, code lists."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from xincai.errors import Problem


@dataclass(frozen=True)
class Rule:
    """A validator or formula as an ODK expression; `parameters` are the words in it that a call replaces."""

    xpath: str
    parameters: tuple[str, ...] = ()

    def apply(self, arguments: tuple[str, ...]) -> str:
        """The expression for these arguments, as many as there are parameters."""
        given = dict(zip(self.parameters, arguments, strict=True))
        if not given:
            return self.xpath
        words = re.compile(rf"\b({'|'.join(map(re.escape, given))})\b")
        return words.sub(lambda word: given[word[0]], self.xpath)


@dataclass(frozen=True)
class Sources:
    """All that forms of one folder share."""

    blocks: Mapping[str, str]
    rules: Mapping[str, Rule]
    lists: Mapping[str, str]

    @classmethod
    def read(cls, folder: Path) -> "Sources":
        """Read `blocks/*.md`, `rules.json` and `lists/*.csv` of a folder; any of them may be missing."""
        rules = folder / "rules.json"
        return cls(
            blocks={file.stem: _text(file) for file in sorted((folder / "blocks").glob("*.md"))},
            rules=parse_rules(_text(rules), rules.name) if rules.exists() else {},
            lists={file.name: _text(file) for file in sorted((folder / "lists").glob("*.csv"))},
        )


def parse_rules(text: str, file: str = "rules.json") -> dict[str, Rule]:
    """Read rules: `{"R_X": {"xpath": "…", "parameters": ["FIELD"], "note": "…"}}`."""
    try:
        entries = json.loads(text)
        return {
            name: Rule(str(entry["xpath"]), tuple(entry.get("parameters", ())))
            for name, entry in entries.items()
        }
    except (ValueError, KeyError, TypeError, AttributeError) as trouble:
        raise Problem("shelf.bad_rules", file=file, detail=str(trouble)) from trouble


def _text(file: Path) -> str:
    return file.read_text(encoding="utf-8-sig")
