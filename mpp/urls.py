"""Where everything is."""

from django.conf import settings
from django.contrib import admin
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import LoginView, LogoutView
from django.urls import include, path
from django.views.i18n import set_language

from mpp import views

urlpatterns = [
    path("sehat/", views.health, name="health"),
    path("bahasa/", login_not_required(set_language), name="set_language"),
    path("masuk/", LoginView.as_view(redirect_authenticated_user=True), name="login"),
    path("keluar/", LogoutView.as_view(), name="logout"),
    path("admin/", admin.site.urls),
    path("", include("queueing.urls")),
]
if settings.DEBUG:
    urlpatterns += [path("gaya/", views.components, name="components")]
