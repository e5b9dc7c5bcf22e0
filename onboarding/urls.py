"""Addresses of onboarding; Indonesian, because people read and type them."""

from django.urls import include, path

from onboarding.views import entry
from onboarding.views.setup import plans

urlpatterns = [
    path("petugas/penyiapan/", entry.malls, name="onboarding"),
    path("petugas/penyiapan/<slug:slug>/", entry.mall, name="onboarding_mall"),
    path("", include("onboarding.staff_urls")),
    path("petugas/mal/<slug:slug>/penataan/", include("onboarding.setup_urls")),
    path("mal/<slug:slug>/denah/", plans.shown, name="mall_plan"),
    path("mal/<slug:slug>/denah/<int:pk>/", plans.picture, name="mall_plan_picture"),
    path("petugas/", include("onboarding.path_urls")),
    path("petugas/mal/<slug:slug>/", include("onboarding.agreement_urls")),
    path("petugas/mal/<slug:slug>/", include("onboarding.standards_urls")),
    path("petugas/mal/<slug:slug>/", include("onboarding.imports_urls")),
]
