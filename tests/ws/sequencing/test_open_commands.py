from __future__ import annotations

from pixels_core.errors import ReasonCode
from pixels_core.log.sequencer import Answer
from pixels_core.rules.commands import Command, PostNotice
from pixels_core.rules.effects import Accepted, Refused
from pixels_ws.sequencing.open_commands import OpenCommands
from tests.support.builders import T0
from tests.ws.bus_world import ADA, Asker, pixel


def opened(*commands: Command) -> tuple[OpenCommands, list[Asker]]:
    """Return them all open, and who asked."""
    found, askers = OpenCommands(), [Asker() for _ in commands]
    for number, (asker, command) in enumerate(zip(askers, commands, strict=True)):
        found.add(asker, command, T0 + number)
    return found, askers


def test_entries_take_them_in_order() -> None:
    commands, _ = opened(*(pixel(n) for n in range(5)))
    assert [number for number, _ in commands.entry(2)] == [1, 2]
    assert [number for number, _ in commands.entry(9)] == [3, 4, 5]
    assert commands.entry(9) == []
    assert len(commands) == 5


def test_a_verdict_finds_its_asker_once() -> None:
    commands, (ada,) = opened(pixel(7))
    commands.entry(1)
    assert commands.answer(1, Accepted(3)) == Answer(ada, pixel(7), Accepted(3))
    assert commands.answer(1, Accepted(3)) is None
    assert commands.answer(99, Accepted(3)) is None
    assert len(commands) == 0


def test_a_repeat_is_one_while_the_first_is_open() -> None:
    commands, askers = opened(pixel(7))
    assert not commands.repeats(pixel(7)), "it was not sent, so it did not arrive"
    commands.entry(1)
    assert commands.repeats(pixel(7, color=9))
    commands.add(askers[0], pixel(7), T0)
    commands.entry(1)
    commands.answer(1, Accepted(1))
    assert commands.repeats(pixel(7)), "the second is still open"
    commands.answer(2, Accepted(1))
    assert not commands.repeats(pixel(7))


def test_what_was_never_sent_can_be_refused() -> None:
    commands, askers = opened(pixel(1))
    commands.entry(1)
    later = Asker()
    for command in (pixel(1), pixel(2), PostNotice(actor=ADA, text="x")):
        commands.add(later, command, T0)
    refused = Refused(ReasonCode.UNAVAILABLE)
    notice = PostNotice(actor=ADA, text="x")
    assert commands.refuse_unsent() == [Answer(later, pixel(2), refused), Answer(later, notice, refused)]
    assert commands.entry(9) == [(2, pixel(1))], "a repeat of what was sent waits with it"
    assert commands.answer(1, Accepted(1)) == Answer(askers[0], pixel(1), Accepted(1))


def test_what_may_repeat_what_went_elsewhere_is_not_refused() -> None:
    commands, (asker,) = opened(pixel(1))
    commands.add(asker, pixel(2), T0, repeat=True)
    assert [answer.command for answer in commands.refuse_unsent()] == [pixel(1)]
    assert commands.entry(9) == [(2, pixel(2))]


def test_a_repeat_of_what_may_be_a_repeat_is_one() -> None:
    """[DIST-10] Whoever repeats every few seconds is not told `unavailable` of what still waits to be sent."""
    commands, (asker,) = opened(pixel(1))
    commands.add(asker, pixel(2), T0, repeat=True)
    assert not commands.repeats(pixel(1))
    assert commands.repeats(pixel(2))
    commands.entry(9)
    assert commands.repeats(pixel(2))
    commands.answer(2, Accepted(1))
    assert not commands.repeats(pixel(2))


def test_old_ones_are_forgotten() -> None:
    commands, _ = opened(*(pixel(n) for n in range(3)))
    commands.entry(1)
    commands.forget(T0 + 2)
    assert len(commands) == 1
    assert not commands.repeats(pixel(0))
    assert commands.entry(9) == [(3, pixel(2))]
    commands.forget(T0 + 9)
    assert len(commands) == 0
