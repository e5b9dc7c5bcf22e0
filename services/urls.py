"""Addresses of the papers that everybody may have."""

from django.urls import path

from services import views

urlpatterns = [
    path("mal/<slug:slug>/layanan/<int:pk>/standar.pdf", views.sheet, name="service_sheet"),
    path("mal/<slug:slug>/maklumat/<slug:size>.pdf", views.poster, name="pledge_poster"),
    path(
        "mal/<slug:slug>/instansi/<int:pk>/maklumat/<slug:size>.pdf",
        views.agency_poster,
        name="pledge_agency_poster",
    ),
]
