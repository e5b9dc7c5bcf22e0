"""How a mall arranges its channels: order, terms, providers and their tests."""

from decimal import Decimal

import pytest
import time_machine
from django.urls import reverse
from model_bakery import baker

from accounts.roles import Role
from hall.models import HallEvent
from notifications import access, providers
from notifications.channels.fields import Field
from notifications.channels.registry import FIELDS
from notifications.models import Messaging, Provider, Spending
from notifications.staff_forms import Rupiah
from notifications.states import OUTSIDE, Channel
from tests.hall.conftest import appoint
from tests.notifications.posts import DOWN, FINE, NEVER, plug_in
from tests.recipes import at, make_hall, make_officer
from tests.test_bad_input import QUERIES, TEXTS, encoded

pytestmark = pytest.mark.django_db
TEXT, WHATSAPP, EMAIL = Channel.TEXT, Channel.WHATSAPP, Channel.EMAIL
GATEWAY = {
    "is_on": "on",
    "price": "350",
    "isi_url": "https://gerbang.example/kirim",
    "isi_body": "form",
    "isi_token": "kunci-rahasia",
    "isi_token_header": "Authorization",
    "isi_to_field": "target",
    "isi_text_field": "message",
    "isi_number_format": "628",
    "isi_extra": '{"jalur": "reguler"}',
    "isi_words": "",
}
TERMS = {"sender_name": "MPP Uji", "quiet_from": "21.00", "quiet_until": "06:30"}


@pytest.fixture(autouse=True)
def _nine_o_clock():
    with time_machine.travel(at(9), tick=False):
        yield


@pytest.fixture
def staff(client, admin):
    client.force_login(admin)
    return client


@pytest.fixture
def mall(hall):
    return hall.mall


def address(mall, name="messaging", *rest):
    return reverse(name, args=[mall.slug, *rest])


def put_gateway(client, mall, **more):
    form = {name: value for name, value in {**GATEWAY, **more}.items() if value is not None}
    return client.post(address(mall, "provider", "sms"), form)


def acts():
    found = HallEvent.objects.exclude(act="desk.opened").order_by("pk")
    return list(found.values_list("act", "detail"))


def test_every_channel_that_a_mall_arranges_has_an_address():
    assert set(access.CHANNELS.values()) == set(OUTSIDE) == set(FIELDS)


def test_a_mall_says_as_whom_when_and_for_how_much_it_sends(staff, mall):
    saved = staff.post(address(mall), {**TERMS, "daily_budget": "Rp 50.000"})

    kept = Messaging.objects.get()
    assert saved.url == address(mall)
    assert (kept.sender_name, kept.quiet_from.hour, kept.quiet_until.minute) == ("MPP Uji", 21, 30)
    assert kept.daily_budget == 50_000
    page = staff.get(address(mall)).text
    assert all(f'value="{value}"' in page for value in ("50.000", "21:00", "06:30"))
    assert acts() == [("messaging.saved", "")]


def test_an_empty_budget_is_none(staff, mall):
    staff.post(address(mall), {**TERMS, "daily_budget": ""})

    assert Messaging.objects.get().daily_budget is None
    assert "tanpa batas" in staff.get(address(mall)).text


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("350", 350),
        ("350,50", Decimal("350.50")),
        ("50.000", 50_000),
        ("Rp1.250.000,5", Decimal("1250000.5")),
        (" rp 75 ", 75),
    ],
)
def test_money_is_read_as_it_is_written_here(typed, meant):
    assert Rupiah(max_digits=12).clean(typed) == meant


@pytest.mark.parametrize("typed", ["50.00", "1.0000", "-1", "1e5", "١٢", "NaN", "9" * 20, "x"])
def test_money_that_could_be_read_in_two_ways_is_not_guessed(staff, mall, typed):
    answer = staff.post(address(mall), {**TERMS, "daily_budget": typed})

    assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["daily_budget"])
    assert not Messaging.objects.exists()


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"quiet_from": "pagi"}, "quiet_from"),
        ({"quiet_until": ""}, "quiet_until"),
        ({"sender_name": "x" * 61}, "sender_name"),
    ],
)
def test_what_is_wrong_is_said_beside_its_field_and_kept(staff, mall, wrong, field):
    answer = staff.post(address(mall), {**TERMS, **wrong})

    assert (answer.status_code, list(answer.context["form"].errors)) == (422, [field])
    assert 'value="06:30"' in answer.text or field == "quiet_until"


def test_channels_are_tried_in_the_order_of_the_mall(staff, mall):
    for channel, way in ((EMAIL, "naik"), (EMAIL, "naik"), (EMAIL, "naik"), (WHATSAPP, "turun")):
        staff.post(address(mall, "messaging_order"), {"channel": int(channel), "ke": way})

    assert Messaging.objects.get().order == [EMAIL, TEXT, WHATSAPP]
    listed = [way.channel for way, *_look in staff.get(address(mall)).context["ways"]]
    assert listed == [EMAIL, TEXT, WHATSAPP]
    assert acts()[-1] == ("messaging.order", "email text whatsapp")
    assert len(acts()) == 3  # at the top nothing changes


@pytest.mark.parametrize("form", [{}, {"channel": "x"}, {"channel": 1, "ke": "naik"}, {"ke": "?"}])
def test_an_order_that_is_none_changes_nothing(staff, mall, form):
    staff.post(address(mall, "messaging_order"), form)

    assert [each.order for each in Messaging.objects.all()] in ([], [[3, 4, 5]])
    assert acts() == []


def test_an_order_from_another_time_still_names_every_channel_once(staff, mall):
    baker.make(Messaging, mall=mall, order=[5, 5, 99])

    page = staff.get(address(mall))

    assert [way.channel for way, *_look in page.context["ways"]] == [EMAIL, WHATSAPP, TEXT]


@pytest.mark.parametrize(
    ("spent", "said"),
    [("12000", "Terpakai Rp12.000 dari Rp50.000"), ("50000", "menunggu sampai besok")],
)
def test_the_spending_of_today_is_shown_as_a_bar(staff, mall, spent, said):
    baker.make(Messaging, mall=mall, daily_budget=Decimal(50_000))
    baker.make(Spending, mall=mall, date=at(9).date(), spent=Decimal(spent))
    baker.make(Spending, mall=mall, date=at(9).date().replace(day=8), spent=Decimal(999))

    page = " ".join(staff.get(address(mall)).text.split())

    assert said in page
    assert f'max="50000.00" value="{spent}.00"' in page


def test_each_channel_says_how_it_stands(staff, mall):
    page = staff.get(address(mall)).text
    assert page.count("Belum diatur") == 3

    baker.make(Provider, mall=mall, channel=WHATSAPP, is_on=True, paused_until=at(9, 5))
    baker.make(Provider, mall=mall, channel=TEXT, is_on=True, paused_until=at(8))
    baker.make(Provider, mall=mall, channel=EMAIL, is_on=False, paused_until=None)
    page = staff.get(address(mall)).text

    for words in ("Dijeda sampai 09.05 WIB karena gagal", "Dipakai", "Dimatikan"):
        assert words in page


def test_a_provider_is_arranged_and_its_secret_never_shown_again(staff, mall):
    saved = put_gateway(staff, mall)

    kept = Provider.objects.get()
    assert saved.url == address(mall, "provider", "sms")
    assert (kept.is_on, kept.price) == (True, 350)
    assert kept.settings["extra"] == {"jalur": "reguler"}
    assert providers.secrets_of(kept) == {"token": "kunci-rahasia"}
    page = staff.get(saved.url).text
    assert "kunci-rahasia" not in page
    assert "Tersimpan. Kosongkan bila tidak diganti." in page
    assert "https://gerbang.example/kirim" in page
    assert "kunci" not in str(acts())


def test_an_empty_secret_keeps_the_stored_one(staff, mall):
    put_gateway(staff, mall)
    put_gateway(staff, mall, isi_token="", price="400")

    kept = Provider.objects.get()
    assert (kept.price, providers.secrets_of(kept)) == (400, {"token": "kunci-rahasia"})


def test_secrets_whose_key_is_lost_are_asked_for_again(staff, mall):
    put_gateway(staff, mall)
    Provider.objects.update(sealed_secrets="9.AAAA")

    page = staff.get(address(mall, "provider", "sms"))

    assert page.status_code == 200
    assert "Tersimpan." not in page.text


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"isi_url": ""}, "isi_url"),
        ({"isi_url": "http://gerbang.example/"}, "isi_url"),
        ({"isi_token": ""}, "isi_token"),
        ({"isi_token_header": ""}, "isi_token_header"),
        ({"isi_body": "xml"}, "isi_body"),
        ({"isi_extra": "["}, "isi_extra"),
        ({"isi_extra": "[1]"}, "isi_extra"),
        ({"isi_extra": "[" * 2_000}, "isi_extra"),
        ({"isi_extra": '{"a": "\\u0000"}'}, "isi_extra"),
        ({"isi_extra": '{"a": "\\ud800"}'}, "isi_extra"),
        ({"isi_extra": '{"a": NaN}'}, "isi_extra"),
        ({"isi_to_field": "x" * 2_001}, "isi_to_field"),
        ({"price": ""}, "price"),
        ({"price": "1.5"}, "price"),
    ],
)
def test_a_provider_that_makes_no_sense_is_said_so_and_nothing_is_stored(staff, mall, wrong, field):
    answer = put_gateway(staff, mall, **wrong)

    assert (answer.status_code, field in answer.context["form"].errors) == (422, True)
    assert not Provider.objects.exists()
    assert "kunci-rahasia" not in answer.text


def test_one_that_is_off_may_wait_for_its_missing_half(staff, mall):
    assert put_gateway(staff, mall, is_on=None, isi_token="", isi_url="").status_code == 302

    assert Provider.objects.get().is_on is False


@pytest.mark.parametrize("name", access.CHANNELS)
def test_every_channel_has_its_form_with_its_own_fields(staff, mall, name):
    page = staff.get(address(mall, "provider", name))

    fields = FIELDS[access.CHANNELS[name]]
    assert all(f'name="isi_{field.name}"' in page.text for field in fields)


def test_a_provider_may_want_a_switch_and_a_number(staff, mall, monkeypatch):
    wanted = (Field("fast", "Cepat", kind="switch"), Field("tries", "Kali", kind="number"))
    monkeypatch.setitem(FIELDS, EMAIL, wanted)
    form = {"price": "0", "isi_fast": "on", "isi_tries": "3"}

    staff.post(address(mall, "provider", "surel"), form)

    assert Provider.objects.get().settings == {"fast": True, "tries": 3}


def test_a_preset_fills_the_form_and_stores_nothing(staff, mall):
    page = staff.get(f"{address(mall, 'provider', 'sms')}?contoh=fonnte")

    assert "https://api.fonnte.com/send" in page.text
    assert not Provider.objects.exists()
    plain = staff.get(f"{address(mall, 'provider', 'surel')}?contoh=fonnte")
    assert "fonnte" not in plain.text.split("<main")[1].split("</main")[0]


def test_the_address_for_reports_is_given_where_there_are_reports(staff, mall):
    for channel in (TEXT, EMAIL):
        baker.make(Provider, mall=mall, channel=channel)

    found = {
        name: reverse("provider_report", args=[Provider.objects.get(channel=channel).address])
        in staff.get(address(mall, "provider", name)).text
        for name, channel in (("sms", TEXT), ("surel", EMAIL))
    }

    assert found == {"sms": True, "surel": False}


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (FINE, "Penyedia menerima pesan uji: diterima"),
        (NEVER, "Penyedia menolak pesan uji: nomor tidak dikenal"),
        (DOWN, "Pesan uji belum terkirim: tidak terjangkau"),
    ],
)
def test_a_test_shows_what_the_provider_answered(staff, mall, monkeypatch, given, said):
    line = plug_in(monkeypatch, answer=given)
    put_gateway(staff, mall)

    page = staff.post(address(mall, "provider_test", "sms"), {"to": "0812-3456-7890"}, follow=True)

    assert said in page.text
    assert f"Jawaban: {given.text}" in page.text
    assert [each.to for each in line.sent] == ["+6281234567890"]
    assert "81234567890" not in page.text + str(acts())


@pytest.mark.parametrize(("name", "to"), [("sms", "12"), ("sms", ""), ("surel", "siti")])
def test_a_test_goes_nowhere_without_an_address(staff, mall, monkeypatch, name, to):
    channel = access.CHANNELS[name]
    line = plug_in(monkeypatch, channel)
    baker.make(Provider, mall=mall, channel=channel)

    answer = staff.post(address(mall, "provider_test", name), {"to": to})

    assert (answer.status_code, list(answer.context["to"].errors)) == (422, ["to"])
    assert line.sent == []


def test_a_channel_without_a_provider_is_not_tested(staff, mall, monkeypatch):
    line = plug_in(monkeypatch)

    answer = staff.post(address(mall, "provider_test", "sms"), {"to": "081234567890"})

    assert (answer.status_code, line.sent) == (422, [])


STRANGERS = {
    "other mall": lambda hall: appoint(Role.MALL_ADMIN, mall=make_hall(slug="mpp-lain").mall),
    "own supervisor": lambda hall: make_officer(hall.presence, Role.SUPERVISOR),
    "own officer": lambda hall: hall.officer,
    "ministry": lambda hall: appoint(Role.MINISTRY_MONITOR),
}


@pytest.mark.parametrize("who", STRANGERS)
def test_a_stranger_sees_and_changes_nothing(client, hall, staff, mall, monkeypatch, who):
    line = plug_in(monkeypatch)
    put_gateway(staff, mall)
    client.force_login(STRANGERS[who](hall))
    before = picture()

    answers = [
        client.get(address(mall)),
        client.post(address(mall), TERMS),
        client.post(address(mall, "messaging_order"), {"channel": 5, "ke": "naik"}),
        client.get(address(mall, "provider", "sms")),
        put_gateway(client, mall, price="1"),
        client.post(address(mall, "provider_test", "sms"), {"to": "081234567890"}),
    ]

    assert [each.status_code for each in answers] == [404] * len(answers)
    assert (picture(), line.sent) == (before, [])


def picture():
    return [list(each.objects.order_by("pk").values()) for each in (Messaging, Provider, HallEvent)]


def test_a_channel_that_does_not_exist_has_no_page(staff, mall):
    for name in ("push", "halaman", "x", "1"):
        assert staff.get(address(mall, "provider", name)).status_code == 404


@pytest.mark.parametrize("rows", [1, 3])
def test_the_page_takes_the_same_queries_with_one_row_and_with_three(
    staff, mall, rows, django_assert_num_queries
):
    for channel in OUTSIDE[:rows]:
        baker.make(Provider, mall=mall, channel=channel, is_on=True)

    with django_assert_num_queries(6):
        staff.get(address(mall))


def test_whatever_is_sent_is_answered(staff, mall, monkeypatch):
    plug_in(monkeypatch)
    form = "application/x-www-form-urlencoded"
    names = [*TERMS, "daily_budget", "channel", "ke", "to"]
    for name, channel in access.CHANNELS.items():
        fields = [*names, "is_on", "price", *(f"isi_{each.name}" for each in FIELDS[channel])]
        places = [
            address(mall),
            address(mall, "messaging_order"),
            address(mall, "provider", name),
            address(mall, "provider_test", name),
        ]
        for text in map(encoded, TEXTS.values()):
            body = "&".join(f"{field}={text}" for field in fields)
            answers = [staff.post(place, body, content_type=form) for place in places]
            assert max(each.status_code for each in answers) < 500
        for query in [*QUERIES.values(), "contoh=%00", "contoh=x"]:
            assert staff.get(f"{places[2]}?{query}").status_code < 500
