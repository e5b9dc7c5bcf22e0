from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from django.template import Context, Template
from django.utils import translation


def written(source, **context):
    with translation.override("id"):
        return Template("{% load ui %}" + source).render(Context(context))


def test_an_icon_is_a_picture_without_words():
    assert written('{% icon "ticket" "end" %}') == (
        '<svg class="i end" aria-hidden="true">'
        '<use href="/static/img/icons.svg#ticket"></use></svg>'
    )


def test_a_private_address_is_kept_as_something_that_opens_nothing():
    first, same, other = (
        written("{{ address|opaque }}", address=f"/antrean/{name}/") for name in ("a", "a", "b")
    )

    assert (len(first), first) == (16, same)
    assert first != other
    assert written("{{ address|opaque }}", address="") != first


def test_the_arms_are_drawn_from_the_same_sprite():
    assert 'href="/static/img/icons.svg#lambang"' in written("{% arms %}")


def test_a_ticket_number_keeps_its_hyphen_narrow():
    assert written("{% ticket_number n %}", n="A-027") == (
        '<span class="tno">A<span class="h">-</span>027</span>'
    )


def test_a_ticket_number_is_escaped():
    assert written("{% ticket_number n %}", n="<b>-1") == (
        '<span class="tno">&lt;b&gt;<span class="h">-</span>1</span>'
    )


def test_formats_are_filters():
    moment, zone = datetime(2026, 3, 9, 2, 41, tzinfo=UTC), ZoneInfo("Asia/Makassar")

    line = "{{ m|clock:z }}|{{ m|clock_short:z }}|{{ d|long_date }}|{{ m|long_date:z }}"
    assert written(line, m=moment, z=zone, d=date(2026, 3, 9)) == (
        "10.41 WITA|10.41|Senin, 9 Maret 2026|Senin, 9 Maret 2026"
    )
    line = (
        "{{ 350000|rupiah }}|{{ 12|minutes }}|{{ 4620|thousands }}|{{ n|rupiah }}{{ n|thousands }}"
    )
    assert written(line, n=None) == "Rp350.000|12 menit|4.620|"


def test_ranges_are_tags():
    start, end = datetime(2026, 3, 9, 2, 53, tzinfo=UTC), datetime(2026, 3, 9, 3, 1, tzinfo=UTC)

    line = "{% wait_range 12 20 %}, {% clock_range s e z %}"
    assert written(line, s=start, e=end, z=ZoneInfo("Asia/Jakarta")) == (
        "12–20 menit, 09.53–10.01 WIB"
    )


def test_the_range_bar_says_in_words_what_it_draws():
    bar = written("{% range_bar 12 20 %}")

    assert 'aria-label="Perkiraan 12–20 menit dari sekarang"' in bar
    assert '<rect class="band" x="40.0%" width="26.7%" height="12" rx="6"/>' in bar
    assert [word for word in ("Sekarang", ">12<", ">20<", "30 menit") if word not in bar] == []


def test_nobody_waiting_draws_no_bar():
    assert written("{% range_bar 0 0 %}") == ""


def test_a_strip_shares_one_scale_and_stays_inside_it():
    assert 'x="25.0%" width="41.7%"' in written("{% range_strip 15 40 %}")
    assert 'x="97.0%" width="3.0%"' in written("{% range_strip 90 120 %}")
    assert 'width="0.0%"' in written("{% range_strip 0 0 %}")
