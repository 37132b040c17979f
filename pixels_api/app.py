"""The application: puts the parts together and decides nothing."""

from __future__ import annotations

from litestar import Litestar
from litestar.di import Provide
from litestar.types import ControllerRouterHandler

from .bitmap import show_bitmap
from .canvases import show_canvas, show_palette
from .client_files import ClientFiles, client_route
from .dependencies import Dependencies, providers
from .envelope import Envelope
from .errors import answer_error
from .flood import AddressLimiter
from .health import show_health, show_metrics, show_readiness
from .identity import OriginGuard
from .metrics import CanvasMetrics, RequestMetrics
from .openapi import describe, show_docs, show_schema
from .pictures import show_jpeg, show_png
from .pixels import show_pixel
from .sessions import close_session, open_session, show_session
from .settings import ApiSettings
from .statistics import show_statistics
from .studio import Studio

MAX_BODY_BYTES = 64 * 1024
"""Largest request body; the largest we expect is a name."""

ROUTES: tuple[ControllerRouterHandler, ...] = (
    open_session,
    show_session,
    close_session,
    show_canvas,
    show_bitmap,
    show_png,
    show_jpeg,
    show_palette,
    show_pixel,
    show_statistics,
    show_health,
    show_readiness,
    show_metrics,
    show_schema,
    show_docs,
)


def create_app(dependencies: Dependencies, settings: ApiSettings) -> Litestar:
    """Return the REST tier as an ASGI application."""
    routes = list(ROUTES)
    if settings.client_dir:
        routes.append(client_route(ClientFiles.load(settings.client_dir)))
    limiter = AddressLimiter(settings.sessions_per_minute)
    studio = Studio(settings, dependencies.clock)
    app = Litestar(
        route_handlers=routes,
        dependencies={
            **providers(dependencies, settings),
            "session_limiter": Provide(lambda: limiter, sync_to_thread=False),
            "studio": Provide(lambda: studio, sync_to_thread=False),
        },
        guards=[OriginGuard(settings)],
        exception_handlers={Exception: answer_error},
        openapi_config=describe(),
        request_max_body_size=MAX_BODY_BYTES,
        logging_config=None,
        debug=False,
    )
    dependencies.metrics.register(CanvasMetrics(dependencies.hosts))
    app.asgi_handler = Envelope(app.asgi_handler, RequestMetrics(dependencies.metrics), settings.allowed_origins)
    return app
