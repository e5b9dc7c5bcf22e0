"""Addresses of onboarding; Indonesian, because people read and type them."""

from django.urls import include, path

from onboarding import views
from onboarding.setup.views import plans

urlpatterns = [
    path("petugas/penyiapan/", views.malls, name="onboarding"),
    path("petugas/penyiapan/<slug:slug>/", views.mall, name="onboarding_mall"),
    path("", include("onboarding.staff.urls")),
    path("petugas/mal/<slug:slug>/penataan/", include("onboarding.setup.urls")),
    path("mal/<slug:slug>/denah/", plans.shown, name="mall_plan"),
    path("mal/<slug:slug>/denah/<int:pk>/", plans.picture, name="mall_plan_picture"),
    path("petugas/", include("onboarding.path.urls")),
    path("petugas/mal/<slug:slug>/", include("onboarding.agreements.urls")),
    path("petugas/mal/<slug:slug>/", include("onboarding.standards.urls")),
    path("petugas/mal/<slug:slug>/", include("onboarding.imports.urls")),
]
