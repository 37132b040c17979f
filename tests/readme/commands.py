"""What README tells people to type, taken out of its code blocks."""

from __future__ import annotations

import re
from dataclasses import dataclass

_BLOCK = re.compile(r"^```(\w+)\n(.*?)^```", re.MULTILINE | re.DOTALL)
_COMMENT = re.compile(r"(?:^|\s)#\s.*$")


@dataclass(frozen=True, slots=True)
class Commands:
    """The commands of a page, in order, and its Python examples."""

    shell: tuple[str, ...]
    python: tuple[str, ...]

    @classmethod
    def of(cls, markdown: str) -> Commands:
        """Take them out of a page."""
        blocks = _BLOCK.findall(markdown)
        lines = [line for kind, body in blocks if kind == "sh" for line in body.splitlines()]
        stripped = (_COMMENT.sub("", line).strip() for line in lines)
        return cls(tuple(filter(None, stripped)), tuple(body for kind, body in blocks if kind == "python"))

    def one(self, start: str) -> str:
        """Return the one shell command that starts so."""
        (found,) = [command for command in self.shell if f"{command} ".startswith(f"{start} ")]
        return found
