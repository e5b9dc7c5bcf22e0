"""Addresses of the API of reports."""

from django.urls import path

from monitoring import api

urlpatterns = [path("laporan/<int:pk>/", api.report, name="api_report")]
