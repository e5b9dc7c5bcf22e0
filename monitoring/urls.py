"""Addresses of figures, health and reports; Indonesian, because people read and type them."""

from django.urls import include, path

from monitoring.views import dashboards, health, opendata, public

urlpatterns = [
    path("", include("monitoring.report_urls")),
    path("mal/<slug:slug>/kinerja/", public.mall, name="performance"),
    path("data-terbuka/", opendata.about, name="open_data"),
    path("data-terbuka/v1/<slug:name>.csv", opendata.as_csv, name="open_data_csv"),
    path("data-terbuka/v1/<slug:name>.json", opendata.as_json, name="open_data_json"),
    path("pantauan/definisi/", dashboards.meanings, name="definitions"),
    path("petugas/pantauan/", dashboards.entry, name="figures"),
    # Before those of malls, none of which may be called so.
    path("petugas/pantauan/nasional/", dashboards.nation, name="nation_figures"),
    path("petugas/pantauan/denyut/", health.malls, name="health_malls"),
    path("petugas/pantauan/<slug:slug>/denyut/", health.mall, name="health_mall"),
    path("petugas/pantauan/<slug:slug>/", dashboards.mall, name="mall_figures"),
    path(
        "petugas/pantauan/<slug:slug>/instansi/<int:pk>/", dashboards.agency, name="agency_figures"
    ),
    path(
        "petugas/pantauan/<slug:slug>/instansi/<int:pk>/hari-ini/",
        dashboards.agency_today,
        name="agency_today",
    ),
]
