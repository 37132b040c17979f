"""The web client's files: cached as they should be, and nothing but them."""

from __future__ import annotations

from pathlib import Path

import httpx
import pytest

from pixels_api.http import client_files
from pixels_api.http.client_files import ClientFiles
from pixels_core.errors import ClientFault, ConfigurationError, ReasonCode
from tests.api.conftest import World, assert_problem

PAGE = b"<!doctype html><title>Pixels</title>" + b" " * 2_000
SCRIPT = "assets/index-BZ0Rc8sd.js"


@pytest.fixture
def built(tmp_path: Path) -> Path:
    """Return a folder like the one that Vite makes, with a secret beside it."""
    (tmp_path / "secret.txt").write_text("secret")
    folder = tmp_path / "dist"
    (folder / "assets").mkdir(parents=True)
    (folder / "index.html").write_bytes(PAGE)
    (folder / SCRIPT).write_text("console.log('hello');" * 100)
    (folder / f"{SCRIPT}.map").write_text("{}")
    (folder / "sw.js").write_text("self.addEventListener('fetch', () => undefined);")
    (folder / "favicon.svg").write_text("<svg xmlns='http://www.w3.org/2000/svg'/>")
    (folder / "touch.png").write_bytes(bytes(500))
    (folder / "link.txt").symlink_to(tmp_path / "secret.txt")
    return folder


@pytest.fixture
def site(world: World, built: Path) -> httpx.AsyncClient:
    world.options["client_dir"] = built
    return world.from_address("192.0.2.1")


@pytest.mark.parametrize("path", ["/", "/index.html", "/about", "/some/deep/page", "/?canvas=main"])
async def test_the_page_answers_for_itself_and_its_own_addresses(site: httpx.AsyncClient, path: str) -> None:
    answer = await site.get(path)
    assert answer.status_code == 200
    assert answer.content == PAGE
    assert answer.headers["Content-Type"] == "text/html; charset=utf-8"
    assert answer.headers["Cache-Control"] == "no-cache"


async def test_hashed_files_are_kept_for_ever(site: httpx.AsyncClient) -> None:
    answer = await site.get("/" + SCRIPT)
    assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert answer.headers["Content-Type"].startswith("text/javascript")
    assert (await site.get("/favicon.svg")).headers["Cache-Control"] == "no-cache"


async def test_the_service_worker_is_asked_for_again_at_each_visit(site: httpx.AsyncClient) -> None:
    """An update reaches people only if no cache holds its worker back and the page's policy lets it start."""
    answer = await site.get("/sw.js")
    assert answer.headers["Cache-Control"] == "no-cache"
    assert answer.headers["Content-Type"].startswith("text/javascript")
    policy = answer.headers["Content-Security-Policy"]
    assert policy == (await site.get("/")).headers["Content-Security-Policy"]
    assert "worker-src 'self'" in policy
    assert "connect-src 'self'" in policy, "it fetches the page's files under its own policy"


@pytest.mark.parametrize("encoding", ["br", "gzip", "identity"])
async def test_files_travel_compressed_and_are_not_sent_twice(site: httpx.AsyncClient, encoding: str) -> None:
    """[API-2] A file's tag is that of its contents in its encoding."""
    answer = await site.get("/", headers={"Accept-Encoding": encoding})
    assert answer.headers.get("Content-Encoding", "identity") == encoding
    assert answer.headers["Vary"] == "Accept-Encoding"
    assert answer.content == PAGE
    tag = answer.headers["ETag"]
    again = await site.get("/", headers={"Accept-Encoding": encoding, "If-None-Match": tag})
    assert (again.status_code, again.content, again.headers["ETag"]) == (304, b"", tag)
    other = await site.get("/" + SCRIPT, headers={"Accept-Encoding": encoding, "If-None-Match": tag})
    assert other.status_code == 200


async def test_pictures_are_not_compressed_again(site: httpx.AsyncClient) -> None:
    answer = await site.get("/touch.png", headers={"Accept-Encoding": "br"})
    assert "Content-Encoding" not in answer.headers
    assert answer.headers["Content-Type"] == "image/png"


@pytest.mark.parametrize(
    "path",
    [
        "/secret.txt",
        "/../secret.txt",
        "/..%2fsecret.txt",
        "/%2e%2e/secret.txt",
        "/assets/../../secret.txt",
        "/assets/..%2f..%2fsecret.txt",
        "/..%5csecret.txt",
        "//etc/passwd.txt",
        "/link.txt",
        f"/{SCRIPT}.map",
        "/assets/missing",
        "/missing.js",
        "/index.html%00.txt",
        "/.env",
        "/.git/config.lock",
    ],
)
async def test_nothing_else_is_served(site: httpx.AsyncClient, path: str) -> None:
    """[API-4] What is not a file of the client is not there, whatever the path looks like."""
    answer = await site.get(httpx.URL("http://pixels.example").copy_with(raw_path=path.encode()))
    assert_problem(answer, 404, ReasonCode.NOT_FOUND)
    assert "secret" not in answer.text


async def test_the_api_is_not_hidden(site: httpx.AsyncClient) -> None:
    assert (await site.get("/healthz")).json() == {"status": "ok"}
    assert (await site.get("/api/canvas/main")).status_code == 200
    assert_problem(await site.get("/api/nothing"), 404, ReasonCode.NOT_FOUND)
    assert_problem(await site.post("/"), 405, ReasonCode.MALFORMED)


def test_every_odd_path_is_just_a_name(built: Path) -> None:
    files = ClientFiles.load(built)
    for path in ("../secret.txt", "assets/../index.html", "./index.html", "C:\\index.html", "\0.js"):
        with pytest.raises(ClientFault):
            files.find(path)


def test_a_folder_that_is_no_client(tmp_path: Path, built: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(ConfigurationError, match="is not a built client"):
        ClientFiles.load(tmp_path)
    monkeypatch.setattr(client_files, "_MAX_BYTES", 100)
    with pytest.raises(ConfigurationError, match="is too large"):
        ClientFiles.load(built)
