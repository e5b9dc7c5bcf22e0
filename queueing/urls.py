"""Addresses of the queue; Indonesian, because people read and type them."""

from django.urls import path

from queueing.views import citizen, desk, display, floor, kiosk, paper, phone, staff

urlpatterns = [
    path("", citizen.home, name="home"),
    path("cari/", citizen.search, name="search"),
    path("mal/<slug:slug>/", citizen.mall, name="mall"),
    path("mal/<slug:slug>/layanan/", citizen.services, name="services"),
    path("mal/<slug:slug>/layanan/<int:pk>/", citizen.service, name="service"),
    path("mal/<slug:slug>/instansi/", citizen.agencies, name="agencies"),
    path("antrean/<slug:token>/", phone.ticket, name="ticket"),
    path("antrean/<slug:token>/manifest.json", phone.manifest, name="ticket_manifest"),
    path("antrean/<slug:token>/pegang/", phone.confirm, name="ticket_confirm"),
    path("antrean/<slug:token>/batal/", phone.cancel, name="ticket_cancel"),
    path("antrean/<slug:token>/kembali/", phone.return_to_line, name="ticket_return"),
    path("mesin/<slug:slug>/", kiosk.agencies, name="kiosk"),
    path("mesin/<slug:slug>/instansi/<int:pk>/", kiosk.services, name="kiosk_agency"),
    path("mesin/<slug:slug>/layanan/<int:pk>/", kiosk.take, name="kiosk_service"),
    path("mesin/<slug:slug>/layanan/<int:pk>/belum/", kiosk.missing, name="kiosk_missing"),
    path("mesin/<slug:slug>/cari/", kiosk.search, name="kiosk_search"),
    path("mesin/<slug:slug>/tiket/<slug:token>/", paper.ticket, name="kiosk_ticket"),
    path("mesin/<slug:slug>/tiket/<slug:token>/tercetak/", paper.printed, name="kiosk_printed"),
    path("mesin/<slug:slug>/tiket/<slug:token>/lagi/", paper.again, name="kiosk_again"),
    path("perangkat/cetak/", paper.next_job, name="print_next"),
    path("perangkat/cetak/<slug:token>/", paper.job_done, name="print_done"),
    path("papan/<slug:slug>/", display.board, name="board"),
    path("petugas/", staff.home, name="staff"),
    path("petugas/angka/", staff.figures, name="staff_figures"),
    path("petugas/lantai/", floor.malls, name="floors"),
    path("petugas/lantai/<slug:slug>/", floor.floor_, name="floor"),
    path("petugas/lantai/<slug:slug>/papan/", floor.boards, name="floor_boards"),
    path("petugas/lantai/<slug:slug>/loket/<int:pk>/", floor.counter, name="floor_counter"),
    path("petugas/lantai/<slug:slug>/lakukan/<slug:act>/", floor.act, name="floor_act"),
    path("loket/", staff.counters, name="counters"),
    path("loket/<int:pk>/", desk.desk, name="desk"),
    path("loket/<int:pk>/<slug:act>/", desk.act, name="desk_act"),
    path("contoh/simulasi/", staff.simulation, name="simulation"),
]
