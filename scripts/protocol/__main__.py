"""Write what is made from the protocol: the TypeScript messages, the page of messages and the golden vectors.

`python -m scripts.protocol` writes; with `--check` it only compares, and exits 1 where a file is old.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from .golden import golden_vectors
from .markdown import render_markdown
from .typescript import render_typescript

ROOT = Path(__file__).resolve().parents[2]


def generated_files() -> dict[Path, str]:
    """Return every generated file's path and content."""
    return {
        ROOT / "client/src/protocol/messages.gen.ts": render_typescript(),
        ROOT / "docs/messages.md": render_markdown(),
        ROOT / "tests/vectors/protocol.json": json.dumps(golden_vectors(), indent=1, ensure_ascii=False) + "\n",
    }


def main() -> int:
    """Write or check the files; returns the exit code."""
    stale = [
        path for path, content in generated_files().items() if not path.exists() or path.read_text("utf-8") != content
    ]
    if "--check" in sys.argv[1:]:
        for path in stale:
            sys.stderr.write(f"{path.relative_to(ROOT)} is out of date: run `make gen`.\n")
        return 1 if stale else 0
    for path in stale:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(generated_files()[path], "utf-8")
        sys.stdout.write(f"wrote {path.relative_to(ROOT)}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
