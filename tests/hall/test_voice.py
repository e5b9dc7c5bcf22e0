"""A call as text and as clips: every letter, every number, every counter, and no clip too many."""

import itertools
from pathlib import Path
from string import ascii_uppercase

import pytest

from hall import voice

AUDIO = Path(__file__).parents[2] / "static/audio"
LANGUAGES = pytest.mark.parametrize("language", ["id", "en"])
ONES = ["nol", "satu", "dua", "tiga", "empat", "lima", "enam", "tujuh", "delapan", "sembilan"]
SPELLED = "a be ce de e ef ge ha i je ka el em en o pe ki er es te u ve we eks ye zet"
NAMES = dict(zip(ascii_uppercase, SPELLED.split(), strict=True))


def heard(spoken):
    """What is heard when the clips are played one after the other."""
    return " ".join(voice.CLIPS[clip] for clip in spoken.clips)


def test_a_call_is_the_sentence_of_the_hall_and_its_clips():
    spoken = voice.say("A", 1, "3")

    assert spoken.sentence == "Nomor antrean A, nol, nol, satu, silakan menuju loket tiga."
    assert spoken.clips == (
        *("id/number", "id/letter-a", "id/digit-0", "id/digit-0", "id/digit-1"),
        *("id/counter", "id/count-3"),
    )


def test_an_english_call_says_the_same():
    spoken = voice.say("B", 27, "21", language="en")

    assert spoken.sentence == ("Queue number B, zero, two, seven, please go to counter twenty-one.")
    assert spoken.clips == (
        *("en/number", "en/letter-b", "en/digit-0", "en/digit-2", "en/digit-7"),
        *("en/counter", "en/tens-20", "en/count-1"),
    )


@pytest.mark.parametrize("letter", ascii_uppercase)
def test_every_letter_is_written_as_it_is_and_heard_by_its_name(letter):
    spoken = voice.say(letter, 0, "1")

    assert spoken.sentence.startswith(f"Nomor antrean {letter}, nol, nol, nol, ")
    assert heard(spoken) == f"Nomor antrean {NAMES[letter]} nol nol nol silakan menuju loket satu"


def test_every_number_is_said_digit_by_digit():
    for number in range(1000):
        spoken = voice.say("C", number, "1")
        digits = f"{number:03d}"

        assert spoken.clips[2:5] == tuple(f"id/digit-{digit}" for digit in digits)
        said = ", ".join(ONES[int(digit)] for digit in digits)
        assert spoken.sentence == f"Nomor antrean C, {said}, silakan menuju loket satu."


def word(count):
    """A counting word as a grammar says it, in another way than the code."""
    if count < 10:
        return ONES[count]
    if count in {10, 11}:
        return {10: "sepuluh", 11: "sebelas"}[count]
    if count < 20:
        return f"{ONES[count - 10]} belas"
    tens, ones = divmod(count, 10)
    return f"{ONES[tens]} puluh" + (f" {ONES[ones]}" if ones else "")


@pytest.mark.parametrize("suffix", ["", *ascii_uppercase])
def test_every_counter_is_said_as_a_number_and_its_letter(suffix):
    for count in range(1, 100):
        spoken = voice.say("A", 1, f"{count}{suffix}")

        tail, name = (f" {suffix}", f" {NAMES[suffix]}") if suffix else ("", "")
        assert spoken.sentence.endswith(f", silakan menuju loket {word(count)}{tail}.")
        assert heard(spoken).endswith(f"satu silakan menuju loket {word(count)}{name}")


@pytest.mark.parametrize(
    ("counter", "said", "clips"),
    [
        ("101", "satu, nol, satu", ("digit-1", "digit-0", "digit-1")),
        ("250B", "dua, lima, nol, B", ("digit-2", "digit-5", "digit-0", "letter-b")),
    ],
)
def test_a_counter_above_99_is_said_digit_by_digit(counter, said, clips):
    spoken = voice.say("A", 1, counter)

    assert spoken.sentence.endswith(f", silakan menuju loket {said}.")
    assert spoken.clips[6:] == tuple(f"id/{clip}" for clip in clips)


@pytest.mark.parametrize(
    ("counter", "said"),
    [("1", "one"), ("10", "ten"), ("19", "nineteen"), ("40", "forty"), ("99", "ninety-nine")],
)
def test_english_counters(counter, said):
    assert voice.say("A", 1, counter, language="en").sentence.endswith(f"counter {said}.")


def test_two_letters_are_said_one_by_one():
    spoken = voice.say("AB", 7, "12")

    assert spoken.sentence == "Nomor antrean A, B, nol, nol, tujuh, silakan menuju loket dua belas."
    assert spoken.clips[1:3] == ("id/letter-a", "id/letter-b")


@pytest.mark.parametrize(
    ("recalls", "said"),
    [(1, "Panggilan kedua"), (2, "Panggilan ketiga"), (3, "Panggilan keempat")],
)
def test_a_recall_says_which_one_it_is(recalls, said):
    spoken = voice.say("A", 1, "3", recalls=recalls)

    assert spoken.sentence.startswith(f"{said}. Nomor antrean A, ")
    assert spoken.clips[:2] == (f"id/again-{recalls + 1}", "id/number")


def test_more_recalls_than_there_are_words_for_are_the_last_one():
    assert voice.say("A", 1, "3", recalls=9) == voice.say("A", 1, "3", recalls=3)


def test_a_language_that_is_not_spoken_is_indonesian():
    assert voice.say("A", 1, "3", language="fr") == voice.say("A", 1, "3")


def test_every_clip_is_on_disk_and_no_other():
    on_disk = {
        path.relative_to(AUDIO).with_suffix("").as_posix()
        for path in AUDIO.rglob(f"*{voice.SUFFIX}")
    }

    assert on_disk == set(voice.CLIPS)
    assert {path.suffix for path in AUDIO.rglob("*") if path.is_file()} == {".mp3", ".md"}


@LANGUAGES
def test_every_clip_is_said_by_some_call_and_every_call_has_its_clips(language):
    counters = [f"{n}{s}" for n, s in itertools.product([*range(1, 100), 999], ["", "A"])]
    calls = [
        *(voice.say(letter, 0, "1", language=language) for letter in ascii_uppercase),
        *(voice.say("A", number, "1", language=language) for number in range(1000)),
        *(voice.say("A", 1, counter, language=language) for counter in counters),
        *(voice.say("A", 1, "1", language=language, recalls=recalls) for recalls in range(4)),
    ]

    used = {clip for call in calls for clip in call.clips}
    assert used == {clip for clip in voice.CLIPS if clip.startswith(f"{language}/")}


def test_the_clips_are_light_and_are_sound():
    files = list(AUDIO.rglob("*.mp3"))

    assert sum(path.stat().st_size for path in files) <= 700_000
    assert all(path.read_bytes()[:2] in {b"\xff\xf3", b"\xff\xfb"} for path in files)
