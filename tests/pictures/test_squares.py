"""What comes out of a picture from outside: pixels, and nothing else; and nothing at all of what is none."""

import asyncio
import inspect
import sys
import time
from importlib import import_module
from io import BytesIO

import pytest
from PIL import Image

from forum.errors import Invalid
from forum.pictures import squares
from forum.pictures.squares import squares_of
from tests.pictures.made import SECRET, a_bomb, a_picture, a_telephones_picture, written

SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
NO_PICTURES = {
    "nothing": b"", "text": b"hello", "svg": SVG, "html": b"<!doctype html><script>alert(1)</script>",
    "half": a_picture()[:60], "bmp": a_picture("BMP"), "tiff": a_picture("TIFF"), "ico": a_picture("ICO"),
    "pdf": a_picture("PDF"), "eps": b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n",
    "zeros": b"\0" * 9000,
    "only a sign": b"\x89PNG\r\n\x1a\n", "gif of nothing": b"GIF89a\0\0\0\0\0\0\0;",
    "webp": b"RIFF\x10\0\0\0WEBPVP8 ",
}  # fmt: skip


def opened(body: bytes) -> Image.Image:
    return Image.open(BytesIO(body), formats=("WEBP",))


@pytest.mark.parametrize("format", ["JPEG", "PNG", "WEBP", "GIF"])
async def test_each_format_becomes_squares(format: str) -> None:
    found = await squares_of(a_picture(format))
    assert {size: opened(body).size for size, body in found.items()} == {96: (96, 96), 240: (240, 240)}


@pytest.mark.parametrize("mode", ["L", "LA", "P", "RGBA", "1", "I;16"])
async def test_each_kind_of_pixel_is_read(mode: str) -> None:
    found = await squares_of(written(Image.new(mode, (50, 80)), "PNG"))
    assert opened(found[96]).mode == "RGB"


async def test_a_printers_picture_is_read_too() -> None:
    assert opened((await squares_of(a_picture("JPEG", mode="CMYK")))[96]).size == (96, 96)


async def test_what_is_transparent_is_white() -> None:
    found = await squares_of(written(Image.new("RGBA", (50, 50), (255, 0, 0, 0)), "PNG"))
    assert opened(found[96]).getpixel((48, 48)) == (255, 255, 255)


async def test_a_telephones_picture_stands_upright_and_tells_no_place() -> None:
    raw = a_telephones_picture()
    assert SECRET.encode() in raw
    for body in (await squares_of(raw)).values():
        image = opened(body)
        above, below = image.getpixel((48, 10)), image.getpixel((48, image.height - 10))
        assert above[0] > 200 > above[2], "red above"
        assert below[2] > 200 > below[0], "blue below"
        assert dict(image.getexif()) == {}
        assert not {"exif", "icc_profile", "xmp", "comment"} & image.info.keys()
        assert SECRET.encode() not in body
        assert b"EXIF" not in body


@pytest.mark.parametrize("name", NO_PICTURES)
async def test_cve_2024_53863_what_is_no_picture_is_refused(name: str) -> None:
    with pytest.raises(Invalid) as refused:
        await squares_of(NO_PICTURES[name])
    assert set(refused.value.fields) == {"picture"}


@pytest.mark.parametrize(("width", "height"), [(60_000, 60_000), (2**31 - 1, 2**31 - 1), (50_000_001, 1)])
async def test_a_bomb_is_refused_before_it_is_opened(width: int, height: int) -> None:
    began = time.monotonic()
    with pytest.raises(Invalid):
        await squares_of(a_bomb(width, height))
    assert time.monotonic() - began < squares.SECONDS


async def test_a_large_picture_of_a_camera_is_read() -> None:
    assert len(await squares_of(a_picture("JPEG", (8000, 6000)))) == 2


async def test_cve_2023_4863_one_that_takes_too_long_is_killed(monkeypatch: pytest.MonkeyPatch) -> None:
    """A process that never answers: here, one that waits for ever instead of reading."""
    monkeypatch.setattr(squares, "SECONDS", 0.5)
    made = asyncio.create_subprocess_exec
    processes = []

    async def one_that_sleeps(*_command: str, **options: object) -> asyncio.subprocess.Process:
        sleep = (sys.executable, "-c", "import time; time.sleep(600)")
        processes.append(await made(*sleep, **options))  # type: ignore[arg-type]
        return processes[-1]

    monkeypatch.setattr(asyncio, "create_subprocess_exec", one_that_sleeps)
    with pytest.raises(Invalid):
        await squares_of(a_picture())
    assert processes[0].returncode == -9


@pytest.mark.parametrize(
    ("does", "said"),
    [("len(bytearray(200 * 2**20))", b"MemoryError"), ("[0 for _ in iter(int, 1)]", b"")],
    ids=["takes too much memory", "never ends"],
)
async def test_lottapixel_the_process_that_reads_a_picture_is_bounded(does: str, said: bytes) -> None:
    """By the system itself, whatever a decoder does: here, one with less to spend, so that it dies sooner."""
    bounds = "from forum.apart.parts import bounded; bounded(150 * 2**20, 1); print('bounded', flush=True)"
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-c",
        f"{bounds}; {does}",
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    told, errors = await process.communicate()
    assert told == b"bounded\n"
    assert process.returncode != 0
    assert said in errors


@pytest.mark.parametrize("worker", ["pictures", "uploads"])
def test_each_process_that_reads_pictures_bounds_itself_before_it_reads(worker: str) -> None:
    module = import_module(f"forum.{worker}.worker")
    body = inspect.getsource(module.main)
    assert body.index("bounded(") < body.index("given()") < body.index("MAX_PIXELS")
    assert module.MAX_MEMORY <= 768 * 2**20
    assert module.MAX_SECONDS <= 12
