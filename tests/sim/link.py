"""A connection that loses, doubles, delays and reorders what it carries, and breaks whenever it likes.

A WebSocket does less harm than this; whatever survives here survives there.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from pixels_core.units import Milliseconds
from tests.sim.world import World


class Link:
    """Both directions of one connection, until it breaks.

    Args:
        world: the time, and what goes wrong.
        name: whose it is, for the trace.
        to_client: takes what arrives at the client.
        to_server: takes what arrives at the server.
        on_client_end: called when the client notices that the connection is gone.
        on_server_end: called when the server notices it.
    """

    def __init__(
        self,
        world: World,
        name: str,
        to_client: Callable[[Any], None],
        to_server: Callable[[Any], None],
        on_client_end: Callable[[], None],
        on_server_end: Callable[[], None],
    ) -> None:
        self.name = name
        self.client_open = self.server_open = True
        self._world = world
        self._to_client = to_client
        self._to_server = to_server
        self._on_client_end = on_client_end
        self._on_server_end = on_server_end
        self._down_at: Milliseconds = 0
        self._up_at: Milliseconds = 0

    def down(self, message: object) -> None:
        """Carry a message to the client."""
        if self.server_open and not self._breaks():
            self._down_at = self._carry(self._down_at, lambda: self._arrive_down(message))

    def up(self, message: object) -> None:
        """Carry a message to the server."""
        if self.client_open and not self._breaks():
            self._up_at = self._carry(self._up_at, lambda: self._arrive_up(message))

    def client_leaves(self) -> None:
        """The client lets go; the server hears of it later, or never. What is on its way arrives."""
        self.client_open = False
        if self.server_open and not self._world.chance(self._world.fault_rates.silent):
            self._world.after(self._delay(), self._server_notices)

    def server_leaves(self) -> None:
        """The server lets go; the client hears of it later, or never. What is on its way arrives."""
        self.server_open = False
        if self.client_open and not self._world.happens("half-open connection", self._world.fault_rates.silent):
            self._down_at = max(self._down_at, self._world.now + self._delay())
            self._world.after(self._down_at - self._world.now, self._client_notices)

    def _carry(self, last: Milliseconds, deliver: Callable[[], None]) -> Milliseconds:
        """Deliver a message behind the last one, or otherwise; returns when the next one may come at the earliest."""
        world = self._world
        if world.happens("message lost", world.fault_rates.lost):
            return last
        arrival = max(last, world.now + self._delay())
        if world.happens("message doubled", world.fault_rates.doubled):
            world.after(arrival - world.now + world.between(world.fault_rates.late), deliver)
        if world.happens("message overtaken", world.fault_rates.overtaken):
            world.after(arrival - world.now + world.between(world.fault_rates.late), deliver)
            return last
        world.after(arrival - world.now, deliver)
        return arrival

    def _breaks(self) -> bool:
        if not self._world.happens("connection broken", self._world.fault_rates.dropped):
            return False
        self.client_leaves()
        self.server_leaves()
        return True

    def _delay(self) -> Milliseconds:
        return self._world.between(self._world.fault_rates.latency)

    def _arrive_down(self, message: object) -> None:
        if self.client_open:
            self._to_client(message)

    def _arrive_up(self, message: object) -> None:
        if self.server_open:
            self._to_server(message)

    def _client_notices(self) -> None:
        if self.client_open:
            self.client_open = False
            self._on_client_end()

    def _server_notices(self) -> None:
        if self.server_open:
            self.server_open = False
            self._on_server_end()
