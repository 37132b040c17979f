"""`python -m tests.bench`: prints the figures; exits 1 only if a pixel was lost, repeated or different somewhere."""

from __future__ import annotations

import argparse
import platform
import resource
import sys

from tests.bench import fan_out, hot_paths, place_to_seen


def main() -> int:
    """Run the chosen benchmarks."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("what", nargs="*", help="hot-paths, fan-out, place-to-seen; all of them without a name")
    parser.add_argument("--sockets", type=int, default=200, help="sockets of place-to-seen and fan-out (200)")
    parser.add_argument("--rate", type=float, default=200, help="pixels a second of place-to-seen (200)")
    parser.add_argument("--seconds", type=float, default=20, help="how long place-to-seen draws (20)")
    parser.add_argument("--nodes", type=int, default=2, help="socket nodes of place-to-seen beside standalone (2)")
    options = parser.parse_args()
    chosen = set(options.what) or {"hot-paths", "fan-out", "place-to-seen"}
    _allow_files(options.sockets * 2 + 500)
    sys.stdout.write(f"Python {platform.python_version()} on {platform.machine()}, {platform.system()}\n")
    whole = True
    if "hot-paths" in chosen:
        hot_paths.run()
    if "fan-out" in chosen:
        fan_out.run(options.sockets, 10)
    if "place-to-seen" in chosen:
        whole = place_to_seen.run(options.sockets, options.rate, options.seconds, options.nodes)
    return 0 if whole else 1


def _allow_files(count: int) -> None:
    """Raise the limit of open files, as far as the system lets us."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft < count:
        resource.setrlimit(resource.RLIMIT_NOFILE, (min(count, hard), hard))


if __name__ == "__main__":
    sys.exit(main())
