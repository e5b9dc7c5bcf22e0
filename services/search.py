"""Finds services by the words people use: pure ranking on values.

The same folding is applied to what is written and to what is asked, so it may be rough: two
words meet when they share one of their possible stems, and a wrong stem hurts nobody that has
no such word.
"""

import re
import unicodedata
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import product
from math import log

LONGEST = 120  # characters of a question that are read
MOST_WORDS = 8
TYPO_FROM = 5  # letters; shorter words differ by one letter too often
STEM_FROM = 4

_WANTING = """
    a ada aku anda apa atau bagaimana bagi berapa bikin bisa buat cara dan dari dengan di dimana
    dong gimana how i in ingin ke kita mana mau membuat mengurus minta mohon my new ngurus of pada
    saya surat syarat tempat the to tolong untuk urus want where yang ya"""
STOP = frozenset(_WANTING.split())  # words that say that something is wanted, not what
SPELLINGS = {
    "akte": "akta",
    "ektp": "ktp",
    "ijin": "izin",
    "ktpel": "ktp",
    "legalisir": "legalisasi",
    "nyari": "cari",
    "passport": "paspor",
    "pasport": "paspor",
    "praktek": "praktik",
    "sertipikat": "sertifikat",
}
# Verbs and nouns of the same root: perpanjang and perpanjangan, bayar and pembayaran.
_PREFIXES = "memper peng peny meng meny mem men pem pen per ber ter me pe di ke"
PREFIXES = tuple(_PREFIXES.split())
SUFFIXES = ("nya", "kan", "an", "i")
SWALLOWED = {"mem": "p", "pem": "p", "men": "t", "pen": "t", "meng": "k", "peng": "k"}
SWALLOWED |= {"meny": "s", "peny": "s"}

EXACT, STEM, BEGINNING, TYPO = 1.0, 0.9, 0.6, 0.5
NAME, KEYWORD, ENGLISH, AGENCY = 3.2, 3.0, 2.5, 1.5
WHOLE_KEYWORD, INSIDE_KEYWORD, KEYWORD_INSIDE = 6.0, 2.0, 1.0
WORTH_SHOWING = 0.3  # of the best score; what is further behind only distracts


@dataclass(frozen=True)
class Entry:
    """One service as people may ask for it."""

    id: int
    name: str
    name_en: str = ""
    keywords: tuple[str, ...] = ()
    agencies: tuple[str, ...] = ()


@dataclass(frozen=True)
class Hit:
    """A service found, the better the higher its score."""

    id: int
    score: float


@dataclass(frozen=True)
class _Folded:
    """An entry ready for matching: the weight of each of its words, and its keywords as sets."""

    id: int
    weights: Mapping[str, float]
    keywords: tuple[frozenset[str], ...]


@dataclass(frozen=True)
class Index:
    """Entries made ready once for many questions."""

    entries: tuple[_Folded, ...]
    holders: Mapping[str, list[int]]  # the places of the entries that have a word
    telling: Mapping[str, float]  # rare words tell more than common ones
    by_stem: Mapping[str, frozenset[str]]


@lru_cache(maxsize=20_000)
def words(text: str) -> tuple[str, ...]:
    """The words of a text: lower case, without accents or signs, in the usual spelling."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    plain = "".join(letter for letter in plain if not unicodedata.combining(letter))
    return tuple(SPELLINGS.get(word, word) for word in re.findall(r"[a-z0-9]+", plain))


def build(entries: Iterable[Entry]) -> Index:
    """Make entries ready to be searched."""
    folded = tuple(_fold(entry) for entry in entries)
    holders: dict[str, list[int]] = {}
    for place, entry in enumerate(folded):
        for word in entry.weights:
            holders.setdefault(word, []).append(place)
    telling = {word: 1 + log(len(folded) / len(held)) / 4 for word, held in holders.items()}
    by_stem: dict[str, set[str]] = {}
    for word in holders:
        for stem in _stems(word):
            by_stem.setdefault(stem, set()).add(word)
    stems = {stem: frozenset(found) for stem, found in by_stem.items()}
    return Index(folded, holders, telling, stems)


def _fold(entry: Entry) -> _Folded:
    weights: dict[str, float] = {}
    fields = [(AGENCY, agency) for agency in entry.agencies]
    fields += [(ENGLISH, entry.name_en), *((KEYWORD, text) for text in entry.keywords)]
    for weight, text in [*fields, (NAME, entry.name)]:
        for word in words(text):
            weights[word] = max(weight, weights.get(word, 0))
    keywords = tuple(frozenset(_asked(text)) for text in entry.keywords)
    return _Folded(entry.id, weights, keywords)


def rank(question: str, index: Index, *, among: Collection[int] | None = None) -> list[Hit]:
    """The services that fit, best first; an empty question or one without a match finds none."""
    asked = _asked(question[:LONGEST])[:MOST_WORDS]
    meanings = [_meanings(word, index) for word in asked]
    known = {word for meaning in meanings for word in meaning}
    held = {place for word in known for place in index.holders[word]}
    hits = [
        Hit(entry.id, score)
        for entry in map(index.entries.__getitem__, held)
        if (among is None or entry.id in among) and (score := _score(meanings, entry, index)) > 0
    ]
    best = max((hit.score for hit in hits), default=0.0)
    worth = [hit for hit in hits if hit.score >= WORTH_SHOWING * best]
    return sorted(worth, key=lambda hit: (-hit.score, hit.id))


def _asked(text: str) -> list[str]:
    found = list(dict.fromkeys(words(text)))
    return [word for word in found if word not in STOP] or found


def _meanings(word: str, index: Index) -> dict[str, float]:
    """The known words that a word may stand for, and how surely."""
    found = {known: STEM for stem in _stems(word) for known in index.by_stem.get(stem, frozenset())}
    if word in index.telling:
        return found | {word: EXACT}
    if len(word) >= 3:
        begun = {known: BEGINNING for known in index.telling if known.startswith(word)}
        found = begun | found
    if not found and len(word) >= TYPO_FROM:
        found = {known: TYPO for known in index.telling if is_one_typo(word, known)}
    return found


def _score(meanings: list[dict[str, float]], entry: _Folded, index: Index) -> float:
    """How well an entry answers: its words, a whole keyword, and how much of the question."""
    said: set[str] = set()
    total = matched = 0.0
    for meaning in meanings:
        value, word = _best_word(meaning, entry, index)
        if word:
            total, matched = total + value, matched + 1
            said.add(word)
    if matched * 2 < len(meanings) or not matched:
        return 0.0
    bonus = max((_keyword_bonus(said, keyword) for keyword in entry.keywords), default=0.0)
    return (total + bonus) * matched / len(meanings)


def _best_word(meaning: dict[str, float], entry: _Folded, index: Index) -> tuple[float, str]:
    return max(
        (
            (surely * entry.weights[word] * index.telling[word], word)
            for word, surely in meaning.items()
            if word in entry.weights
        ),
        default=(0.0, ""),
    )


def _keyword_bonus(said: set[str], keyword: frozenset[str]) -> float:
    if said == keyword:
        return WHOLE_KEYWORD
    if said < keyword:
        return INSIDE_KEYWORD
    return KEYWORD_INSIDE * len(keyword) if keyword < said else 0.0


def _stems(word: str) -> set[str]:
    """Everything the word may have been made from, and the word itself."""
    ends = {word} | {
        word.removesuffix(end)
        for end in SUFFIXES
        if word.endswith(end) and len(word) - len(end) >= STEM_FROM
    }
    stems = set(ends)
    for part, prefix in product(ends, PREFIXES):
        rest = part.removeprefix(prefix)
        if rest == part or len(rest) < STEM_FROM - 1:
            continue
        if prefix in SWALLOWED and rest[0] in "aeiou":
            stems.add(SWALLOWED[prefix] + rest)
        if len(rest) >= STEM_FROM:
            stems.add(rest)
    return stems


def is_one_typo(word: str, other: str) -> bool:
    """Whether one letter is wrong, missing, too many, or swapped with its neighbour."""
    if word == other or abs(len(word) - len(other)) > 1:
        return False
    start = next((i for i, (a, b) in enumerate(zip(word, other, strict=False)) if a != b), None)
    if start is None:  # one is the beginning of the other
        return True
    mine, yours = word[start:], other[start:]
    swapped = mine[:2] == yours[1::-1] and mine[2:] == yours[2:]
    return swapped or mine[1:] == yours[1:] or mine[1:] == yours or mine == yours[1:]


def nearest(question: str, names: Mapping[int, str], *, most: int) -> list[int]:
    """The ids whose names look most like the question, for when nothing was found."""
    asked = _pairs(question[:LONGEST])
    alike = {id_: len(asked & _pairs(name)) for id_, name in names.items()}
    found = [id_ for id_, pairs in alike.items() if pairs]
    return sorted(found, key=lambda id_: (-alike[id_], names[id_]))[:most]


def _pairs(text: str) -> set[str]:
    return {word[i : i + 3] for word in words(text) for i in range(len(word) - 2)}
