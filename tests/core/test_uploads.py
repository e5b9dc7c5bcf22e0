"""What people upload is judged by its content, and a picture keeps only what one sees."""

from hashlib import sha256
from io import BytesIO
from zipfile import ZipFile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import ExifTags, Image, PngImagePlugin

from core import errors, uploads
from core.uploads import Kind, receiving

BOTH = (Kind.PNG, Kind.JPEG)


def written(picture, kind, **more):
    content = BytesIO()
    picture.save(content, kind, **more)
    return content.getvalue()


def two_halves(mode="RGB", size=(40, 20)):
    """Black on the left, white on the right."""
    picture = Image.new(mode, size, "white")
    picture.paste("black", (0, 0, size[0] // 2, size[1]))
    return picture


def noise(side, mode="RGB"):
    return Image.effect_noise((side, side), 100).convert(mode)


def accept(content, name="foto.png", kinds=tuple(Kind), declared="image/png"):
    return uploads.accept(SimpleUploadedFile(name, content, declared), kinds=kinds)


def opened(accepted):
    return Image.open(BytesIO(accepted.content))


def test_a_picture_comes_back_as_the_same_picture():
    accepted = accept(written(two_halves(), "PNG"))

    assert (accepted.kind, accepted.extension) == (Kind.PNG, "png")
    assert accepted.kind.value == "image/png"
    assert accepted.size == len(accepted.content)
    assert accepted.sha256 == sha256(accepted.content).hexdigest()
    assert opened(accepted).tobytes() == two_halves().tobytes()


@pytest.mark.parametrize("name", ["foto.pdf", "foto.php", "../../x.png", "con.png", "", "a\x00b"])
def test_neither_name_nor_declared_type_says_what_a_file_is(name):
    accepted = accept(written(two_halves(), "JPEG"), name=name or "x", declared="text/html")

    assert (accepted.kind, accepted.extension) == (Kind.JPEG, "jpg")


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("Surat Kuasa: Ny. Siti", "surat-kuasa-ny-siti.png"),
        ("../../x", "x.png"),
        ("con", "berkas-con.png"),
        ("LPT1", "berkas-lpt1.png"),
        ("", "berkas.png"),
        ("图", "berkas.png"),
        ('a"\r\nSet-Cookie: b', "a-set-cookie-b.png"),
        ("a" * 300, f"{'a' * 60}.png"),
    ],
)
def test_a_download_has_a_name_every_system_can_save(title, name):
    assert accept(written(two_halves(), "PNG")).filename(title) == name


@pytest.mark.parametrize("file", [None, SimpleUploadedFile("kosong.png", b"")])
def test_no_file_and_an_empty_file_are_no_file(file):
    with pytest.raises(uploads.NotAFile) as refusal:
        uploads.accept(file, kinds=BOTH)

    assert refusal.value.code == "not_a_file"


def test_a_file_that_a_form_has_read_is_read_from_its_start():
    file = SimpleUploadedFile("a.png", written(two_halves(), "PNG"))
    file.read()

    assert uploads.accept(file, kinds=BOTH).kind == Kind.PNG


def test_two_megabytes_are_the_most_and_no_more_of_them_are_read():
    class Endless(SimpleUploadedFile):
        def read(self, size=None):
            assert size == uploads.LARGEST + 1
            return b"x" * size

    with pytest.raises(uploads.TooLarge) as refusal:
        uploads.accept(Endless("a", b"x"), kinds=BOTH)

    assert isinstance(refusal.value, errors.TooLarge)
    assert refusal.value.status == 413


def test_exactly_two_megabytes_are_taken():
    content = written(two_halves(), "PNG")

    assert accept(content.ljust(uploads.LARGEST, b"\0")).kind == Kind.PNG


@pytest.mark.parametrize(
    "content",
    [
        b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>",
        b"<?php system($_GET['x']); ?>",
        b"<!doctype html><script>alert(1)</script>",
        b"GIF89a<?php phpinfo();",
        b"PK\x03\x04" + bytes(40),
        written(two_halves(), "GIF"),
        written(two_halves(), "TIFF"),
        written(two_halves(), "WEBP"),
    ],
)
def test_what_is_no_png_jpeg_or_pdf_is_refused(content):
    with pytest.raises(uploads.WrongKind) as refusal:
        accept(content)

    assert refusal.value.code == "wrong_kind"


@pytest.mark.parametrize(
    ("kinds", "named"),
    [
        ([Kind.PDF], "PDF"),
        ([Kind.JPEG, Kind.PNG], "PNG atau JPEG"),
        (set(Kind), "PNG, JPEG, atau PDF"),
    ],
)
def test_the_refusal_names_what_is_taken(kinds, named):
    with pytest.raises(uploads.WrongKind) as refusal:
        accept(b"GIF89a", kinds=kinds)

    said = f"Jenis berkas itu tidak diterima. Kirim berkas {named}."
    assert str(refusal.value) == said


def test_a_kind_nobody_asked_for_is_refused():
    with pytest.raises(uploads.WrongKind):
        accept(written(two_halves(), "JPEG"), kinds=[Kind.PDF])


@pytest.mark.parametrize(
    "content",
    [
        written(two_halves(), "PNG")[:-30],
        written(noise(90), "JPEG")[:-400],
        b"\xff\xd8\xff<?php system('id'); ?>",
        b"\x89PNG\r\n\x1a\n",
        b"\xff\xd8\xff",
    ],
)
def test_what_only_begins_like_a_picture_is_refused(content):
    with pytest.raises(uploads.Broken) as refusal:
        accept(content)

    assert (refusal.value.code, refusal.value.status) == ("broken_file", 422)


def test_no_decoder_but_that_of_the_kind_is_ever_tried(monkeypatch):
    def greedy(*args):
        pytest.fail("tried")

    monkeypatch.setattr(Image, "ID", [*Image.ID, "GREEDY"])
    monkeypatch.setitem(Image.OPEN, "GREEDY", (greedy, None))

    with pytest.raises(uploads.Broken):
        accept(b"\xff\xd8\xff<?php")


def test_the_place_and_the_camera_are_dropped_and_the_picture_stands_upright():
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = 6
    exif[ExifTags.Base.Make] = "Kamera"
    exif[ExifTags.IFD.GPSInfo] = {1: "S", 2: (6.0, 12.0, 30.0)}
    sent = written(two_halves(), "JPEG", exif=exif, comment=b"rahasia", icc_profile=b"profil")

    accepted = accept(sent)

    assert b"Kamera" in sent
    picture = opened(accepted)
    assert picture.size == (20, 40)
    assert picture.getpixel((10, 2)) < (40, 40, 40)
    assert picture.getpixel((10, 37)) > (215, 215, 215)
    assert dict(picture.getexif()) == {}
    assert not [word for word in (b"Kamera", b"rahasia", b"profil") if word in accepted.content]


@pytest.mark.parametrize("orientation", range(1, 9))
def test_every_orientation_is_turned_as_pictures_are_shown(orientation):
    corner = Image.new("RGB", (40, 20), "white")
    corner.paste("black", (0, 0, 10, 5))
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = orientation
    dark = {1: "nw", 2: "ne", 3: "se", 4: "sw", 5: "nw", 6: "ne", 7: "se", 8: "sw"}[orientation]

    picture = opened(accept(written(corner, "PNG", exif=exif)))

    right, bottom = picture.width - 3, picture.height - 3
    corners = {"nw": (2, 2), "ne": (right, 2), "se": (right, bottom), "sw": (2, bottom)}
    found = [name for name, place in corners.items() if picture.getpixel(place) == (0, 0, 0)]
    assert found == [dark]
    assert picture.size == ((40, 20) if orientation < 5 else (20, 40))


def test_the_words_and_profiles_in_a_png_are_dropped():
    words = PngImagePlugin.PngInfo()
    words.add_text("Comment", "rahasia")
    words.add_itxt("XML:com.adobe.xmp", "<?php system('id'); ?>")
    sent = written(two_halves(), "PNG", pnginfo=words, icc_profile=b"profil")

    accepted = accept(sent)

    assert b"rahasia" in sent
    assert opened(accepted).info == {}
    assert b"<?php" not in accepted.content


def test_whatever_hangs_behind_a_picture_is_cut_off():
    archive = BytesIO()
    with ZipFile(archive, "w") as packed:
        packed.writestr("x.php", "<?php system('id'); ?>")
    tail = b"<script>alert(1)</script>" + archive.getvalue()

    accepted = accept(written(two_halves(), "JPEG") + tail)

    assert not [part for part in (b"<script>", b"<?php", b"PK\x03\x04") if part in accepted.content]


@pytest.mark.parametrize("size", [(20_000, 20_000), (10_000, 10_000), (5_000, 4_001)])
def test_more_than_twenty_megapixels_are_refused_before_anything_is_decoded(size, monkeypatch):
    sent = written(Image.new("1", size), "PNG")
    monkeypatch.setattr(Image.Image, "convert", lambda *a, **k: pytest.fail("decoded"))

    with pytest.raises(uploads.TooManyPixels) as refusal:
        accept(sent)

    assert "20 megapiksel" in str(refusal.value)


@pytest.mark.filterwarnings("ignore::PIL.Image.DecompressionBombWarning")
def test_where_the_warning_of_pillow_is_only_a_warning_the_picture_is_refused_as_well():
    with pytest.raises(uploads.TooManyPixels):
        accept(written(Image.new("1", (10_000, 10_000)), "PNG"))


def test_a_picture_of_twenty_megapixels_is_scaled_down():
    accepted = accept(written(Image.new("1", (5_000, 4_000)), "PNG"))

    assert opened(accepted).size == (2_400, 1_920)


def test_a_small_picture_is_not_blown_up():
    assert opened(accept(written(two_halves(), "PNG"))).size == (40, 20)


def test_a_picture_whose_file_would_grow_too_large_is_made_smaller():
    # Few grey values pack well; scaled down once they are many.
    sent = written(noise(3_700, "1"), "PNG")
    assert len(sent) <= uploads.LARGEST

    accepted = accept(sent)

    assert accepted.size <= uploads.LARGEST
    assert opened(accepted).size == (1_200, 1_200)


def test_a_picture_that_stays_too_large_at_any_size_is_refused(monkeypatch):
    monkeypatch.setattr(receiving, "LARGEST", 110_000)
    sent = written(noise(900, "1"), "PNG")

    with pytest.raises(uploads.TooLarge):
        accept(sent)


def test_a_picture_of_a_thousand_scans_is_refused_before_it_keeps_the_server_busy():
    sent = written(two_halves(), "JPEG", progressive=True)
    last = sent[sent.rindex(b"\xff\xda") : -2]

    with pytest.raises(uploads.Broken):
        accept(sent[:-2] + last * 1_000 + b"\xff\xd9")

    assert accept(sent[:-2] + last * 9 + b"\xff\xd9").kind == Kind.JPEG


@pytest.mark.parametrize(
    ("mode", "kind", "kept"),
    [
        ("1", "PNG", "L"),
        ("L", "PNG", "L"),
        ("P", "PNG", "RGB"),
        ("LA", "PNG", "RGBA"),
        ("RGBA", "PNG", "RGBA"),
        ("I;16", "PNG", "L"),
        ("L", "JPEG", "L"),
        ("CMYK", "JPEG", "RGB"),
    ],
)
def test_every_way_to_store_colours_becomes_a_plain_one(mode, kind, kept):
    if mode == "I;16":
        sent = Image.frombytes(mode, (4, 1), b"\0\0\0\x40\0\x80\xff\xff")
    else:
        sent = two_halves().convert(mode)

    picture = opened(accept(written(sent, kind)))

    assert picture.mode == kept
    assert picture.getextrema()[0] in [(0, 255), 0]


def test_grey_of_sixteen_bits_keeps_its_shades():
    sent = Image.frombytes("I;16", (4, 1), b"\0\0\0\x40\0\x80\xff\xff")

    assert opened(accept(written(sent, "PNG"))).tobytes() == b"\x00\x40\x80\xff"


def test_what_was_transparent_stays_transparent():
    sent = two_halves("RGBA")
    sent.putpixel((0, 0), (0, 0, 0, 0))

    assert opened(accept(written(sent.quantize(), "PNG"))).getpixel((0, 0))[3] == 0


def test_of_a_moving_picture_the_first_stays():
    frames = [Image.new("RGB", (8, 8), colour) for colour in ("black", "white")]
    sent = written(frames[0], "PNG", save_all=True, append_images=frames[1:])

    picture = opened(accept(sent))

    assert getattr(picture, "n_frames", 1) == 1
    assert picture.getpixel((0, 0)) == (0, 0, 0)
