import re

from tests import messages

PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%[sd]|\{\w+\}")


def texts(value):
    return value if isinstance(value, (tuple, list)) else (value,)


def test_every_text_has_an_english_translation():
    known = messages.known()
    missing = [
        message.id
        for message in messages.gather()
        if message.id
        and not all(texts(getattr(known.get(message.id, message.context), "string", "")))
    ]

    assert missing == []


def test_a_translation_keeps_the_placeholders():
    broken = [
        message.id
        for message in messages.known()
        if message.id
        and {frozenset(PLACEHOLDER.findall(text)) for text in texts(message.id)}
        != {frozenset(PLACEHOLDER.findall(text)) for text in texts(message.string)}
    ]

    assert broken == []


def test_the_compiled_catalogue_is_that_of_its_source():
    assert messages.PO.with_suffix(".mo").read_bytes() == messages.compiled(messages.known())
