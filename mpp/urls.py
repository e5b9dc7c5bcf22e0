"""Where everything is."""

from django.conf import settings
from django.contrib import admin
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import LoginView, LogoutView
from django.urls import include, path
from django.views.i18n import set_language

from accounts.forms import SignIn
from mpp import views

handler500 = views.broken
sign_in = LoginView.as_view(authentication_form=SignIn, redirect_authenticated_user=True)

urlpatterns = [
    path("sehat/", views.health, name="health"),
    path("sw.js", views.service_worker, name="service_worker"),
    path("bahasa/", login_not_required(set_language), name="set_language"),
    path("masuk/", sign_in, name="login"),
    path("keluar/", LogoutView.as_view(), name="logout"),
    path("admin/", admin.site.urls),
    path("api/", include("queueing.api_urls")),
    path("api/", include("monitoring.api_urls")),
    path("", include("hall.urls")),
    path("", include("notifications.urls")),
    path("", include("services.urls")),
    path("", include("queueing.urls")),
    path("", include("appointments.urls")),
    path("", include("feedback.urls")),
    path("", include("onboarding.urls")),
    path("", include("monitoring.urls")),
]
if settings.DEBUG:
    urlpatterns += [path("gaya/", views.components, name="components")]
