"""One run from one seed: a storm, then calm, then the reckoning."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import replace

from pixels_core.sync import SyncClient
from tests.sim.checks import check_everything, quiet
from tests.sim.faults import CALM
from tests.sim.simulated_canvas import SimulatedCanvas
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
        simulated = SimulatedCanvas(world)
        _storm(simulated)
        _calm(simulated)
        check_everything(simulated)
    except Exception as problem:
        raise Violation(
            f"seed {seed}: {type(problem).__name__}: {problem}\n"
            f"Run it again: pytest tests/sim --seed {seed}\nThe last events:\n{world.trace()}"
        ) from problem
    for painter in simulated.painters:
        seen = painter.sync.statistics
        for name in ("frames", "gaps", "duplicates", "proofs", "reloads", "resyncs", "resends"):
            world.counts[f"client {name}"] += getattr(seen, name)
        assert seen.mismatches == 0, f"seed {seed}: a client met a false checksum"
    world.counts["changes"] += simulated.ledger.head
    return world.counts


def _storm(simulated: SimulatedCanvas) -> None:
    """Let people do things while everything fails."""
    world, dice = simulated.world, simulated.world.dice
    deeds = _deeds(simulated)
    for _ in range(dice.randint(150, 300)):
        (deed,) = dice.choices(list(deeds), list(deeds.values()))
        deed()
        world.run_until(world.now + world.between(world.fault_rates.gap))


def _deeds(simulated: SimulatedCanvas) -> dict[Callable[[], None], float]:
    """Return what can happen and how often; half of the runs have quiet hardware."""
    trouble = simulated.world.dice.choice((0.0, 1.0, 3.0))
    return {
        simulated.paint: 100,
        simulated.be_rude: 15,
        simulated.moderate: 15,
        simulated.keep_snapshot: 5,
        simulated.unplug: 2 * trouble,
        simulated.sleep: 1.0 if simulated.world.fault_rates.long else 0.0,
        simulated.kill: trouble,
        simulated.restart: trouble,
        simulated.usurp: trouble,
        simulated.log_outage: trouble,
    }


def _lose_the_last_word(simulated: SimulatedCanvas) -> None:
    """Have the last frames lost, so that nothing that follows shows the gap."""
    if simulated.world.chance(0.5):
        simulated.world.fault_rates = replace(simulated.world.fault_rates, lost=0.9)
        simulated.world.run_until(simulated.world.now + 5_000)
        for _ in range(3):
            simulated.be_rude()
        simulated.world.run_until(simulated.world.now + 2_000)


def _calm(simulated: SimulatedCanvas) -> None:
    """Stop all faults and wait until nothing is left to be done."""
    world = simulated.world
    _lose_the_last_word(simulated)
    for painter in simulated.painters:
        painter.wake()
    world.fault_rates = replace(CALM, tick=world.fault_rates.tick)
    simulated.store.out_until = world.now
    world.note("fault_rates", "is calm")
    deadline = world.now + LONGEST_CALM_MS
    simulated.calm_since = world.now
    world.run_until(world.now + LAST_ZOMBIE_MS)
    while not quiet(simulated):
        assert world.now < deadline, "it never becomes quiet: " + _unrest(simulated)
        simulated.greet()
        world.run_until(world.now + SETTLING_MS)
    world.run_until(world.now + 30_000)


def _unrest(simulated: SimulatedCanvas) -> str:
    clients = [f"{painter.actor.user} {_standing(painter.sync)}" for painter in simulated.painters]
    return f"head {simulated.ledger.head}; " + "; ".join(clients)


def _standing(sync: SyncClient) -> str:
    return f"{sync.phase.name} at seq {sync.seq}, {sync.unanswered} unanswered"
