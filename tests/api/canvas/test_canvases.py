"""What there is to know about a canvas."""

from __future__ import annotations

from pixels_core.canvas.geometry import Rect
from pixels_core.canvas.palette import Swatch
from pixels_core.errors import ReasonCode
from pixels_core.protocol.messages import Mode
from pixels_core.rules.commands import ChangeLimits, ChangePalette, ChangePause, LockRegion, PostNotice
from pixels_core.rules.effects import Accepted
from pixels_core.rules.token_bucket import RateLimit
from tests.api.conftest import Client, World, assert_problem
from tests.support.hosts import MODERATOR


async def test_a_fresh_canvas(client: Client) -> None:
    body = (await client.get("/api/canvas/main")).json()
    palette = body.pop("palette")
    assert body == {
        "canvas": "main",
        "epoch": "e1",
        "width": 20,
        "height": 10,
        "seq": 0,
        "checksum": 0,
        "limits": {"rate": 20.0, "burst": 200, "addressRate": 200.0, "addressBurst": 2000},
        "locks": [],
        "paused": False,
        "notice": None,
        "mode": "live",
        "online": 0,
    }
    assert len(palette) == 32
    assert palette[0] == {"hex": "#ffffff", "name": "White"}


async def test_everything_a_moderator_changes_shows(world: World, client: Client) -> None:
    host = world.host
    for command in (
        LockRegion(actor=MODERATOR, lock_id="l1", rect=Rect(1, 2, 3, 4), reason="art"),
        ChangeLimits(actor=MODERATOR, per_user=RateLimit(0.2, 5), per_address=RateLimit(2, 50)),
        ChangePause(actor=MODERATOR, paused=True),
        PostNotice(actor=MODERATOR, text="Back soon"),
        ChangePalette(actor=MODERATOR, changes={31: Swatch("#123456", "Ink")}),
    ):
        assert isinstance(await host.execute(command), Accepted)
    host.online, host.mode = 7, Mode.DEGRADED
    body = (await client.get("/api/canvas/main")).json()
    assert body["locks"] == [
        {"id": "l1", "x": 1, "y": 2, "width": 3, "height": 4, "by": "u_moderator", "reason": "art"}
    ]
    assert body["limits"] == {"rate": 0.2, "burst": 5, "addressRate": 2.0, "addressBurst": 50}
    assert (body["paused"], body["notice"], body["mode"], body["online"]) == (True, "Back soon", "degraded", 7)
    assert body["palette"][31] == {"hex": "#123456", "name": "Ink"}
    assert body["seq"] == 5


async def test_head_of_the_canvas(world: World, client: Client) -> None:
    await world.host.place(3, 3, 8)
    body = (await client.get("/api/canvas/main")).json()
    assert (body["seq"], body["checksum"]) == (1, world.host.state.canvas.checksum)


async def test_the_palette(client: Client) -> None:
    body = (await client.get("/api/canvas/main/palette")).json()
    assert len(body["curated"]) == 32
    assert len(body["colors"]) == 248
    assert body["colors"][:32] == [swatch["hex"] for swatch in body["curated"]]
    assert (body["colors"][32], body["colors"][247]) == ("#000000", "#ffffff")


async def test_unknown_canvas(client: Client) -> None:
    """[API-4] Both answers know which canvases there are."""
    for url in ("/api/canvas/nope", "/api/canvas/nope/palette"):
        assert_problem(await client.get(url), 404, ReasonCode.UNKNOWN_CANVAS)
