"""Addresses of the reservations; Indonesian, because people read and type them."""

from django.urls import path

from appointments.views import applying, arrival, capacity, citizen, disruption, staff

urlpatterns = [
    path("mal/<slug:slug>/layanan/<int:pk>/reservasi/", citizen.begin, name="booking_begin"),
    path("mal/<slug:slug>/layanan/<int:pk>/reservasi/waktu/", citizen.times, name="booking_times"),
    path("mal/<slug:slug>/layanan/<int:pk>/reservasi/tahan/", citizen.hold, name="booking_hold"),
    path("reservasi/<slug:token>/", citizen.booking_, name="booking"),
    path("reservasi/<slug:token>/data/", citizen.confirm, name="booking_confirm"),
    path("reservasi/<slug:token>/kalender.ics", citizen.calendar, name="booking_calendar"),
    path("reservasi/<slug:token>/pindah/", citizen.move, name="booking_move"),
    path("reservasi/<slug:token>/pindah/simpan/", citizen.move_to, name="booking_move_to"),
    path("reservasi/<slug:token>/batal/", citizen.cancel, name="booking_cancel"),
    path("reservasi/<slug:token>/datang/", arrival.on_phone, name="booking_arrive"),
    path(
        "mal/<slug:slug>/layanan/<int:pk>/reservasi/permohonan/",
        applying.begin,
        name="application_begin",
    ),
    path("permohonan/<slug:token>/", applying.application, name="application"),
    path("permohonan/<slug:token>/ambil/", applying.accept, name="application_accept"),
    path("permohonan/<slug:token>/lewati/", applying.decline, name="application_decline"),
    path("permohonan/<slug:token>/tarik/", applying.withdraw, name="application_withdraw"),
    path("mal/<slug:slug>/layanan/<int:pk>/undian/<slug:day>/", applying.draw, name="draw"),
    path(
        "mal/<slug:slug>/layanan/<int:pk>/undian/<slug:day>/berkas.json",
        applying.draw_file,
        name="draw_file",
    ),
    path("mesin/<slug:slug>/reservasi/", arrival.at_kiosk, name="kiosk_booking"),
    path("mesin/<slug:slug>/kode-hadir/", arrival.hall_code, name="kiosk_hall_code"),
    path("petugas/reservasi/", staff.listed, name="staff_bookings"),
    path("petugas/reservasi/cari/", staff.find, name="staff_booking_find"),
    path("petugas/reservasi/baru/", staff.services, name="staff_booking_services"),
    path("petugas/reservasi/baru/<int:pk>/", staff.times, name="staff_booking_times"),
    path("petugas/reservasi/baru/<int:pk>/simpan/", staff.save, name="staff_booking_save"),
    path("petugas/reservasi/<int:pk>/", staff.made, name="staff_booking"),
    path("petugas/reservasi/<int:pk>/datang/", staff.arrive, name="staff_booking_arrive"),
    path("petugas/berhalangan/", disruption.absence, name="staff_absence"),
    path("petugas/berhalangan/<int:pk>/selesai/", disruption.end, name="staff_absence_end"),
    path("petugas/kapasitas/", capacity.listed, name="capacity"),
    path("petugas/kapasitas/mal/<slug:slug>/", capacity.grace, name="capacity_grace"),
    path("petugas/kapasitas/<int:pk>/", capacity.week, name="capacity_week"),
    path("petugas/kapasitas/<int:pk>/jendela/", capacity.window, name="capacity_window"),
    path("petugas/kapasitas/<int:pk>/hari/<int:weekday>/", capacity.day, name="capacity_day"),
    path("petugas/kapasitas/<int:pk>/jam-buka/", capacity.hours, name="capacity_hours"),
    path("petugas/kapasitas/<int:pk>/rencana/", capacity.rules, name="capacity_rules"),
    path("petugas/kapasitas/<int:pk>/bulan/", capacity.month, name="capacity_month"),
]
