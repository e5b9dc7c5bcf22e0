"""Addresses of reports; Indonesian, because people read and type them."""

from django.urls import path

from monitoring.views import nation_reports, reports

urlpatterns = [
    path("petugas/laporan/", reports.listed, name="reports"),
    path("petugas/laporan/buat/", reports.make, name="report_make"),
    path("petugas/laporan/nasional/", nation_reports.matrix, name="reports_nation"),
    path("petugas/laporan/rekap/<slug:code>/", nation_reports.recap, name="report_recap"),
    path("petugas/laporan/<int:pk>/", reports.report, name="report"),
    path("petugas/laporan/<int:pk>/versi-baru/", reports.rebuild, name="report_rebuild"),
    path("petugas/laporan/<int:pk>/unduh/<slug:form>/", reports.download, name="report_file"),
    path("petugas/laporan/<int:pk>/<slug:act>/", reports.act, name="report_act"),
    path(
        "mal/<slug:slug>/laporan/<slug:code>.<slug:form>",
        nation_reports.published,
        name="public_report",
    ),
]
