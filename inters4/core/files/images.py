"""Images are painted anew: no metadata, no place, no camera, nothing hidden after the pixels."""

import io
from typing import TYPE_CHECKING

from inters4.core.files.kinds import JPEG, PNG, WEBP, FileKind
from inters4.core.files.refusals import FileRefused
from inters4.core.i18n import _
from inters4.core.values import dataclass

if TYPE_CHECKING:
    from PIL import Image

MAX_PIXELS = 40_000_000
_FORMATS = {PNG: "PNG", JPEG: "JPEG", WEBP: "WEBP"}
_MODES = {"PNG": {"1", "L", "LA", "P", "RGB", "RGBA"}, "JPEG": {"L", "RGB"}}
_OPTIONS: dict[str, dict[str, int | bool]] = {
    "PNG": {"optimize": False},
    "JPEG": {"quality": 88, "optimize": True},
    "WEBP": {"quality": 86, "method": 4},
}


@dataclass(frozen=True, slots=True)
class Picture:
    """An image as it is kept."""

    data: bytes
    width: int
    height: int


def repaint(data: bytes, kind: FileKind) -> Picture:
    """The first frame of an image, upright, in its own format, without metadata.

    Raises:
        FileRefused: damaged, or so many pixels that opening it would exhaust the memory.
    """
    from PIL import Image, ImageOps  # noqa: PLC0415  (5 MB, and images are seldom deposited)

    form = _FORMATS[kind]
    try:
        with Image.open(io.BytesIO(data), formats=[form]) as opened:
            if opened.width * opened.height > MAX_PIXELS:
                raise _too_many_pixels()
            picture = _plain_mode(ImageOps.exif_transpose(opened), form)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise _too_many_pixels() from None
    except (OSError, ValueError, SyntaxError, TypeError, IndexError, KeyError, OverflowError):
        raise FileRefused(_("Cette image est endommagée : enregistrez-la de nouveau.")) from None
    painted = Image.new(picture.mode, picture.size)
    if (palette := picture.getpalette()) is not None:
        painted.putpalette(palette)
    painted.paste(picture)
    options = dict(_OPTIONS[form])
    if picture.mode == "P" and "transparency" in picture.info:
        options["transparency"] = picture.info["transparency"]
    sink = io.BytesIO()
    painted.save(sink, format=form, **options)
    return Picture(sink.getvalue(), painted.width, painted.height)


def _plain_mode(picture: "Image.Image", form: str) -> "Image.Image":
    """One of the modes that the format keeps as they are; CMYK and 16 bits become RGB."""
    picture.load()
    if picture.mode in _MODES.get(form, {"RGB", "RGBA"}):
        return picture
    has_alpha = "A" in picture.getbands() or "transparency" in picture.info
    return picture.convert("RGBA" if has_alpha and form != "JPEG" else "RGB")


def _too_many_pixels() -> FileRefused:
    return FileRefused(_("Cette image compte trop de pixels : réduisez-la à 40 mégapixels."))
