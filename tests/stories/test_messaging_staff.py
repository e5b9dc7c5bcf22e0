"""Those who look after a mall's messages: a provider, a wording, and what did not arrive."""

import re

import pytest
from playwright.sync_api import expect

from accounts.roles import Role
from notifications.models import Message, Provider, Wording
from notifications.states import Channel, State
from tests.hall.conftest import appoint
from tests.notifications.fakes import Web
from tests.notifications.posts import contact_of, tell, work
from tests.recipes import at, make_hall
from tests.stories.conftest import assert_accessible

pytestmark = pytest.mark.story
WIDTHS = (360, 768, 1280)


@pytest.fixture
def hall(portal):
    return make_hall()


@pytest.fixture
def gateway(settings):
    end = Web()
    settings.NOTIFY_PRIVATE_HOSTS = [*settings.NOTIFY_PRIVATE_HOSTS, end.host]
    yield end
    end.close()


def assert_good(page):
    assert_accessible(page)
    kept = page.viewport_size
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 740})
        page.wait_for_function("document.documentElement.scrollWidth <= innerWidth")
    page.set_viewport_size(kept)


def test_a_mall_begins_to_send_in_its_own_words_and_mends_what_failed(
    hall, gateway, open_page, sign_in, watch
):
    watch.allow("status of 422")  # what is typed wrong is said on the page
    page = open_page("/masuk/")
    sign_in(page, appoint(Role.MALL_ADMIN, mall=hall.mall))

    page.goto(page.url.replace("/masuk/", "/petugas/"))
    page.get_by_role("link", name="Pesan kepada pemohon").click()
    expect(page.get_by_role("heading", name="Belum ada pesan")).to_be_visible()
    assert_good(page)

    arrange(page, gateway)
    reword(page)
    fail_and_mend(page, hall, gateway)


def arrange(page, gateway):
    page.get_by_role("link", name="Saluran").click()
    assert_good(page)
    page.get_by_role("link", name=re.compile("Atur ?: SMS")).click()
    page.get_by_role("link", name="Fonnte").click()
    page.get_by_label("Alamat API").fill(f"{gateway.url}/kirim")
    page.get_by_label("Biaya per pesan (Rp)").fill("350")
    page.get_by_role("button", name="Simpan").click()
    expect(page.locator(".field.bad")).to_contain_text("Wajib diisi.")
    assert_good(page)
    page.get_by_label("Token", exact=True).fill("kunci-uji")
    page.get_by_role("button", name="Simpan").click()
    expect(page.locator("#flash")).to_contain_text("Penyedia tersimpan.")

    page.get_by_label("Kirim uji ke").fill("0812 3456 7890")
    page.get_by_role("button", name="Kirim uji").click()
    expect(page.locator("#flash")).to_contain_text("Penyedia menerima pesan uji")
    assert_good(page)
    assert gateway.seen[0].form["target"] == "6281234567890"
    gateway.way = "refuse"
    page.get_by_label("Kirim uji ke").fill("0812 3456 7890")
    page.get_by_role("button", name="Kirim uji").click()
    expect(page.locator("#flash")).to_contain_text("Penyedia menolak pesan uji")
    gateway.way = "well"
    assert Provider.objects.get().price == 350

    page.get_by_role("link", name="Semua saluran").click()
    page.get_by_role("button", name=re.compile("Naik ?: SMS")).click()
    page.get_by_label("Anggaran sehari (Rp)").fill("50.000")
    page.get_by_role("button", name="Simpan").click()
    expect(page.locator("main")).to_contain_text("dari Rp50.000, sisa Rp50.000")
    expect(page.locator(".ways li").first).to_contain_text("SMS")
    assert_good(page)


def reword(page):
    page.get_by_role("link", name="Kalimat").click()
    assert_good(page)
    page.get_by_role("link", name=re.compile("^Giliran Anda ?: Indonesia")).click()
    assert_good(page)
    page.get_by_label("Isi", exact=True).fill("Nomor {nomor}, silakan ke loket {loket}. {nama}")
    page.get_by_role("button", name="Lihat").click()
    expect(page.locator(".field.bad")).to_contain_text("tidak mengenal {nama}")
    expect(page.get_by_label("Isi", exact=True)).to_have_value(
        "Nomor {nomor}, silakan ke loket {loket}. {nama}"
    )
    assert_good(page)
    page.get_by_label("Isi", exact=True).fill("Nomor {nomor}, silakan ke loket {loket}.")
    page.get_by_role("button", name="Lihat").click()
    expect(page.locator(".bubble").first).to_contain_text("Nomor A-027, silakan ke loket 5.")
    expect(page.locator("main")).to_contain_text("1 SMS")
    page.get_by_role("button", name="Simpan").click()
    expect(page.locator("#flash")).to_contain_text("Kalimat tersimpan")
    assert_good(page)
    assert Wording.objects.get().body == "Nomor {nomor}, silakan ke loket {loket}."


def fail_and_mend(page, hall, gateway):
    gateway.way = "refuse"
    tell(contact_of(hall.mall, Channel.TEXT), not_after=at(12))
    work(now=at(9))
    assert Message.objects.get(channel=Channel.TEXT).state == State.DEAD

    page.goto(page.url.split("/petugas/")[0] + "/petugas/")
    expect(page.locator("main")).to_contain_text("1 tidak terkirim")
    assert_good(page)
    page.get_by_role("link", name="Pesan kepada pemohon").click()
    assert_good(page)
    page.get_by_role("link", name="Giliran Anda").click()
    expect(page.locator("main")).to_contain_text("Percobaan dan kabar penyedia")
    assert_good(page)
    page.get_by_role("button", name="Kirim sendiri lewat WhatsApp").click()
    link = page.get_by_role("link", name="Buka di WhatsApp")
    assert link.get_attribute("href").startswith("https://wa.me/6281234567890?text=Nomor%20A-001")
    assert_good(page)

    page.get_by_role("link", name="Kembali ke pesan").click()
    page.goto(page.url.rsplit("/", 2)[0] + "/gagal/")
    assert_good(page)
    gateway.way = "well"
    page.get_by_role("button", name=re.compile("Coba lagi 1 pesan")).click()
    expect(page.locator("#flash")).to_contain_text("1 pesan dicoba lagi.")
    expect(page.get_by_role("heading", name="Semua pesan sampai di penyedia")).to_be_visible()
    assert_good(page)
    work(now=at(9, 5))
    assert gateway.seen[-1].form["message"].startswith("Nomor A-001, silakan ke loket 3.")
    assert Message.objects.get(channel=Channel.TEXT).state == State.SENT
