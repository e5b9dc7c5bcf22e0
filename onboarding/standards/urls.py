"""Addresses of a mall's services, their standards, and its pledge."""

from django.urls import path

from onboarding.standards.views import pledges, services, standards

urlpatterns = [
    path("layanan/", services.listed, name="standards"),
    path("layanan/baru/", services.add, name="service_new"),
    path("layanan/<int:pk>/", services.one, name="service_standard"),
    path("layanan/<int:pk>/ubah/", services.edit, name="service_edit"),
    path("layanan/<int:pk>/tautan/", services.link, name="service_link"),
    path("layanan/<int:pk>/susun/", standards.begin, name="standard_begin"),
    path("layanan/<int:pk>/draf/", standards.draft, name="standard_draft"),
    path("layanan/<int:pk>/tarik/", standards.withdraw, name="standard_withdraw"),
    path("layanan/<int:pk>/buang/", standards.discard, name="standard_discard"),
    path("layanan/<int:pk>/periksa/", standards.review, name="standard_review"),
    path("layanan/<int:pk>/kembalikan/", standards.send_back, name="standard_return"),
    path("layanan/<int:pk>/terbitkan/", standards.publish, name="standard_publish"),
    path("layanan/<int:pk>/versi/<int:number>/", standards.version, name="standard_version"),
    path("layanan/<int:pk>/versi/<int:number>/standar.pdf", standards.paper, name="standard_paper"),
    path("maklumat/", pledges.worded, name="pledge"),
    path("maklumat/terbitkan/", pledges.publish, name="pledge_publish"),
    path("maklumat/<slug:kind>.pdf", pledges.poster, name="pledge_paper"),
    path("maklumat/<int:pk>/", pledges.worded, name="pledge_agency"),
    path("maklumat/<int:pk>/terbitkan/", pledges.publish, name="pledge_agency_publish"),
    path("maklumat/<int:pk>/<slug:kind>.pdf", pledges.poster, name="pledge_agency_paper"),
]
