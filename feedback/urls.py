"""Addresses of surveys and complaints; Indonesian, because people read and type them."""

from django.urls import path

from feedback.views import complaining, handling, satisfaction, surveying

urlpatterns = [
    path("antrean/<slug:token>/survei/", surveying.survey, name="survey"),
    path("mal/<slug:slug>/pengaduan/", complaining.begin, name="complain"),
    path("pengaduan/<slug:token>/", complaining.complaint, name="complaint"),
    path("petugas/kepuasan/", satisfaction.figures, name="staff_satisfaction"),
    path("petugas/pengaduan/", handling.listed, name="staff_complaints"),
    path("petugas/pengaduan/<int:pk>/", handling.complaint, name="staff_complaint"),
    path("petugas/pengaduan/<int:pk>/<slug:act>/", handling.act, name="staff_complaint_act"),
]
