"""Addresses of the sequence in which a mall is set up."""

from django.urls import path

from onboarding.views.setup import agencies, copying, counters, days, hours, place, plans, queues

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
    path("hari/", days.many, name="setup_days"),
    path("hari/<int:pk>/", days.one, name="setup_days_agency"),
    path("periksa/", place.check, name="setup_check"),
    path("salin/", copying.copy, name="setup_copy"),
]
