import pytest

from core import vault


@pytest.fixture
def keys(settings):
    settings.VAULT_KEYS = ["2:" + "b" * 32, "1:" + "a" * 32]
    settings.INDEX_KEY = "c" * 32
    return settings


def test_a_sealed_value_opens_again_and_says_nothing(keys):
    sealed = vault.seal("3216014903900002", column="booking.nik")

    assert vault.reveal(sealed, column="booking.nik") == "3216014903900002"
    assert "3216" not in sealed


def test_the_same_value_is_sealed_differently_each_time(keys):
    assert len({vault.seal("Siti", column="booking.name") for _each in range(5)}) == 5


def test_nothing_stays_nothing(keys):
    assert vault.seal("", column="booking.nik") == ""
    assert vault.reveal("", column="booking.nik") == ""


def test_a_value_moved_to_another_column_does_not_open(keys):
    sealed = vault.seal("Siti", column="booking.name")

    with pytest.raises(vault.Unreadable):
        vault.reveal(sealed, column="booking.phone")


def test_a_changed_value_does_not_open(keys):
    sealed = vault.seal("Siti", column="booking.name")
    changed = sealed[:-6] + ("AAAA" if sealed[-6:-2] != "AAAA" else "BBBB") + sealed[-2:]

    with pytest.raises(vault.Unreadable):
        vault.reveal(changed, column="booking.name")


def test_an_older_key_still_opens_and_the_newest_seals(keys):
    keys.VAULT_KEYS = ["1:" + "a" * 32]
    old = vault.seal("Siti", column="booking.name")
    keys.VAULT_KEYS = ["2:" + "b" * 32, "1:" + "a" * 32]

    assert vault.reveal(old, column="booking.name") == "Siti"
    assert vault.seal("Siti", column="booking.name").startswith("2.")


def test_without_its_key_a_value_stays_closed(keys):
    sealed = vault.seal("Siti", column="booking.name")
    keys.VAULT_KEYS = ["1:" + "a" * 32]

    with pytest.raises(vault.Unreadable):
        vault.reveal(sealed, column="booking.name")


def test_an_index_is_the_same_for_the_same_person_and_purpose_only(keys):
    first = vault.blind_index("3216014903900002", purpose="nik")

    assert first == vault.blind_index("3216014903900002", purpose="nik")
    assert first != vault.blind_index("3216014903900002", purpose="phone")
    assert first != vault.blind_index("3216014903900003", purpose="nik")


def test_another_key_gives_another_index(keys):
    first = vault.blind_index("3216014903900002", purpose="nik")
    keys.INDEX_KEY = "d" * 32

    assert vault.blind_index("3216014903900002", purpose="nik") != first
