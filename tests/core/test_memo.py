"""What is remembered for seconds is remembered within limits."""

from core import memo


def test_made_up_questions_do_not_fill_the_memory(monkeypatch):
    monkeypatch.setattr(memo, "REMEMBERED", 3)
    asked = []

    @memo.briefly(60)
    def read(word):
        asked.append(word)
        return word

    answers = [read(word) for word in ("a", "b", "a", "c", "d", "d")]

    assert answers == ["a", "b", "a", "c", "d", "d"]
    assert asked == ["a", "b", "c", "d"]
    assert max(len(store) for store in memo._stores) <= 3
