"""Addresses of the sheets of one mall, below its own address."""

from django.urls import path

from onboarding.views import imports

urlpatterns = [
    path("impor/", imports.overview, name="imports"),
    path("impor/<slug:kind>/", imports.try_out, name="import_try"),
    path("impor/<slug:kind>/contoh.<slug:form>", imports.template, name="import_template"),
    path("impor/<slug:kind>/ekspor.<slug:form>", imports.export, name="import_export"),
    path("impor/<slug:kind>/<int:pk>/", imports.trial, name="import_trial"),
]
