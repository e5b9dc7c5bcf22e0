"""Addresses of the way of a mall and of the country, below the staff's own."""

from django.urls import path

from onboarding.path.views import coaching, nation, readiness

urlpatterns = [
    path("nasional/", nation.board, name="nation_board"),
    path("nasional/peta/", nation.country_map, name="nation_map"),
    path("nasional/komitmen/", nation.commitment, name="commitment"),
    path("nasional/peresmian/", nation.inauguration, name="inauguration"),
    path("mal/<slug:slug>/kesiapan/", readiness.page, name="readiness"),
    path("mal/<slug:slug>/kesiapan/daftar/", readiness.lay, name="readiness_lay"),
    path("mal/<slug:slug>/kesiapan/tambah/", readiness.add, name="task_add"),
    path("mal/<slug:slug>/kesiapan/tempat-baru/", readiness.place, name="place_add"),
    path("mal/<slug:slug>/kesiapan/butir/<int:pk>/", readiness.task, name="task"),
    path("mal/<slug:slug>/kesiapan/butir/<int:pk>/bukti/", readiness.evidence, name="evidence"),
    path("mal/<slug:slug>/kesiapan/catat/<slug:name>/", readiness.milestone, name="milestone"),
    path("mal/<slug:slug>/kesiapan/riwayat/<int:pk>/", readiness.document, name="milestone_file"),
    path("mal/<slug:slug>/pendampingan/", coaching.notes, name="coach_notes"),
    path("mal/<slug:slug>/pendampingan/<int:pk>/<slug:name>/", coaching.act, name="coach_note_act"),
]
