"""A picture is decoded whole, stripped and written again; a signature must hold ink."""

import contextlib
import io
import random
import warnings

import pytest
from PIL import Image, ImageDraw

from xincai.desk import pictures
from xincai.errors import Problem


def written(picture: Image.Image, form: str, **options: object) -> bytes:
    out = io.BytesIO()
    picture.save(out, form, **options)
    return out.getvalue()


def field(size: tuple[int, int] = (640, 480)) -> Image.Image:
    picture = Image.linear_gradient("L").resize(size).convert("RGB")
    ImageDraw.Draw(picture).rectangle((50, 50, 200, 150), fill=(40, 120, 60))
    return picture


def test_a_photograph_loses_its_place_and_camera() -> None:
    exif = Image.Exif()
    exif[0x010F] = "CAMERA-MAKER"
    exif.get_ifd(0x8825)[1] = "N"
    data = written(field(), "JPEG", exif=exif.tobytes())
    assert b"CAMERA-MAKER" in data
    kept = pictures.photograph(data)
    assert b"CAMERA-MAKER" not in kept
    assert not Image.open(io.BytesIO(kept)).getexif()


def test_a_photograph_taken_upright_stays_upright() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    kept = pictures.photograph(written(field((640, 480)), "JPEG", exif=exif.tobytes()))
    assert Image.open(io.BytesIO(kept)).size == (480, 640)


def test_a_large_photograph_is_brought_down() -> None:
    kept = Image.open(io.BytesIO(pictures.photograph(written(field((4000, 3000)), "PNG"))))
    assert kept.size == (2000, 1500)


@pytest.mark.parametrize("share", [0.1, 0.5, 0.98])
def test_a_truncated_picture_is_refused(share: float) -> None:
    data = written(field(), "JPEG")
    with pytest.raises(Problem, match="desk.picture_unreadable"):
        pictures.photograph(data[: int(len(data) * share)])


def test_what_is_no_picture_is_refused() -> None:
    with pytest.raises(Problem, match="desk.picture_unreadable"):
        pictures.photograph(b"<html>login</html>")


def test_a_picture_bomb_is_refused_before_it_is_decoded() -> None:
    bomb = written(Image.new("1", (9000, 9000)), "PNG")
    assert len(bomb) < 100_000
    with pytest.raises(Problem, match="desk.picture_too_many_pixels"):
        pictures.photograph(bomb)


@pytest.mark.parametrize("paper", [(255, 255, 255, 255), (0, 0, 0, 0)])
def test_an_empty_signature_is_refused(paper: tuple[int, int, int, int]) -> None:
    with pytest.raises(Problem, match="desk.signature_empty"):
        pictures.signature(written(Image.new("RGBA", (400, 200), paper), "PNG"))


def test_a_signature_with_a_stroke_is_kept() -> None:
    pad = Image.new("RGBA", (400, 200), (255, 255, 255, 255))
    ImageDraw.Draw(pad).line((20, 20, 300, 150), fill=(0, 0, 0, 255), width=3)
    assert pictures.signature(written(pad, "PNG")).startswith(b"\x89PNG")


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP", "BMP"])
def test_bytes_that_lie_about_themselves_are_a_problem_and_no_bug_of_ours(form: str) -> None:
    exif = Image.Exif()
    exif[0x0112], exif[0x010F] = 6, "CAMERA-MAKER"
    exif.get_ifd(0x8825)[2] = (1.0, 2.0, 3.0)
    whole = written(field((64, 48)), form, **({} if form == "BMP" else {"exif": exif.tobytes()}))
    chance = random.Random(form)
    with warnings.catch_warnings(action="ignore"):
        for _ in range(150):
            data = bytearray(whole)
            for _ in range(3):
                data[chance.randrange(min(len(data), 400))] = chance.randrange(256)
            for keep in (pictures.photograph, pictures.signature):
                with contextlib.suppress(Problem):
                    assert keep(bytes(data))


@pytest.mark.parametrize("form", ["TIFF", "GIF", "EPS", "ICO"])
def test_only_what_cameras_write_is_opened(form: str) -> None:
    with pytest.raises(Problem, match=r"desk\.picture_unreadable"):
        pictures.photograph(written(field((64, 48)), form))
