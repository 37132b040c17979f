"""The `pixels` command, also as `python -m pixels`."""

from __future__ import annotations

import sys

_EXTRA_OF = {"typer": "cli", "rich": "cli", "PIL": "cli", "httpx": "client", "websockets": "client"}


def main() -> None:
    """Run the command line; where its packages are missing, say in one sentence what to install."""
    try:
        from .cli import main as run  # noqa: PLC0415  # what is missing is found out here
    except ModuleNotFoundError as missing:
        if missing.name not in _EXTRA_OF:
            raise
        sys.exit(f"pixels: the command needs the package {missing.name}: install pixels[server].")
    run()


if __name__ == "__main__":
    main()
