"""The handshake's checks."""

from __future__ import annotations

import pytest

from pixels_core.errors import PixelsError, ReasonCode
from pixels_core.protocol.messages import SUBPROTOCOL_BINARY, SUBPROTOCOL_JSON
from pixels_core.web.tokens import TokenSigner
from pixels_ws.sockets.handshake import Gatekeeper
from tests.support.builders import T0
from tests.ws.world import EXPIRES, IsolatedSettings, World, make_session


def gatekeeper(**options: object) -> Gatekeeper:
    return Gatekeeper(IsolatedSettings(**options), TokenSigner(b"s" * 32), frozenset({"main"}))  # type: ignore[arg-type]


def reason_of(changes: dict[str, object], user: str = "ada", query: str = "", now: int = T0) -> ReasonCode:
    with pytest.raises(PixelsError) as caught:
        gatekeeper().admit(World({}).scope(user, query, **changes), now)
    return caught.value.code


def test_who_comes_in() -> None:
    query = "canvas=main&since=12&epoch=abc"
    admission = gatekeeper().admit(World({}).scope("ada", query, address="192.0.2.7"), T0)
    assert admission.session == make_session()
    assert (admission.address, admission.canvas) == ("192.0.2.7", "main")
    assert (admission.since, admission.epoch) == (12, "abc")


def test_without_a_query_it_is_a_newcomer_to_the_main_canvas() -> None:
    admission = gatekeeper().admit(World({}).scope(), T0)
    assert (admission.canvas, admission.since, admission.epoch) == ("main", None, None)


@pytest.mark.parametrize(
    ("offered", "chosen"),
    [
        ([SUBPROTOCOL_JSON], SUBPROTOCOL_JSON),
        ([SUBPROTOCOL_BINARY], SUBPROTOCOL_BINARY),
        ([SUBPROTOCOL_JSON, "soap", SUBPROTOCOL_BINARY], SUBPROTOCOL_BINARY),
    ],
)
def test_the_subprotocol_is_one_we_speak(offered: list[str], chosen: str) -> None:
    assert gatekeeper().admit(World({}).scope(subprotocols=offered), T0).subprotocol == chosen


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"subprotocols": []}, ReasonCode.UNSUPPORTED_PROTOCOL),
        ({"subprotocols": ["pixels.v2.json"]}, ReasonCode.UNSUPPORTED_PROTOCOL),
        ({"headers": {"origin": "https://evil.example"}}, ReasonCode.FOREIGN_ORIGIN),
        ({"headers": {"origin": "null"}}, ReasonCode.FOREIGN_ORIGIN),
        ({"headers": {"authorization": None}}, ReasonCode.UNAUTHORIZED),
        ({"headers": {"authorization": "Basic YTpi"}}, ReasonCode.UNAUTHORIZED),
        ({"headers": {"authorization": "Bearer "}}, ReasonCode.UNAUTHORIZED),
        ({"headers": {"authorization": "Bearer a.b"}}, ReasonCode.UNAUTHORIZED),
        ({"headers": {"authorization": "Bearer é.ü"}}, ReasonCode.UNAUTHORIZED),
    ],
)
def test_who_stays_outside(changes: dict[str, object], reason: ReasonCode) -> None:
    """[SOCK-1] Each with the reason."""
    assert reason_of(changes) is reason


@pytest.mark.parametrize("since", ["-1", "x", "1.5", "²", "9" * 17, "9" * 5_000, "1e3", "0x1", "%31%00"])
def test_since_is_a_sequence_number(since: str) -> None:
    """[SOCK-1] However long it is."""
    assert reason_of({}, query=f"since={since}") is ReasonCode.MALFORMED


def test_an_unknown_canvas() -> None:
    """[SOCK-1] Names are compared, never looked up anywhere."""
    assert reason_of({}, query="canvas=../main") is ReasonCode.UNKNOWN_CANVAS


def test_an_expired_token() -> None:
    """[SOCK-1] [SES-1] At its very end."""
    assert reason_of({}, now=EXPIRES) is ReasonCode.EXPIRED


@pytest.mark.parametrize("origin", ["http://pixels.example", "https://pixels.example", "https://art.example"])
def test_known_origins_may_connect(origin: str) -> None:
    """[SES-2] Our own, whatever ends TLS, and those that are allowed."""
    keeper = gatekeeper(allowed_origins=["https://art.example"])
    keeper.admit(World({}).scope(headers={"origin": origin}), T0)


@pytest.mark.parametrize(
    "cookies",
    [
        "pixels_session={}",
        "theme=dark; pixels_session={}; other=1",
        'settings={{"a": [1, 2]}}; pixels_session={}',
        "; =; pixels_session={} ;",
        'pixels_session="{}"',
    ],
)
def test_the_cookie_is_found_among_others(cookies: str) -> None:
    """Cookies of other programs on the same host are none of our business, however they look."""
    world = World({})
    token = world.signer.sign(make_session("bea"))
    headers = {"authorization": None, "cookie": cookies.format(token)}
    assert gatekeeper().admit(world.scope(headers=headers), T0).session.user == "bea"


def test_sockets_of_an_address_are_capped() -> None:
    """[SOCK-2] And one that leaves makes room for another."""
    keeper, world = gatekeeper(max_connections_per_address=2), World({})
    first, _ = keeper.admit(world.scope(), T0), keeper.admit(world.scope("bea"), T0)
    with pytest.raises(PixelsError) as caught:
        keeper.admit(world.scope("cy"), T0)
    assert caught.value.code is ReasonCode.TOO_MANY_CONNECTIONS
    keeper.admit(world.scope("cy", address="10.0.0.2"), T0)
    keeper.release(first)
    keeper.admit(world.scope("cy"), T0)


def test_sockets_of_the_process_are_capped() -> None:
    """[SOCK-2] Wherever they come from."""
    keeper, world = gatekeeper(max_connections=2), World({})
    admissions = [keeper.admit(world.scope(address=f"10.0.0.{n}"), T0) for n in range(2)]
    with pytest.raises(PixelsError, match="full") as caught:
        keeper.admit(world.scope(address="10.0.0.9"), T0)
    assert caught.value.code is ReasonCode.TOO_MANY_CONNECTIONS
    keeper.release(admissions[0])
    keeper.admit(world.scope(address="10.0.0.9"), T0)


def test_a_customer_with_an_ipv6_network_is_one_address() -> None:
    """[SOCK-2] Two addresses of one /64 are one."""
    keeper, world = gatekeeper(max_connections_per_address=1), World({})
    keeper.admit(world.scope(address="2001:db8::1"), T0)
    with pytest.raises(PixelsError):
        keeper.admit(world.scope(address="2001:db8::2"), T0)


def test_forwarded_addresses_are_believed_of_our_proxies_only() -> None:
    """[API-5] Also on the socket."""
    headers = {"x-forwarded-for": "192.0.2.1"}
    scope = World({}).scope(headers=headers)
    assert gatekeeper().admit(scope, T0).address == "10.0.0.1"
    assert gatekeeper(trusted_proxies="10.0.0.0/8").admit(scope, T0).address == "192.0.2.1"


def test_a_refusal_counts_nothing() -> None:
    keeper, world = gatekeeper(max_connections_per_address=1), World({})
    for _ in range(3):
        with pytest.raises(PixelsError):
            keeper.admit(world.scope(subprotocols=[]), T0)
    keeper.admit(world.scope(), T0)
