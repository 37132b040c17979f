"""What must be true when the storm is over."""

from __future__ import annotations

from pixels_core.canvas.canvas import checksum_of
from pixels_core.log.recovery import recover
from pixels_core.log.snapshot_codec import pack_snapshot
from pixels_core.rules.effects import Accepted
from pixels_core.rules.state import CanvasState
from pixels_core.sync import Lost, Placed, Rejected, SyncPhase
from tests.sim.painter import Painter
from tests.sim.simulated_canvas import SIZE, SimulatedCanvas
from tests.sim.world import finish

HOPELESS_MS = 450_000
"""A placement this old when the calm begins may be past sending again by the time its client is back."""


def quiet(simulated: SimulatedCanvas) -> bool:
    """Say whether nothing is left to be done: everybody is at the head and has every answer."""
    head = simulated.ledger.head
    return (
        simulated.process is not None
        and simulated.process.hub.projection.state.seq == head
        and simulated.process.sequencer.due_at() is None
        and all(_is_done(painter, head) for painter in simulated.painters)
    )


def _is_done(painter: Painter, head: int) -> bool:
    sync = painter.sync
    return sync.phase is SyncPhase.LIVE and sync.seq == head and not sync.unanswered


def check_everything(simulated: SimulatedCanvas) -> None:
    """Compare everybody with the log, and every answer that was given with what it holds."""
    _check_server(simulated)
    for painter in simulated.painters:
        _check_canvas(simulated, painter)
        _check_answers(simulated, painter)
    _check_verdicts(simulated)


def _check_server(simulated: SimulatedCanvas) -> None:
    """Three ways to the same bytes: a recovery, the serving node, and the events one after the other."""
    process = simulated.process
    assert process
    recovered = finish(recover(simulated.store, simulated.world.now, simulated.limits)).state
    replayed = CanvasState(simulated.store.identity, simulated.limits)
    for event in simulated.ledger.events:
        replayed.apply(event)
    replayed.batch_number = recovered.batch_number
    assert [event.seq for event in simulated.ledger.events] == list(range(1, recovered.seq + 1)), "seqs have gaps"
    assert pack_snapshot(recovered) == pack_snapshot(replayed), "recovery differs from the events"
    assert pack_snapshot(process.hub.projection.state) == pack_snapshot(replayed), "the node differs from the events"
    assert pack_snapshot(process.sequencer.engine.state) == pack_snapshot(replayed), "the engine differs"


def _check_canvas(simulated: SimulatedCanvas, painter: Painter) -> None:
    """The confirmed canvas is the log's, and nothing is painted over it that does not exist."""
    truth = simulated.ledger.canvas
    confirmed = painter.sync.confirmed
    assert confirmed == truth, f"{painter.actor.user} has another canvas"
    assert painter.sync.checksum == checksum_of(bytes(truth)), f"{painter.actor.user} has another checksum"
    shown = bytes(painter.sync.color_at(x, y) for y in range(SIZE.height) for x in range(SIZE.width))
    assert shown == bytes(truth), f"{painter.actor.user} shows pixels that do not exist"


def _check_answers(simulated: SimulatedCanvas, painter: Painter) -> None:
    """Every placement got one answer, and the answer was true."""
    user = painter.actor.user
    assert painter.answers.keys() == painter.asked.keys(), f"{user} waits for an answer"
    for request, verdict in painter.answers.items():
        key = (user, request, *painter.asked[request])
        placed = simulated.ledger.requests.get((user, request), [])
        assert len(placed) <= 1, f"{user}'s {request} is in the log {len(placed)} times"
        assert placed == simulated.ledger.held(key), f"{user}'s {request} is in the log as another pixel"
        if isinstance(verdict, Placed):
            assert placed, f"{user}'s {request} was acknowledged and is not in the log"
            assert placed[0].seq <= verdict.seq, f"{user}'s {request} was acknowledged too early"
        elif isinstance(verdict, Lost):
            asked = painter.asked_at[request]
            assert asked < (simulated.calm_since or 0) - HOPELESS_MS, (
                f"{user}'s {request} was given up although it could be sent"
            )
        elif isinstance(verdict, Rejected):
            # A second copy of the message may have been accepted later, when it was the only one left to judge.
            assert not placed or simulated.ledger.copies[key] > 1, f"{user}'s {request} was refused and is in the log"


def _check_verdicts(simulated: SimulatedCanvas) -> None:
    """What the server acknowledged is in the log, once, where it said."""
    for key, verdict in simulated.ledger.verdicts.items():
        held = [event.seq for event in simulated.ledger.held(key)]
        if isinstance(verdict, Accepted):
            assert held == [verdict.seq], f"{key} was acknowledged as {verdict} and is in the log as {held}"
        else:
            assert not held or simulated.ledger.copies[key] > 1, f"{key} was refused and is in the log as {held}"
