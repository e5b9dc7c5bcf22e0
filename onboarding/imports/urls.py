"""Addresses of the sheets of one mall, below its own address."""

from django.urls import path

from onboarding.imports import views

urlpatterns = [
    path("impor/", views.overview, name="imports"),
    path("impor/<slug:kind>/", views.try_out, name="import_try"),
    path("impor/<slug:kind>/contoh.<slug:form>", views.template, name="import_template"),
    path("impor/<slug:kind>/ekspor.<slug:form>", views.export, name="import_export"),
    path("impor/<slug:kind>/<int:pk>/", views.trial, name="import_trial"),
]
