"""Addresses of the API; English, because programs read them."""

from django.urls import path

from queueing import api

urlpatterns = [
    path("malls/", api.malls, name="api_malls"),
    path("malls/<slug:slug>/services/", api.services, name="api_services"),
    path("malls/<slug:slug>/queues/", api.queues, name="api_queues"),
    path("malls/<slug:slug>/board/", api.board, name="api_board"),
    path("malls/<slug:slug>/tickets/", api.take_number, name="api_tickets"),
    path("counters/<int:pk>/call-next/", api.call_next, name="api_call_next"),
]
