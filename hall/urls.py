"""Addresses of the hall; Indonesian, because people read and type them."""

from django.urls import path

from hall.views import announcements, devices, voice

urlpatterns = [
    path("perangkat/", devices.enrol, name="device_enrol"),
    path("perangkat/kode/", devices.trade, name="device_trade"),
    path("perangkat/detak/", devices.beat, name="device_beat"),
    path("petugas/perangkat/", devices.malls, name="devices_malls"),
    path("petugas/pengumuman/", announcements.malls, name="announcements_malls"),
    path("petugas/mal/<slug:slug>/perangkat/", devices.listed, name="devices"),
    path("petugas/mal/<slug:slug>/perangkat/<int:pk>/", devices.device, name="device"),
    path("petugas/mal/<slug:slug>/perangkat/<int:pk>/kode/", devices.code, name="device_code"),
    path("petugas/mal/<slug:slug>/perangkat/<int:pk>/cabut/", devices.revoke, name="device_revoke"),
    path("petugas/mal/<slug:slug>/pengumuman/", announcements.announcements, name="announcements"),
    path(
        "petugas/mal/<slug:slug>/pengumuman/<int:pk>/tarik/",
        announcements.withdraw,
        name="announcement_withdraw",
    ),
    path("petugas/suara/", voice.malls, name="recordings_malls"),
    path("petugas/mal/<slug:slug>/suara/", voice.recordings, name="recordings"),
    path("petugas/mal/<slug:slug>/suara/simpan/", voice.save, name="recording_save"),
    path("petugas/mal/<slug:slug>/suara/hapus/", voice.remove, name="recording_remove"),
    path("suara/<slug:slug>/<int:pk>/", voice.recording, name="recording"),
]
