"""Addresses of what the portal tells people; Indonesian, because people read and type them."""

from django.urls import path

from notifications.views import inbox, log, settings, webhooks, wordings

urlpatterns = [
    path("kabar/berhenti/<str:token>/", inbox.stop, name="stop"),
    path("petugas/kabar/", inbox.staff, name="staff_news"),
    path("petugas/kabar/peranti/", inbox.staff_device, name="staff_news_device"),
    path("kabar/terima/<slug:address>/", webhooks.receive, name="provider_report"),
    path("petugas/pesan/", log.malls, name="messages_malls"),
    path("petugas/kalimat/", wordings.listed, name="wordings_nation"),
    path("petugas/kalimat/<slug:kind>/<slug:language>/", wordings.wording, name="wording_nation"),
    path("petugas/mal/<slug:slug>/pesan/", log.listed, name="messages"),
    path("petugas/mal/<slug:slug>/pesan/gagal/", log.dead_letters, name="messages_dead"),
    path("petugas/mal/<slug:slug>/pesan/gagal/ulang/", log.retry_like, name="messages_retry"),
    path("petugas/mal/<slug:slug>/pesan/<int:pk>/", log.message, name="message"),
    path("petugas/mal/<slug:slug>/pesan/<int:pk>/ulang/", log.retry, name="message_retry"),
    path("petugas/mal/<slug:slug>/pesan/<int:pk>/tangan/", log.hand_out, name="message_by_hand"),
    path("petugas/mal/<slug:slug>/saluran/", settings.terms, name="messaging"),
    path("petugas/mal/<slug:slug>/saluran/urutan/", settings.order, name="messaging_order"),
    path("petugas/mal/<slug:slug>/saluran/<slug:name>/", settings.provider, name="provider"),
    path("petugas/mal/<slug:slug>/saluran/<slug:name>/uji/", settings.test, name="provider_test"),
    path("petugas/mal/<slug:slug>/kalimat/", wordings.listed, name="wordings"),
    path(
        "petugas/mal/<slug:slug>/kalimat/<slug:kind>/<slug:language>/",
        wordings.wording,
        name="wording",
    ),
]
