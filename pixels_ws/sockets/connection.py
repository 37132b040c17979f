"""One accepted socket: who it is, how far it is in the stream, and what is still owed to it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Any

from pixels_core.errors import REASONS, ReasonCode
from pixels_core.log.sequencer import Answer
from pixels_core.protocol.close_codes import close_code
from pixels_core.protocol.messages import SUBPROTOCOL_BINARY, PixelAck, PixelReject, ServerMessage
from pixels_core.rules.commands import Actor, PlacePixel
from pixels_core.rules.effects import Accepted, Refused
from pixels_core.units import Milliseconds, Seq

from .frames import Frame, text_event
from .handshake import Admission
from .outbound import MAX_QUEUED, AsgiEvent, Outbound, Send

CLOSE_GRACE_S = 2.0
"""How long a socket that is being closed has to take its last messages."""


class Connection:
    """A socket of one session on one canvas.

    Args:
        admission: what the handshake found out.
        send: the ASGI send function.
        now: when the socket was accepted.
        on_lag_over: called when a socket that missed stream frames can take more.
        burst: messages that the socket may send at once; their answers may wait for it.
        cut: ends the connection below a socket that takes nothing any more.
    """

    def __init__(
        self,
        admission: Admission,
        send: Send,
        now: Milliseconds,
        on_lag_over: Callable[[Connection], None],
        burst: int = 0,
        cut: Callable[[], object] = lambda: None,
    ) -> None:
        self.admission = admission
        self.session = admission.session
        self.actor = Actor(user=self.session.user, role=self.session.role, address=admission.address)
        self.binary = admission.subprotocol == SUBPROTOCOL_BINARY
        self.position: Seq = 0
        self.opened = self.last_heard = now
        self.close_reason: ReasonCode | None = None
        self.on_closing: Callable[[], None] = lambda: None
        self._on_lag_over = on_lag_over
        self._cut = cut
        self._send = send
        self._out = Outbound(send, self._idle, self._overflow, MAX_QUEUED + burst)
        self._lagging = False
        self._stuck_at = 0
        self._stuck_since = now
        self._acked: list[int] = []
        self._acked_seq: Seq = 0

    # ── the stream ──────────────────────────────────────────────────────────────────────────────────────────────────

    def offer(self, frames: Sequence[Frame], before: Seq, after: Seq) -> bool:
        """Send the frames that lead from `before` to `after`; a socket that is still busy gets them later, merged.

        Returns False where the socket lags.
        """
        if self._lagging or self.position != before or not self._out.idle:
            self._lag()
            return False
        for frame in frames:
            self._out.push(frame.binary if self.binary else frame.json)
        self.position = after
        return True

    def send_stream(self, event: AsgiEvent, after: Seq) -> None:
        """Send one frame that leads from this socket's position to `after`."""
        self._out.push(event)
        self.position = after

    def _lag(self) -> None:
        if not self._lagging and not self._out.closed:
            self._lagging = True
            if self._out.idle:
                self._idle()
            else:
                self._out.watch()

    def _idle(self) -> None:
        if self._lagging:
            self._lagging = False
            self._on_lag_over(self)

    def stalled_for(self, now: Milliseconds) -> Milliseconds:
        """Return for how long the same send has been in flight, as far as the calls of this method saw it."""
        if self._out.idle or self._out.started != self._stuck_at:
            self._stuck_at, self._stuck_since = self._out.started, now
        return now - self._stuck_since

    # ── messages to this socket alone ───────────────────────────────────────────────────────────────────────────────

    def send(self, message: ServerMessage) -> None:
        """Send a message."""
        self._out.push(text_event(message))

    def send_event(self, event: AsgiEvent) -> None:
        """Send what is encoded already."""
        self._out.push(event)

    def reject(self, reason: ReasonCode, message: str | None = None, request: int | None = None) -> None:
        """Refuse something that never reached the engine."""
        self.send(PixelReject(id=request, reason=reason, message=message))

    def resolve(self, answer: Answer[Any], /) -> None:
        """Take the verdict on a placement; acks are collected until `flush_acks`."""
        command, verdict = answer.command, answer.verdict
        if not isinstance(command, PlacePixel):
            raise TypeError("Sockets only place pixels.")
        if isinstance(verdict, Accepted):
            self._acked.append(command.request)
            self._acked_seq = max(self._acked_seq, verdict.seq)
        else:
            self.send(_rejection(command, verdict))

    def flush_acks(self) -> None:
        """Send one ack for all placements accepted since the last."""
        if self._acked:
            ids = self._acked[0] if len(self._acked) == 1 else tuple(self._acked)
            self.send(PixelAck(id=ids, seq=self._acked_seq))
            self._acked.clear()

    # ── the end ─────────────────────────────────────────────────────────────────────────────────────────────────────

    def close(self, reason: ReasonCode) -> None:
        """Decide that the socket is to be closed; its reader is woken and calls `finish`."""
        if self.close_reason is None:
            self.close_reason = reason
            self._out.seal()
            self.on_closing()

    async def finish(self) -> None:
        """Send what waits and the close frame; a socket that takes neither is cut after `CLOSE_GRACE_S`.

        Nobody may be reading from the socket meanwhile: Granian sends no close frame while a receive is pending.
        """
        if self.close_reason is None:
            return
        event = {
            "type": "websocket.close",
            "code": int(close_code(self.close_reason)),
            "reason": REASONS[self.close_reason],
        }
        with suppress(TimeoutError):
            async with asyncio.timeout(CLOSE_GRACE_S):
                await self._out.drained()
                await self._send(event)
                return
        await asyncio.to_thread(self._cut)

    def abandon(self) -> None:
        """The socket is gone: send nothing more."""
        self._out.abandon()

    def _overflow(self) -> None:
        self.close(ReasonCode.SLOW_CONSUMER)


def _rejection(command: PlacePixel, refused: Refused) -> PixelReject:
    on_canvas = refused.color is not None
    return PixelReject(
        id=command.request,
        reason=refused.reason,
        message=refused.message,
        retry_after_ms=refused.retry_after_ms,
        x=command.x if on_canvas else None,
        y=command.y if on_canvas else None,
        color=refused.color,
    )
