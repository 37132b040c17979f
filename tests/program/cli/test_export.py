from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image

from tests.support.command import pixels
from tests.support.server import RunningServer


@pytest.fixture
def drawn(server: RunningServer, tmp_path: Path) -> RunningServer:
    Image.new("RGB", (8, 8), (255, 69, 0)).save(tmp_path / "red.png")
    assert pixels("draw", str(tmp_path / "red.png"), "--at", "4,4", "--url", server.url) == 0
    return server


def test_the_server_and_its_database_give_the_same_picture(drawn: RunningServer, tmp_path: Path) -> None:
    online, offline = tmp_path / "online.png", tmp_path / "offline.png"
    assert pixels("export", str(online), "--url", drawn.url) == 0
    assert pixels("export", str(offline), "--data", str(drawn.data_dir)) == 0
    with Image.open(online) as one, Image.open(offline) as other:
        assert one.convert("RGB").tobytes() == other.convert("RGB").tobytes()
        assert one.size == (64, 48)
        assert one.convert("RGB").getpixel((11, 11)) == (255, 69, 0)


@pytest.mark.parametrize("online", [True, False])
def test_a_part_enlarged(drawn: RunningServer, tmp_path: Path, *, online: bool) -> None:
    source = ("--url", drawn.url) if online else ("--data", str(drawn.data_dir))
    file = tmp_path / "part.jpg"
    assert pixels("export", str(file), *source, "--region", "4,4,10,5", "--scale", "3") == 0
    with Image.open(file) as image:
        assert (image.format, image.size) == ("JPEG", (30, 15))


def test_errors(drawn: RunningServer, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert pixels("export", str(tmp_path / "no" / "x.png"), "--url", drawn.url) == 2
    assert pixels("export", str(tmp_path / "x.png"), "--url", drawn.url, "--region", "64,0,1,1") == 2
    assert pixels("export", str(tmp_path / "x.png"), "--url", drawn.url, "--scale", "17") == 2
    error = capsys.readouterr().err
    assert "Cannot write" in error
    assert "outside" in error
