"""Sessions over HTTP: who gets one, who keeps one, who is refused."""

from __future__ import annotations

import re

import httpx
import pytest

from pixels_core.errors import ReasonCode
from pixels_core.protocol.messages import Role
from pixels_core.web.tokens import Session, TokenSigner
from tests.api.conftest import START, Client, World, assert_problem

URL = "/api/session"
DAY_MS = 86_400_000


def bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


def token_of(world: World, role: Role = Role.MODERATOR, expires_at: int = START + DAY_MS) -> str:
    return world.signer.sign(Session(user="u_known", name="Ada", role=role, expires_at=expires_at))


async def test_a_stranger_gets_a_session(world: World, client: Client) -> None:
    """[SES-1] The answer, the cookie and the token say the same."""
    answer = await client.post(URL, json={"name": "Ada"})
    assert answer.status_code == 200
    body = answer.json()
    assert re.fullmatch(r"u_[a-z0-9]{16}", body["user"])
    assert (body["name"], body["role"], body["expiresAt"]) == ("Ada", "painter", START + 30 * DAY_MS)
    cookie = answer.headers["Set-Cookie"]
    assert cookie.startswith(f"pixels_session={body['token']};")
    assert {part.strip().lower() for part in cookie.split(";")[1:]} == {
        "httponly", "samesite=lax", "path=/", f"max-age={30 * 86_400}",
    }  # fmt: skip
    assert answer.headers["Cache-Control"] == "no-store"
    session = world.signer.verify(body["token"], START)
    assert (session.user, session.name, session.role) == (body["user"], "Ada", Role.PAINTER)
    assert await world.host.store.names([body["user"]]) == {body["user"]: "Ada"}
    assert (await client.get(URL)).json() == {key: value for key, value in body.items() if key != "token"}


@pytest.mark.parametrize("body", [None, b"", b"{}", b"null", b'{"name": null}', b'{"name": ""}', b'{"other": 1}'])
async def test_a_name_is_not_needed(client: Client, body: bytes | None) -> None:
    answer = await client.post(URL, content=body)
    assert answer.status_code == 200
    assert answer.json()["name"] is None


async def test_strangers_are_different_users(client: Client) -> None:
    users = set()
    for _ in range(20):
        client.cookies.clear()
        users.add((await client.post(URL)).json()["user"])
    assert len(users) == 20


@pytest.mark.parametrize("carrier", ["cookie", "bearer"])
async def test_a_session_is_renewed(world: World, client: Client, carrier: str) -> None:
    """[SES-1] The user and the role stay, the end moves; a name changes only where one is given."""
    token = token_of(world)
    if carrier == "cookie":
        client.cookies.set("pixels_session", token)
    headers = bearer(token) if carrier == "bearer" else {}
    world.clock.advance(DAY_MS // 2)
    renewed = (await client.post(URL, headers=headers, json={})).json()
    assert (renewed["user"], renewed["name"], renewed["role"]) == ("u_known", "Ada", "moderator")
    assert renewed["expiresAt"] == world.clock.now() + 30 * DAY_MS
    renamed = (await client.post(URL, headers=headers, json={"name": " Grace\u0007 \u202e"})).json()
    assert (renamed["user"], renamed["name"]) == ("u_known", "Grace")
    assert await world.host.store.names(["u_known"]) == {"u_known": "Grace"}


async def test_the_bearer_wins_over_the_cookie(world: World, client: Client) -> None:
    await client.post(URL)
    assert (await client.get(URL, headers=bearer(token_of(world)))).json()["user"] == "u_known"


async def test_a_worn_out_cookie_makes_a_new_user(world: World, client: Client) -> None:
    client.cookies.set("pixels_session", token_of(world, expires_at=START))
    body = (await client.post(URL)).json()
    assert body["user"] != "u_known"
    assert body["role"] == "painter"


@pytest.mark.parametrize(
    ("forge", "code"),
    [
        (lambda world: token_of(world, expires_at=START), ReasonCode.EXPIRED),
        (lambda _: token_of(World(signer=TokenSigner(b"x" * 32))), ReasonCode.UNAUTHORIZED),
        (lambda world: token_of(world)[:-2], ReasonCode.UNAUTHORIZED),
        (lambda world: "e30." + token_of(world).split(".")[1], ReasonCode.UNAUTHORIZED),
        (lambda _: "rubbish", ReasonCode.UNAUTHORIZED),
        (lambda _: "", ReasonCode.UNAUTHORIZED),
        (lambda _: "a" * 5000, ReasonCode.UNAUTHORIZED),
    ],
)  # fmt: skip
async def test_bad_tokens(world: World, client: Client, forge: object, code: ReasonCode) -> None:
    """[SES-1] [API-4] A forged or expired token is refused with its code, on every way in."""
    assert callable(forge)
    token = forge(world)
    for answer in (
        await client.get(URL, headers=bearer(token)),
        await client.post(URL, headers=bearer(token)),
        await client.get(URL, headers={"Cookie": f"pixels_session={token}"}),
    ):
        assert_problem(answer, 401, code)
        assert answer.headers["WWW-Authenticate"] == "Bearer"
        assert "Set-Cookie" not in answer.headers


async def test_without_a_session(client: Client) -> None:
    """[API-4] Nobody is nobody."""
    assert_problem(await client.get(URL), 401, ReasonCode.UNAUTHORIZED)


async def test_forget_me(client: Client) -> None:
    await client.post(URL)
    answer = await client.delete(URL)
    assert (answer.status_code, answer.content) == (204, b"")
    assert "max-age=0" in answer.headers["Set-Cookie"].lower()
    assert (await client.get(URL)).status_code == 401


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        (b'{"name": "' + b"x" * 33 + b'"}', 413, ReasonCode.TOO_LARGE),
        (b'{"name": 5}', 400, ReasonCode.MALFORMED),
        (b'{"name": ["a"]}', 400, ReasonCode.MALFORMED),
        (b"[]", 400, ReasonCode.MALFORMED),
        (b"{", 400, ReasonCode.MALFORMED),
        (b'{"name": NaN}', 400, ReasonCode.MALFORMED),
        (b"\xff\xfe", 400, ReasonCode.MALFORMED),
        (b"[" * 60_000, 400, ReasonCode.MALFORMED),
        (b" " * (64 * 1024 + 1), 413, ReasonCode.TOO_LARGE),
    ],
    ids=lambda value: repr(value)[:20],
)
async def test_bad_bodies(client: Client, body: bytes, status: int, code: ReasonCode) -> None:
    """[API-4] A body is limited in size and checked, and the problem tells which."""
    answer = await client.post(URL, content=body, headers={"Content-Type": "application/json"})
    assert_problem(answer, status, code)
    assert "Set-Cookie" not in answer.headers


@pytest.mark.parametrize("name", ["\x00\x07\x1b", "   ", "\u200b\u202e"])
async def test_a_name_of_nothing_visible_is_none(client: Client, name: str) -> None:
    assert (await client.post(URL, json={"name": name})).json()["name"] is None


@pytest.mark.parametrize("method", ["POST", "DELETE"])
@pytest.mark.parametrize("origin", ["https://evil.example", "null", "https://pixels.example.evil.example"])
async def test_a_foreign_page_is_refused(world: World, method: str, origin: str) -> None:
    """[SES-2] Nothing happens for it: no session, no renewal, no name, not even a token of the limit."""
    world.options["sessions_per_minute"] = 1
    async with world.from_address("192.0.2.1") as client:
        client.cookies.set("pixels_session", token_of(world))
        for _ in range(3):
            answer = await client.request(method, URL, headers={"Origin": origin}, content=b'{"name": "Mallory"}')
            assert_problem(answer, 403, ReasonCode.FOREIGN_ORIGIN)
            assert "Set-Cookie" not in answer.headers
        assert (await client.post(URL)).status_code == 200
    assert await world.host.store.names(["u_known"]) == {}


async def test_our_own_page_and_allowed_ones_may(world: World) -> None:
    """[SES-2] The own origin and the configured ones pass."""
    world.options["allowed_origins"] = ("https://friend.example",)
    async with world.from_address("192.0.2.1") as client:
        for origin in ("http://pixels.example", "https://pixels.example", "https://friend.example"):
            assert (await client.post(URL, headers={"Origin": origin})).status_code == 200


async def flood(client: httpx.AsyncClient, times: int, forwarded: str | None = None) -> list[int]:
    headers = {"X-Forwarded-For": forwarded} if forwarded else {}
    return [(await client.post(URL, headers=headers)).status_code for _ in range(times)]


async def test_a_flood_of_sessions_is_stopped(world: World) -> None:
    """[API-4] Beyond the limit: 429 with the time to wait, in the body and in Retry-After."""
    world.options["sessions_per_minute"] = 3
    async with world.from_address("192.0.2.1") as client:
        assert await flood(client, 3) == [200, 200, 200]
        answer = await client.post(URL)
        assert assert_problem(answer, 429, ReasonCode.RATE_LIMITED)["retryAfterMs"] == 20_000
        assert answer.headers["Retry-After"] == "20"
        world.clock.advance(19_999)
        assert (await client.post(URL)).status_code == 429
        world.clock.advance(1)
        assert await flood(client, 2) == [200, 429]


async def test_only_a_trusted_proxy_names_the_client(world: World) -> None:
    """[API-5] Behind the proxy each client has its own limit; without one the header changes nothing."""
    world.options |= {"sessions_per_minute": 1, "trusted_proxies": ("10.0.0.0/8",)}
    async with world.from_address("10.0.0.7") as proxy:
        assert await flood(proxy, 2, "192.0.2.1") == [200, 429]
        assert await flood(proxy, 2, "192.0.2.2") == [200, 429]
        assert await flood(proxy, 1, "1.1.1.1, 192.0.2.2") == [429]


async def test_a_stranger_cannot_name_another_client(world: World) -> None:
    """[API-5] The header of an untrusted peer is not read."""
    world.options |= {"sessions_per_minute": 1, "trusted_proxies": ("10.0.0.0/8",)}
    async with world.from_address("192.0.2.9") as stranger:
        assert await flood(stranger, 1, "192.0.2.3") == [200]
        assert await flood(stranger, 1, "192.0.2.4") == [429]


@pytest.mark.parametrize(
    ("secure", "peer", "protocol", "expected"),
    [
        ("auto", "192.0.2.1", None, False),
        ("auto", "192.0.2.1", "https", False),
        ("auto", "10.0.0.1", "https", True),
        ("auto", "10.0.0.1", "http", False),
        ("always", "192.0.2.1", None, True),
        ("never", "10.0.0.1", "https", False),
    ],
)
async def test_secure_cookies(world: World, secure: str, peer: str, protocol: str | None, expected: bool) -> None:
    """[API-5] Over HTTPS the cookie is for HTTPS only; a proxy's word counts if it is ours."""
    world.options |= {"cookie_secure": secure, "trusted_proxies": ("10.0.0.0/8",)}
    async with world.from_address(peer) as client:
        answer = await client.post(URL, headers={"X-Forwarded-Proto": protocol} if protocol else {})
    assert ("Secure" in answer.headers["Set-Cookie"]) is expected


async def test_https_without_a_proxy(world: World) -> None:
    async with world.from_address("192.0.2.1") as client:
        answer = await client.post("https://pixels.example/api/session")
    assert "Secure" in answer.headers["Set-Cookie"]
