"""The application: puts the parts together and decides nothing."""

from __future__ import annotations

from litestar import Litestar
from litestar.di import Provide
from litestar.types import ControllerRouterHandler

from .canvas.bitmap import show_bitmap
from .canvas.canvases import show_canvas, show_palette
from .canvas.pixels import show_pixel
from .canvas.statistics import show_statistics
from .dependencies import Dependencies, providers
from .docs.openapi import describe, show_docs, show_schema
from .health import show_health, show_metrics, show_readiness
from .http.address_limiter import AddressLimiter
from .http.client_files import ClientFiles, client_route
from .http.errors import answer_error
from .http.middleware import Middleware
from .http.no_client import explain_no_client
from .metrics import CanvasMetrics, RequestMetrics
from .pictures.picture_service import PictureService
from .pictures.pictures import show_jpeg, show_png
from .sessions.identity import OriginGuard
from .sessions.sessions import close_session, open_session, show_session
from .settings import ApiSettings

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
    page = client_route(ClientFiles.load(settings.client_dir)) if settings.client_dir else explain_no_client
    limiter = AddressLimiter(settings.sessions_per_minute)
    picture_service = PictureService(settings, dependencies.clock)
    app = Litestar(
        route_handlers=[*ROUTES, page],
        dependencies={
            **providers(dependencies, settings),
            "session_limiter": Provide(lambda: limiter, sync_to_thread=False),
            "picture_service": Provide(lambda: picture_service, sync_to_thread=False),
        },
        guards=[OriginGuard(settings)],
        exception_handlers={Exception: answer_error},
        openapi_config=describe(),
        request_max_body_size=MAX_BODY_BYTES,
        logging_config=None,
        debug=False,
    )
    dependencies.metrics.register(CanvasMetrics(dependencies.hosts))
    app.asgi_handler = Middleware(app.asgi_handler, RequestMetrics(dependencies.metrics), settings.allowed_origins)
    return app
