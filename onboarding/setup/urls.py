"""Addresses of the sequence in which a mall is set up."""

from django.urls import path

from onboarding.setup.views import (
    agencies,
    changes,
    copying,
    counters,
    days,
    hours,
    place,
    plans,
    queues,
    rests,
)

urlpatterns = [
    path("", place.overview, name="setup"),
    path("tempat/", place.place, name="setup_place"),
    path("jam/", hours.week, name="setup_hours"),
    path("jam/batal/", hours.withdraw, name="setup_hours_withdraw"),
    path("jam/khusus/", hours.special, name="setup_special"),
    path("jam/khusus/<int:pk>/hapus/", hours.remove, name="setup_special_remove"),
    path("loket/", counters.listed, name="setup_counters"),
    path("loket/zona/", counters.rename, name="setup_zone"),
    path("loket/<int:pk>/", counters.counter, name="setup_counter"),
    path("loket/<int:pk>/pakai/", counters.switch, name="setup_counter_switch"),
    path("denah/", plans.listed, name="setup_plans"),
    path("denah/<int:pk>/", plans.plan, name="setup_plan"),
    path("denah/<int:pk>/taruh/", plans.click, name="setup_plan_click"),
    path("denah/<int:pk>/gambar/", plans.own_picture, name="setup_plan_picture"),
    path("denah/<int:pk>/hapus/", plans.remove, name="setup_plan_remove"),
    path("instansi/", agencies.chosen, name="setup_agencies"),
    path("instansi/baru/", agencies.new, name="setup_agency_new"),
    path("instansi/rincian/", agencies.details, name="setup_details"),
    path("instansi/<int:pk>/hadir/", agencies.switch, name="setup_agency_switch"),
    path("antrean/", queues.many, name="setup_queues"),
    path("antrean/<int:pk>/", queues.one, name="setup_queues_agency"),
    path("antrean/baris/<int:pk>/", changes.queue, name="setup_queue"),
    path("istirahat/<slug:kind>/<int:pk>/", rests.rest, name="setup_rest"),
    path("istirahat/<slug:kind>/<int:pk>/batal/", rests.withdraw, name="setup_rest_withdraw"),
    path("perubahan/", changes.listed, name="setup_changes"),
    path("perubahan/<int:pk>/batal/", changes.withdraw, name="setup_change_withdraw"),
    path("hari/", days.many, name="setup_days"),
    path("hari/<int:pk>/", days.one, name="setup_days_agency"),
    path("periksa/", place.check, name="setup_check"),
    path("salin/", copying.copy, name="setup_copy"),
]
