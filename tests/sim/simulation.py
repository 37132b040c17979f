"""One run from one seed: a storm, then calm, then the reckoning."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import replace

from pixels_core.sync import SyncClient
from tests.sim.checks import check_everything, quiet
from tests.sim.faults import CALM
from tests.sim.town import Town
from tests.sim.world import World
from tests.sim.zombie import ATTEMPTS, PAUSE_MS

SETTLING_MS = 1_000
LAST_ZOMBIE_MS = ATTEMPTS * PAUSE_MS[1]
LONGEST_CALM_MS = 900_000
"""After ten minutes even a request that nobody may repeat any more is given up."""


class Violation(AssertionError):
    """A promise was broken; the message has the seed and the last events."""


def simulate(seed: int) -> Counter[str]:
    """Run a seed and return how often each thing happened; raises Violation."""
    world = World(seed)
    try:
        town = Town(world)
        _storm(town)
        _calm(town)
        check_everything(town)
    except Exception as problem:
        raise Violation(
            f"seed {seed}: {type(problem).__name__}: {problem}\n"
            f"Run it again: pytest tests/sim --seed {seed}\nThe last events:\n{world.trace()}"
        ) from problem
    for painter in town.painters:
        seen = painter.sync.statistics
        for name in ("frames", "gaps", "duplicates", "proofs", "reloads", "resyncs", "resends"):
            world.counts[f"client {name}"] += getattr(seen, name)
        assert seen.mismatches == 0, f"seed {seed}: a client met a false checksum"
    world.counts["changes"] += town.ledger.head
    return world.counts


def _storm(town: Town) -> None:
    """Let people do things while everything fails."""
    world, dice = town.world, town.world.dice
    deeds = _deeds(town)
    for _ in range(dice.randint(150, 300)):
        (deed,) = dice.choices(list(deeds), list(deeds.values()))
        deed()
        world.run_until(world.now + world.between(world.weather.gap))


def _deeds(town: Town) -> dict[Callable[[], None], float]:
    """Return what can happen and how often; half of the runs have quiet hardware."""
    trouble = town.world.dice.choice((0.0, 1.0, 3.0))
    return {
        town.paint: 100,
        town.be_rude: 15,
        town.moderate: 15,
        town.keep_snapshot: 5,
        town.unplug: 2 * trouble,
        town.sleep: 1.0 if town.world.weather.long else 0.0,
        town.kill: trouble,
        town.restart: trouble,
        town.usurp: trouble,
        town.log_outage: trouble,
    }


def _lose_the_last_word(town: Town) -> None:
    """Have the last frames lost, so that nothing that follows shows the gap."""
    if town.world.chance(0.5):
        town.world.weather = replace(town.world.weather, lost=0.9)
        town.world.run_until(town.world.now + 5_000)
        for _ in range(3):
            town.be_rude()
        town.world.run_until(town.world.now + 2_000)


def _calm(town: Town) -> None:
    """Stop all faults and wait until nothing is left to be done."""
    world = town.world
    _lose_the_last_word(town)
    for painter in town.painters:
        painter.wake()
    world.weather = replace(CALM, tick=world.weather.tick)
    town.store.out_until = world.now
    world.note("weather", "is calm")
    deadline = world.now + LONGEST_CALM_MS
    town.calm_since = world.now
    world.run_until(world.now + LAST_ZOMBIE_MS)
    while not quiet(town):
        assert world.now < deadline, "it never becomes quiet: " + _unrest(town)
        town.greet()
        world.run_until(world.now + SETTLING_MS)
    world.run_until(world.now + 30_000)


def _unrest(town: Town) -> str:
    clients = [f"{painter.actor.user} {_standing(painter.sync)}" for painter in town.painters]
    return f"head {town.ledger.head}; " + "; ".join(clients)


def _standing(sync: SyncClient) -> str:
    return f"{sync.phase.name} at seq {sync.seq}, {sync.unanswered} unanswered"
