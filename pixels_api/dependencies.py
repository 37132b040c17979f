"""What the REST tier is given, and how handlers get it: Litestar injects by parameter name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from litestar.di import NamedDependency, Provide
from litestar.params import FromPath
from prometheus_client import CollectorRegistry

from pixels_core.errors import ClientFault, ReasonCode
from pixels_core.ports import CanvasHost, Clock, PixelRecords, UserDirectory
from pixels_core.rules.state import CanvasState
from pixels_core.web.tokens import TokenSigner

from .http.bitmap_cache import BitmapCache
from .settings import ApiSettings


@dataclass(frozen=True, slots=True)
class Dependencies:
    """The parts that a composition brings.

    Args:
        hosts: the running canvases by name.
        records: who placed what, by canvas name.
        users: display names.
        signer: signs and checks session tokens.
        clock: the time.
        metrics: where this tier registers its metrics and others may register theirs; `/metrics` shows all of it.
    """

    hosts: Mapping[str, CanvasHost]
    records: Mapping[str, PixelRecords]
    users: UserDirectory
    signer: TokenSigner
    clock: Clock
    metrics: CollectorRegistry = field(default_factory=CollectorRegistry)


@dataclass(frozen=True, slots=True)
class CanvasView:
    """One canvas as handlers see it: the host, its records and the cache of its bitmap."""

    host: CanvasHost
    records: PixelRecords
    bitmaps: BitmapCache

    @property
    def state(self) -> CanvasState:
        """The committed state now; read all you need of it before the next await."""
        return self.host.state


class Canvases:
    """The canvases that this server knows."""

    def __init__(self, dependencies: Dependencies) -> None:
        self._views = {
            name: CanvasView(host, dependencies.records[name], BitmapCache(host))
            for name, host in dependencies.hosts.items()
        }

    def view(self, name: str) -> CanvasView:
        """Return a canvas; raises ClientFault `unknown_canvas`."""
        if name not in self._views:
            raise ClientFault(f"There is no canvas {name[:64]!r}.", ReasonCode.UNKNOWN_CANVAS)
        return self._views[name]


async def provide_view(canvas: FromPath[str], canvases: NamedDependency[Canvases]) -> CanvasView:
    """Return the canvas that the path names, with all that is committed at this moment."""
    view = canvases.view(canvas)
    await view.host.refresh()
    return view


def providers(dependencies: Dependencies, settings: ApiSettings) -> dict[str, Provide]:
    """Return what every handler can ask for."""
    canvases = Canvases(dependencies)
    return {
        "dependencies": Provide(lambda: dependencies, sync_to_thread=False),
        "settings": Provide(lambda: settings, sync_to_thread=False),
        "canvases": Provide(lambda: canvases, sync_to_thread=False),
        "view": Provide(provide_view),
    }
