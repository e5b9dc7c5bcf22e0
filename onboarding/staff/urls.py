"""Addresses of the people who work at a mall, or for the nation, and of their invitations."""

from django.urls import URLPattern, path

from onboarding.staff.views import attendance, contact_people, invitations, people

PEOPLE = (
    ("", people.listed, "people"),
    ("undang/", people.invite, "people_invite"),
    ("undangan/<int:pk>/kirim/", people.resend, "people_resend"),
    ("undangan/<int:pk>/tarik/", people.withdraw, "people_withdraw"),
    ("orang/<int:pk>/", people.person, "person"),
    ("orang/<int:pk>/akhiri/", people.let_go, "person_let_go"),
)
MALL, NATION = "petugas/mal/<slug:slug>/petugas/", "petugas/nasional/petugas/"

urlpatterns: list[URLPattern] = [
    path("petugas/undangan/<str:token>/", invitations.invitation, name="invitation"),
    *(path(f"{MALL}{rest}", view, name=name) for rest, view, name in PEOPLE),
    *(path(f"{NATION}{rest}", view, name=f"{name}_nation") for rest, view, name in PEOPLE),
    path(f"{MALL}kehadiran/", attendance.week, name="attendance"),
    path(f"{MALL}penghubung/", contact_people.listed, name="contact_people"),
    path(f"{MALL}penghubung/baru/<int:pk>/", contact_people.add, name="contact_person_new"),
    path(f"{MALL}penghubung/<int:pk>/", contact_people.edit, name="contact_person"),
    path(f"{MALL}penghubung/<int:pk>/hapus/", contact_people.remove, name="contact_person_remove"),
]
