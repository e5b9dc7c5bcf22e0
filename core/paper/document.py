"""A PDF that says what it is: title, author, language, and the moment it was made."""

from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial
from io import BytesIO
from typing import Any, Final

from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import BaseDocTemplate, Flowable, Frame, PageTemplate

from core.paper.style import clean

LANGUAGE: Final = "id-ID"

Size = tuple[float, float]


class Document(BaseDocTemplate):
    """Pages of one size; the first may leave its flow another height than the later ones."""

    def __init__(self, *, size: Size, title: str, author: str, at: datetime) -> None:
        self.written = BytesIO()
        self.at = at
        super().__init__(
            self.written,
            pagesize=size,
            title=clean(title),
            subject=clean(title),
            author=clean(author),
            creator=clean(author),
            lang=LANGUAGE,
            displayDocTitle=True,
            # Nothing of the clock or of chance gets into the bytes; the moment is set below.
            invariant=1,
            pageCompression=1,
        )

    def beforeDocument(self) -> None:
        offset = f"{self.at:%z}" or "+0000"
        stamp = f"D:{self.at:%Y%m%d%H%M%S}{offset[:3]}'{offset[3:5]}'"
        self.canv.setDateFormatter(lambda *_moment: stamp)

    def flow(self, side: float, bottom: float, *, first: float, later: float) -> None:
        """Say where the text goes: its margins, and how high it begins on which page."""
        for name, top in (("first", first), ("later", later)):
            width, height = self.pagesize[0] - 2 * side, top - bottom
            frame = Frame(
                side,
                bottom,
                width,
                height,
                leftPadding=0,
                rightPadding=0,
                topPadding=0,
                bottomPadding=0,
            )
            self.addPageTemplates(PageTemplate(name, [frame], autoNextPageTemplate="later"))

    def finish_page(self, canvas: Canvas, page: int, pages: int) -> None:
        """Draw what needs to know how many pages there are, once that is known."""

    def set(self, story: Sequence[Flowable]) -> bytes:
        """Set the story and give the bytes."""
        self.build(list(story), canvasmaker=partial(_Counting, self.finish_page))
        return self.written.getvalue()


class _Counting(Canvas):
    """Holds every page back until the last one is there, so that each can name their number."""

    def __init__(self, finish: Callable[[Canvas, int, int], None], *args: Any, **kw: Any) -> None:
        self._finish = finish
        self._held: list[dict[str, Any]] = []
        super().__init__(*args, **kw)

    def showPage(self) -> None:
        self._held.append(dict(self.__dict__))
        self._startPage()  # type: ignore[attr-defined]

    def save(self) -> None:
        for number, page in enumerate(held := self._held, 1):
            self.__dict__.update(page)
            self._finish(self, number, len(held))
            super().showPage()
        super().save()
