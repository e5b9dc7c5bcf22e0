"""Addresses of the agencies and agreements of a mall, below its own."""

from django.urls import path

from onboarding.agreements.views import agencies, documents, drafting, ending, signing

SCAN = "perjanjian/<int:pk>/berkas/<int:file_id>/"

urlpatterns = [
    path("instansi/", agencies.listed, name="mall_agencies"),
    path("instansi/<int:pk>/", agencies.agency, name="mall_agency"),
    path("instansi/<int:pk>/kepatuhan/", agencies.compliance_of, name="compliance"),
    path("perjanjian/", documents.listed, name="agreements"),
    path("perjanjian/baru/", drafting.begin, name="agreement_new"),
    path("perjanjian/penandatanganan/", signing.sign, name="signing"),
    path("perjanjian/penandatanganan/<int:pk>/", signing.ceremony, name="ceremony"),
    path("perjanjian/penandatanganan/<int:pk>/berkas/", signing.minutes, name="ceremony_file"),
    path("perjanjian/<int:pk>/", documents.agreement, name="agreement"),
    path("perjanjian/<int:pk>/ubah/", drafting.head, name="agreement_edit"),
    path("perjanjian/<int:pk>/pihak/", drafting.parties, name="agreement_parties"),
    path("perjanjian/<int:pk>/isi/", drafting.table, name="agreement_terms"),
    path("perjanjian/<int:pk>/isi/<int:presence_id>/", drafting.term, name="agreement_term"),
    path("perjanjian/<int:pk>/buang/", drafting.discard, name="agreement_discard"),
    path("perjanjian/<int:pk>/akhiri/", ending.end, name="agreement_end"),
    path("perjanjian/<int:pk>/ringkasan.pdf", documents.paper, name="agreement_paper"),
    path(SCAN, documents.scan, name="agreement_file"),
    path(f"{SCAN}lepas/", documents.detach, name="scan_detach"),
    path(f"{SCAN}tarik/", documents.withdraw, name="scan_withdraw"),
]
