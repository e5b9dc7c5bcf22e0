"""What is remembered for seconds is remembered within limits."""

from core import memo


def test_made_up_questions_do_not_fill_the_memory():
    asked = []

    @memo.briefly(60, most=3)
    def read(word):
        asked.append(word)
        return word

    answers = [read(word) for word in ("a", "b", "a", "c", "d", "d")]

    assert answers == ["a", "b", "a", "c", "d", "d"]
    assert asked == ["a", "b", "c", "d"]
    assert len(memo._stores[-1]) <= 3


def test_of_many_questions_only_the_new_ones_are_read():
    asked = []

    @memo.briefly_each(60, most=3)
    def read(words):
        asked.append(words)
        return {word: word.upper() for word in words}

    assert read(("a", "b")) == {"a": "A", "b": "B"}
    assert read(("b", "c")) == {"b": "B", "c": "C"}
    assert read(("a", "c")) == {"a": "A", "c": "C"}
    assert asked == [("a", "b"), ("c",)]
    read(("d",))
    assert len(memo._stores[-1]) <= 3
