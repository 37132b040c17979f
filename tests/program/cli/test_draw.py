from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image

from tests.support.command import pixels
from tests.support.server import RunningServer, running_server


def picture(folder: Path) -> str:
    """Return the path of a picture with a gradient and a hole."""
    image = Image.linear_gradient("L").resize((20, 10)).convert("RGBA")
    image.putpixel((0, 0), (0, 0, 0, 0))
    image.save(folder / "picture.png")
    return str(folder / "picture.png")


def test_drawing_and_drawing_again(server: RunningServer, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    words = ("draw", picture(tmp_path), "--at", "30,20", "--url", server.url)
    assert pixels(*words) == 0
    assert "199 of 199 pixels in place" in capsys.readouterr().out
    assert pixels(*words) == 0
    assert "0 placed, 0 rejected" in capsys.readouterr().out


def test_other_sizes_and_dithering(server: RunningServer, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    words = ("draw", picture(tmp_path), "--at", "0,0", "--url", server.url, "--width", "10", "--dither")
    assert pixels(*words, "--rate", "1000", "--name", "painter") == 0
    assert "of 50 pixels in place" in capsys.readouterr().out


def test_a_picture_that_does_not_fit(
    server: RunningServer, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert pixels("draw", picture(tmp_path), "--at", "45,0", "--url", server.url) == 2
    assert "does not fit on the 64 by 48 canvas" in capsys.readouterr().err


def test_a_token_that_is_not_accepted(
    server: RunningServer, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert pixels("draw", picture(tmp_path), "--at", "0,0", "--url", server.url, "--token", "forged") == 2
    assert capsys.readouterr().err.count("\n") == 1


@pytest.mark.slow
def test_it_waits_where_the_limit_says_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with running_server(tmp_path / "data", width="64", height="48", user_rate="80", user_burst="20") as server:
        assert pixels("draw", picture(tmp_path), "--at", "0,0", "--url", server.url, "--rate", "400") == 0
    said = capsys.readouterr().out
    assert "199 of 199 pixels in place" in said
    assert " 0 tried again" not in said
