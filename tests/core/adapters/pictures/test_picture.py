from __future__ import annotations

from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

from pixels_core.adapters.pictures.picture import PictureKind, kind_of, read_picture, render
from pixels_core.canvas.canvas import Canvas
from pixels_core.canvas.geometry import Rect, Size
from pixels_core.canvas.palette import Palette
from pixels_core.errors import ClientFault, ConfigurationError


def canvas() -> Canvas:
    it = Canvas(Size(6, 4))
    it.update([(7, 7), (23, 4)])
    return it


def test_a_png_has_the_palettes_own_colours() -> None:
    image = Image.open(BytesIO(render(canvas(), Palette(), PictureKind.PNG))).convert("RGB")
    assert image.size == (6, 4)
    assert image.getpixel((1, 1)) == (0xFF, 0x45, 0x00)
    assert image.getpixel((5, 3)) == (0, 0, 0)
    assert image.getpixel((0, 0)) == (255, 255, 255)


def test_a_region_that_sticks_out_is_cut_and_scaled() -> None:
    file = render(canvas(), Palette(), PictureKind.PNG, Rect(1, 1, 100, 100), scale=3)
    image = Image.open(BytesIO(file)).convert("RGB")
    assert image.size == (15, 9)
    assert image.getpixel((2, 2)) == (0xFF, 0x45, 0x00)
    with pytest.raises(ClientFault):
        render(canvas(), Palette(), PictureKind.PNG, Rect(6, 0, 1, 1))


def test_a_jpeg_is_close_to_the_colours() -> None:
    image = Image.open(BytesIO(render(canvas(), Palette(), PictureKind.JPG, scale=8)))
    assert image.format == "JPEG"
    red, green, blue = image.getpixel((12, 12))  # type: ignore[misc]
    assert abs(red - 0xFF) + abs(green - 0x45) + abs(blue) < 30


@pytest.mark.parametrize(("name", "kind"), [("a.png", "png"), ("a.JPG", "jpg"), ("a.b.jpeg", "jpg")])
def test_kinds(name: str, kind: str) -> None:
    assert kind_of(Path(name)) == kind


def test_other_kinds() -> None:
    with pytest.raises(ConfigurationError):
        kind_of(Path("a.gif"))


def test_reading_scales_and_keeps_transparency(tmp_path: Path) -> None:
    Image.new("RGBA", (40, 20), (10, 20, 30, 40)).save(tmp_path / "a.png")
    image = read_picture(tmp_path / "a.png", width=10)
    assert (image.mode, image.size) == ("RGBA", (10, 5))
    assert image.getpixel((3, 3))[3] == 40  # type: ignore[index]


def test_what_cannot_be_read(tmp_path: Path) -> None:
    (tmp_path / "text.png").write_text("no picture")
    with pytest.raises(ConfigurationError, match="not a picture"):
        read_picture(tmp_path / "text.png")
    with pytest.raises(ConfigurationError, match="No such file"):
        read_picture(tmp_path / "missing.png")
    Image.new("RGB", (50, 50)).save(tmp_path / "cut.png")
    (tmp_path / "cut.png").write_bytes((tmp_path / "cut.png").read_bytes()[:60])
    with pytest.raises(ConfigurationError):
        read_picture(tmp_path / "cut.png")
    Image.new("RGB", (1, 50)).save(tmp_path / "tower.png")
    with pytest.raises(ConfigurationError, match="high"):
        read_picture(tmp_path / "tower.png", width=4000)
