"""The REST tier as an AWS Lambda function, behind API Gateway, a load balancer or a function URL.

The function's handler is `pixels.lambda_handler.handler`; docs/lambda.md says what to set. Lambda gives an
environment one request at a time and freezes it in between. So the application is put together at the first request
and kept with its connections, all on one event loop, which only runs while there is a request. (Mangum's own lifespan
would open and close everything at every request.)
"""

from __future__ import annotations

import asyncio
import logging
from contextlib import AsyncExitStack
from typing import Any

import uvloop
from mangum import Mangum

from pixels_api.aws.lambda_answers import (
    TEXTS,
    Application,
    LambdaResponse,
    binary_where_encoded,
    fits,
    plain,
    saying,
)
from pixels_api.aws.lambda_event import amended
from pixels_core.errors import ConfigurationError, ReasonCode, ServerFault

from .composition import ApiProcessSettings, composed, read_settings

logger = logging.getLogger("pixels")

Event = dict[str, Any]
_TOO_LARGE = saying(
    ReasonCode.TOO_LARGE, "The answer is larger than Lambda can return: ask for a part of it, or at a smaller scale."
)


class LambdaFunction:
    """What Lambda calls; one for each environment."""

    def __init__(self) -> None:
        self._runner = asyncio.Runner(loop_factory=uvloop.new_event_loop)
        self._opened = AsyncExitStack()
        self._application: Application | None = None

    def __call__(self, event: Event, context: Any) -> LambdaResponse:
        """Answer one request; raises ConfigurationError, which Lambda logs, where a setting makes no sense."""
        self._check(event)
        try:
            application = self._application or self._open()
        except ServerFault as fault:  # the next request tries again
            logger.warning("A request could not be served: %s", fault)
            application = saying(fault.code)
        answer = self._answer(application, event, context)
        return answer if fits(answer, event) else self._answer(_TOO_LARGE, event, context)

    def close(self) -> None:
        """Let go of everything; Lambda never does, it ends the environment."""
        self._runner.run(self._opened.aclose())
        self._runner.close()
        asyncio.set_event_loop(None)

    def _open(self) -> Application:
        settings = read_settings()
        logging.getLogger().setLevel(settings.server.log_level)
        for chatty in ("botocore", "aiobotocore", "mangum"):
            logging.getLogger(chatty).setLevel(logging.WARNING)
        self._application = self._runner.run(self._compose(settings))
        return self._application

    async def _compose(self, settings: ApiProcessSettings) -> Application:
        application = await self._opened.enter_async_context(composed(settings, warm=False))

        async def serve(scope: Any, receive: Any, send: Any) -> None:
            amended_scope: Any = amended(scope, settings.api.gateway_base_path)
            await application(amended_scope, receive, send)

        return serve

    @staticmethod
    def _check(event: Any) -> None:
        context = event.get("requestContext") if isinstance(event, dict) else None
        if not isinstance(context, dict) or not ({"elb", "http", "httpMethod"} & context.keys()):
            raise ConfigurationError(
                "This function answers HTTP requests of API Gateway, a load balancer or a function URL; the event is "
                "none of them. Look at what triggers the function."
            )

    def _answer(self, application: Application, event: Event, context: Any) -> LambdaResponse:
        asyncio.set_event_loop(self._runner.get_loop())  # where Mangum looks for it
        adapter = Mangum(application, lifespan="off", text_mime_types=[*TEXTS])
        try:
            return binary_where_encoded(adapter(event, context))
        except (ValueError, LookupError, AttributeError, TypeError) as mistake:  # in Mangum; ours are answers already
            logger.warning("An event could not be read: %r", mistake)
            return plain(ReasonCode.MALFORMED)


handler = LambdaFunction()
