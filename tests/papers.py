"""What tests ask of a PDF: its texts, its pictures, and where its ink is."""

import io
import re

import pypdfium2
from pypdf import PdfReader

SCALE = 2  # pixels for each point of a picture


def reader(written):
    return PdfReader(io.BytesIO(written))


def pages(written):
    """The text of each page, white space made one."""
    texts = [page.extract_text() for page in reader(written).pages]
    return [re.sub(r"\s+", " ", text).strip() for text in texts]


def text(written):
    return " ".join(pages(written))


def pictures(written):
    """Each page as a grey picture, two pixels for a point."""
    document = pypdfium2.PdfDocument(written)
    try:
        return [page.render(scale=SCALE).to_pil().convert("L") for page in document]
    finally:
        document.close()


def ink(picture):
    """The share of the page that is not white, and its left, top, right and lower edge in points."""
    marks = picture.point(lambda grey: 255 if grey < 250 else 0)
    share = marks.histogram()[255] / (picture.width * picture.height)
    return share, tuple(edge / SCALE for edge in marks.getbbox())


def in_order(whole, parts):
    """Whether the parts follow each other in a text."""
    at = 0
    for part in parts:
        at = whole.find(part, at)
        if at < 0:
            return False
        at += len(part)
    return True
