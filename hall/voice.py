"""How a call is said: its sentence, and the clips that speak the same words one after the other.

Pure, so that every letter and number can be tested. Digits are said one by one, because "dua
belas" and "dua puluh" are easily confused across a hall; a counter is said as the number on its
sign. No clip names a person or an agency.
"""

from dataclasses import dataclass
from string import ascii_uppercase

CHIME = "chime"
SUFFIX = ".mp3"  # the one format that every browser and television plays


@dataclass(frozen=True)
class Tongue:
    """The words of one language, in the order of their numbers."""

    number: str
    counter: str
    again: tuple[str, ...]  # for the first recall, the second, the third
    digits: tuple[str, ...]
    letters: tuple[str, ...]  # their names, A to Z
    counts: tuple[str, ...]  # one to nineteen
    tens: tuple[str, ...]  # twenty to ninety
    joint: str  # between tens and ones


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


TONGUES = {
    "id": Tongue(
        number="Nomor antrean",
        counter="silakan menuju loket",
        again=("Panggilan kedua", "Panggilan ketiga", "Panggilan keempat"),
        digits=_words("nol satu dua tiga empat lima enam tujuh delapan sembilan"),
        letters=_words(
            "a be ce de e ef ge ha i je ka el em en o pe ki er es te u ve we eks ye zet"
        ),
        counts=(
            *("satu", "dua", "tiga", "empat", "lima", "enam", "tujuh", "delapan", "sembilan"),
            *("sepuluh", "sebelas", "dua belas", "tiga belas", "empat belas", "lima belas"),
            *("enam belas", "tujuh belas", "delapan belas", "sembilan belas"),
        ),
        tens=(
            *("dua puluh", "tiga puluh", "empat puluh", "lima puluh"),
            *("enam puluh", "tujuh puluh", "delapan puluh", "sembilan puluh"),
        ),
        joint=" ",
    ),
    "en": Tongue(
        number="Queue number",
        counter="please go to counter",
        again=("Second call", "Third call", "Fourth call"),
        digits=_words("zero one two three four five six seven eight nine"),
        letters=_words(
            "ay bee cee dee ee eff gee aitch eye jay kay ell em"
            " en oh pee cue ar ess tee you vee double-u ex why zed"
        ),
        counts=(
            *("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"),
            *("eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen"),
            *("seventeen", "eighteen", "nineteen"),
        ),
        tens=("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"),
        joint="-",
    ),
}


@dataclass(frozen=True)
class Spoken:
    """A call as people hear it and as a screen reader says it."""

    sentence: str
    clips: tuple[str, ...]


def say(
    letters: str,
    number: int,
    counter: str,
    *,
    language: str = "id",
    recalls: int = 0,
) -> Spoken:
    """The words and the clips of a call to a counter such as "3", "12A" or "101"."""
    language = language if language in TONGUES else "id"
    tongue = TONGUES[language]
    said = [*letters, *(tongue.digits[int(digit)] for digit in f"{number:03d}")]
    counted, count_clips = _count(tongue, counter)
    # A constraint keeps a counter's number single in its mall: no agency need be named.
    sentence = f"{tongue.number} {', '.join(said)}, {tongue.counter} {counted}."
    clips = ["number", *_spelled(f"{letters}{number:03d}"), "counter", *count_clips]
    if recalls:
        turn = min(recalls, len(tongue.again))
        sentence = f"{tongue.again[turn - 1]}. {sentence}"
        clips.insert(0, f"again-{turn + 1}")
    return Spoken(sentence, tuple(f"{language}/{clip}" for clip in clips))


def _count(tongue: Tongue, counter: str) -> tuple[str, list[str]]:
    """A counter's number as a word up to 99, above that digit by digit, its letter by its name."""
    digits = counter.rstrip(ascii_uppercase)
    suffix = counter[len(digits) :]
    count = int(digits)
    if count > 99:
        said = ", ".join([*(tongue.digits[int(digit)] for digit in digits), *suffix])
        return said, _spelled(counter)
    tens, ones = divmod(count, 10)
    if count < 20:
        said, clips = tongue.counts[count - 1], [f"count-{count}"]
    elif ones == 0:
        said, clips = tongue.tens[tens - 2], [f"count-{count}"]
    else:
        said = tongue.tens[tens - 2] + tongue.joint + tongue.counts[ones - 1]
        clips = [f"tens-{tens * 10}", f"count-{ones}"]
    return " ".join([said, *suffix]), [*clips, *_spelled(suffix)]


def _spelled(signs: str) -> list[str]:
    return [f"digit-{sign}" if sign.isdigit() else f"letter-{sign.lower()}" for sign in signs]


def _recorded(language: str, tongue: Tongue) -> dict[str, str]:
    """Every clip of a language and its words.

    Words that others follow and words that end a sentence fall differently, so "dua puluh"
    stands twice: before a one, and alone.
    """
    words = {"number": tongue.number, "counter": tongue.counter}
    words |= {f"again-{turn}": said for turn, said in enumerate(tongue.again, 2)}
    words |= {f"digit-{digit}": said for digit, said in enumerate(tongue.digits)}
    words |= {
        f"letter-{sign.lower()}": name
        for sign, name in zip(ascii_uppercase, tongue.letters, strict=True)
    }
    words |= {f"count-{count}": said for count, said in enumerate(tongue.counts, 1)}
    words |= {f"count-{ten}0": said for ten, said in enumerate(tongue.tens, 2)}
    words |= {f"tens-{ten}0": said for ten, said in enumerate(tongue.tens, 2)}
    return {f"{language}/{clip}": said for clip, said in words.items()}


# What may be recorded: the name of each clip and the words it says; a chime says nothing.
CLIPS = {CHIME: ""} | {
    clip: words
    for language, tongue in TONGUES.items()
    for clip, words in _recorded(language, tongue).items()
}
