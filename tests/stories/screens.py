"""What a screen showed over time, and what the database says it must show: for the live stories."""

import json
from collections import Counter as Tally
from dataclasses import dataclass, field

from queueing.models import Ticket
from queueing.states import State

# Notes survive a reload of the page; the loudspeaker is replaced by one that is done at once.
RECORDER = """(() => {
  const notes = () => JSON.parse(sessionStorage.getItem("notes") ?? "[]");
  const note = (what) => sessionStorage.setItem("notes", JSON.stringify([...notes(), what]));
  let last = "";
  const look = () => {
    const part = document.querySelector("[data-live]");
    if (!part || document.readyState === "loading") return;
    const root = document.documentElement;
    const seen = {
      version: Number(part.dataset.version),
      calls: [...document.querySelectorAll("#suara [data-call]")].map((call) => call.dataset.call),
      stale: root.dataset.stale ?? "",
      old: "old" in root.dataset,
    };
    if (JSON.stringify(seen) !== last) note(seen);
    last = JSON.stringify(seen);
  };
  new MutationObserver(look).observe(document, {
    subtree: true, childList: true, attributes: true,
    attributeFilter: ["data-version", "data-call", "data-stale", "data-old"],
  });
  document.addEventListener("DOMContentLoaded", look);
  HTMLMediaElement.prototype.play = function () {
    if (this.volume === 1 && this.src.includes("chime")) note({ chime: true });
    return Promise.resolve().then(() => { this.onended?.(); });
  };
})()"""


@dataclass
class Notes:
    """One screen's pictures in their order."""

    pictures: list[dict] = field(default_factory=list)
    chimes: int = 0

    @property
    def versions(self) -> list[int]:
        return [each["version"] for each in self.pictures]

    @property
    def was_stale(self) -> bool:
        return any(each["stale"] for each in self.pictures)

    @property
    def repeated(self) -> list[str]:
        """Announcements that came back after they had gone from the screen."""
        appeared, before = Tally(), set()
        for each in self.pictures:
            appeared.update(set(each["calls"]) - before)
            before = set(each["calls"])
        return [call for call, times in appeared.items() if times > 1]


def notes_of(page) -> Notes:
    """What a page with the RECORDER has noted so far."""
    raw = json.loads(page.evaluate("sessionStorage.getItem('notes') ?? '[]'"))
    pictures = [each for each in raw if "version" in each]
    return Notes(pictures, chimes=len(raw) - len(pictures))


def shown(page) -> dict:
    """Everything a board shows that comes from the database."""
    return page.evaluate(
        """() => {
            const text = (part, selector) => part.querySelector(selector)?.textContent.trim() ?? "";
            const board = document.querySelector(".board");
            return {
                big: text(board, ".call .who .number"),
                counter: text(board, ".call .where .number"),
                is_now: Boolean(board.querySelector(".call:not(.past):not(.empty)")),
                last: [...board.querySelectorAll(".last b")].map((each) => each.textContent.trim()),
                waiting: [...board.querySelectorAll(".waits b")].map((each) => Number(each.textContent)),
            };
        }"""
    )


def in_database(hall) -> dict:
    """The same from the tables, by none of the functions that draw a board."""
    rows = list(
        Ticket.objects.filter(day__mall=hall.mall)
        .order_by("-announced_at", "-pk")
        .values_list("number", "state", "counter__number", "announced_at")
    )
    called = [row for row in rows if row[3] is not None]
    on_the_way = [row for row in called if row[1] == State.CALLED]
    big = (on_the_way or called or [None])[0]
    return {
        "big": f"A-{big[0]:03d}" if big else "",
        "counter": big[2] if big else "",
        "is_now": bool(on_the_way),
        "last": [f"A-{row[0]:03d}" for row in called[:7] if row != big][:6],
        "waiting": [sum(row[1] == State.WAITING for row in rows)],
    }
