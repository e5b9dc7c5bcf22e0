"""Addresses of the queue; Indonesian, because people read and type them."""

from django.urls import path

from queueing.views import citizen, desk, display, kiosk, staff

urlpatterns = [
    path("", citizen.home, name="home"),
    path("cari/", citizen.search, name="search"),
    path("mal/<slug:slug>/", citizen.mall, name="mall"),
    path("mal/<slug:slug>/layanan/", citizen.services, name="services"),
    path("mal/<slug:slug>/layanan/<int:pk>/", citizen.service, name="service"),
    path("mal/<slug:slug>/instansi/", citizen.agencies, name="agencies"),
    path("antrean/<slug:token>/", citizen.ticket, name="ticket"),
    path("antrean/<slug:token>/batal/", citizen.cancel, name="ticket_cancel"),
    path("antrean/<slug:token>/kembali/", citizen.return_to_line, name="ticket_return"),
    path("mesin/<slug:slug>/", kiosk.agencies, name="kiosk"),
    path("mesin/<slug:slug>/instansi/<int:pk>/", kiosk.services, name="kiosk_agency"),
    path("mesin/<slug:slug>/layanan/<int:pk>/", kiosk.take, name="kiosk_service"),
    path("mesin/<slug:slug>/tiket/<slug:token>/", kiosk.ticket, name="kiosk_ticket"),
    path("papan/<slug:slug>/", display.board, name="board"),
    path("petugas/", staff.home, name="staff"),
    path("petugas/angka/", staff.figures, name="staff_figures"),
    path("loket/", staff.counters, name="counters"),
    path("loket/<int:pk>/", desk.desk, name="desk"),
    path("loket/<int:pk>/<slug:act>/", desk.act, name="desk_act"),
    path("contoh/simulasi/", staff.simulation, name="simulation"),
]
