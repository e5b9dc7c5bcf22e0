"""Every address of the portal: what it needs, and what it answers to each of the five who matter.

Who the five are is said in test_strangers.py, which asks them all.
"""

OPEN = (200, 200, 200, 200, 200)
NOT_BY_GET = (405, 405, 405, 405, 405)
TO_SIGN_IN = 302
STAFF_ONLY = (TO_SIGN_IN, 200, 200, 200, 200)
OFFICERS_ONLY = (TO_SIGN_IN, 200, 404, 404, 200)
OWN_ONLY = (TO_SIGN_IN, 404, 404, 404, 200)
# What is done at a counter changes it; the answer to its own officer is the way back.
OWN_ACT = (TO_SIGN_IN, 404, 404, 404, 302)
# Run by people none of the five is; an admin of another hall is led to that one.
NOBODYS = (TO_SIGN_IN, 404, 404, 404, 404)
OTHER_HALLS = (TO_SIGN_IN, 404, 302, 404, 404)
MINISTRYS = (TO_SIGN_IN, 404, 404, 200, 404)
# Of the staff only, and by the other method.
NOT_SENT = (TO_SIGN_IN, 405, 405, 405, 405)

# name: what the address needs, what a GET and what a POST answers to each of the five.
ROUTES = {
    "health": ((), OPEN, NOT_BY_GET),
    "service_worker": ((), OPEN, NOT_BY_GET),
    "login": ((), (200, 302, 302, 302, 302), (200, 302, 302, 302, 302)),
    "logout": ((), (302, 405, 405, 405, 405), (302, 302, 302, 302, 302)),
    "set_language": ((), (302, 302, 302, 302, 302), (302, 302, 302, 302, 302)),
    "components": ((), OPEN, NOT_BY_GET),
    "home": ((), OPEN, NOT_BY_GET),
    "search": ((), OPEN, NOT_BY_GET),
    "mall": (("slug",), OPEN, NOT_BY_GET),
    "services": (("slug",), OPEN, NOT_BY_GET),
    "service": (("slug", "service"), OPEN, NOT_BY_GET),
    "agencies": (("slug",), OPEN, NOT_BY_GET),
    "board": (("slug",), OPEN, NOT_BY_GET),
    "kiosk": (("slug",), OPEN, NOT_BY_GET),
    "kiosk_agency": (("slug", "presence"), OPEN, NOT_BY_GET),
    "kiosk_search": (("slug",), OPEN, NOT_BY_GET),
    "kiosk_missing": (("slug", "service"), OPEN, NOT_BY_GET),
    "kiosk_ticket": (("slug", "token"), OPEN, NOT_BY_GET),
    # Whoever stands at the kiosk holds the number; said of one that counts it changes nothing.
    "kiosk_printed": (("slug", "token"), NOT_BY_GET, (302, 302, 302, 302, 302)),
    "kiosk_again": (("slug", "token"), NOT_BY_GET, (302, 302, 302, 302, 302)),
    # For the printers of the hall, by the token that each of them holds.
    "print_next": ((), (404, 404, 404, 404, 404), NOT_BY_GET),
    "print_done": (("token",), NOT_BY_GET, (404, 404, 404, 404, 404)),
    # Whoever holds the link holds the number, signed in or not; taking one needs no account.
    "ticket": (("token",), OPEN, NOT_BY_GET),
    "ticket_manifest": (("token",), OPEN, NOT_BY_GET),
    "ticket_confirm": (("token",), NOT_BY_GET, (302, 302, 302, 302, 302)),
    "ticket_cancel": (("token",), NOT_BY_GET, (302, 302, 302, 302, 302)),
    "ticket_return": (("token",), NOT_BY_GET, (409, 409, 409, 409, 409)),
    # What was told and how to be told: an empty form wants nothing, and no browser is none.
    "ticket_news": (("token",), OPEN, (302, 302, 302, 302, 302)),
    "ticket_news_device": (("token",), NOT_BY_GET, (422, 422, 422, 422, 422)),
    "booking_news": (("reservation",), OPEN, (302, 302, 302, 302, 302)),
    "booking_news_device": (("reservation",), NOT_BY_GET, (422, 422, 422, 422, 422)),
    "application_news": (("application",), OPEN, (302, 302, 302, 302, 302)),
    "application_news_device": (("application",), NOT_BY_GET, (422, 422, 422, 422, 422)),
    # Whoever got the message holds the link; a program that reads mail for them sends it too.
    "stop": (("signed",), OPEN, (302, 302, 302, 302, 302)),
    "kiosk_service": (("slug", "service"), OPEN, (302, 302, 302, 302, 302)),
    # Reserving needs no account either; without ticks it does not go on, nor without a seal.
    "booking_begin": (("slug", "service"), OPEN, (422, 422, 422, 422, 422)),
    "booking_times": (("slug", "service"), (302, 302, 302, 302, 302), NOT_BY_GET),
    "booking_hold": (("slug", "service"), NOT_BY_GET, (302, 302, 302, 302, 302)),
    # Whoever holds the link holds the place. It is promised already: no time, no second name.
    "booking": (("reservation",), OPEN, NOT_BY_GET),
    "booking_confirm": (("reservation",), NOT_BY_GET, (422, 422, 422, 422, 422)),
    "booking_calendar": (("reservation",), OPEN, NOT_BY_GET),
    "booking_move": (("reservation",), OPEN, NOT_BY_GET),
    "booking_move_to": (("reservation",), NOT_BY_GET, (422, 422, 422, 422, 422)),
    "booking_cancel": (("reservation",), NOT_BY_GET, (302, 302, 302, 302, 302)),
    # At the kiosk and on the phone: whoever has the code or the link may come; too early here.
    "kiosk_booking": (("slug",), OPEN, (409, 409, 409, 409, 409)),
    "kiosk_hall_code": (("slug",), OPEN, NOT_BY_GET),
    "application_begin": (
        ("slug", "service"),
        (302, 302, 302, 302, 302),
        (302, 302, 302, 302, 302),
    ),
    "application": (("application",), OPEN, NOT_BY_GET),
    "application_accept": (("application",), NOT_BY_GET, (409, 409, 409, 409, 409)),
    "application_decline": (("application",), NOT_BY_GET, (409, 409, 409, 409, 409)),
    "application_withdraw": (("application",), NOT_BY_GET, (302, 302, 302, 302, 302)),
    "draw": (("slug", "service", "day"), OPEN, NOT_BY_GET),
    # Its seed is revealed when it is drawn, which this one is not.
    "draw_file": (("slug", "service", "day"), (404, 404, 404, 404, 404), NOT_BY_GET),
    "booking_arrive": (("reservation",), NOT_BY_GET, (409, 409, 409, 409, 409)),
    # Each officer has the list of their own agency; that of others is tried in test_staff.py.
    "staff_bookings": ((), OFFICERS_ONLY, (TO_SIGN_IN, 405, 405, 405, 405)),
    "staff_booking_find": ((), (TO_SIGN_IN, 405, 405, 405, 405), (TO_SIGN_IN, 409, 404, 404, 409)),
    "staff_booking_services": ((), OFFICERS_ONLY, (TO_SIGN_IN, 405, 405, 405, 405)),
    "staff_booking_times": (("service",), OWN_ONLY, (TO_SIGN_IN, 405, 405, 405, 405)),
    "staff_booking_save": (
        *(("service",), (TO_SIGN_IN, 405, 405, 405, 405), (TO_SIGN_IN, 404, 404, 404, 422)),
    ),
    "staff_booking": (("booked",), OWN_ONLY, (TO_SIGN_IN, 405, 405, 405, 405)),
    "staff_booking_arrive": (
        *(("booked",), (TO_SIGN_IN, 405, 405, 405, 405), (TO_SIGN_IN, 404, 404, 404, 409)),
    ),
    # Each admin plans the services in reach; who may is tried in tests/appointments.
    "capacity": ((), (TO_SIGN_IN, 404, 200, 404, 404), (TO_SIGN_IN, 405, 405, 405, 405)),
    "capacity_grace": (("slug",), NOBODYS, NOBODYS),
    "capacity_week": (("service",), NOBODYS, (TO_SIGN_IN, 405, 405, 405, 405)),
    "capacity_window": (("service",), NOBODYS, NOBODYS),
    "capacity_day": (("service", "row"), NOBODYS, NOBODYS),
    "capacity_hours": (("service",), NOBODYS, NOBODYS),
    "capacity_rules": (("service",), NOBODYS, NOBODYS),
    "capacity_month": (("service",), NOBODYS, (TO_SIGN_IN, 405, 405, 405, 405)),
    # Supervisors and admins only: who sees it is tried in test_absence.py.
    "staff_absence_end": (("service",), (TO_SIGN_IN, 405, 405, 405, 405), NOBODYS),
    "staff_absence": ((), (TO_SIGN_IN, 404, 200, 404, 404), (TO_SIGN_IN, 404, 422, 404, 404)),
    # Each has an inbox of their own; that of another has no address.
    "staff_news": ((), STAFF_ONLY, (302, 302, 302, 302, 302)),
    "staff_news_device": ((), (TO_SIGN_IN, 405, 405, 405, 405), (TO_SIGN_IN, 422, 422, 422, 422)),
    "staff": ((), STAFF_ONLY, (TO_SIGN_IN, 405, 405, 405, 405)),
    "staff_figures": ((), STAFF_ONLY, (TO_SIGN_IN, 405, 405, 405, 405)),
    "counters": ((), STAFF_ONLY, (TO_SIGN_IN, 405, 405, 405, 405)),
    "simulation": ((), (TO_SIGN_IN, 405, 405, 405, 405), (TO_SIGN_IN, 404, 404, 404, 404)),
    "desk": (("counter",), OWN_ONLY, (TO_SIGN_IN, 405, 405, 405, 405)),
    "desk_act": (("counter", "act"), (TO_SIGN_IN, 405, 405, 405, 405), OWN_ACT),
    # Each officer has the numbers of their own agency; served ones are in test_documents.py.
    "documents": ((), OFFICERS_ONLY, (TO_SIGN_IN, 405, 405, 405, 405)),
    "document_tell": (("row",), (TO_SIGN_IN, 405, 405, 405, 405), NOBODYS),
    "floors": ((), OTHER_HALLS, (TO_SIGN_IN, 405, 405, 405, 405)),
    "floor": (("slug",), NOBODYS, (TO_SIGN_IN, 405, 405, 405, 405)),
    "floor_boards": (("slug",), NOBODYS, (TO_SIGN_IN, 405, 405, 405, 405)),
    "floor_counter": (("slug", "counter"), NOBODYS, (TO_SIGN_IN, 405, 405, 405, 405)),
    "floor_act": (("slug", "act"), (TO_SIGN_IN, 405, 405, 405, 405), NOBODYS),
    # Whoever runs the hall is tried in tests/hall and tests/queueing/test_floor.py.
    "announcements_malls": ((), OTHER_HALLS, (TO_SIGN_IN, 405, 405, 405, 405)),
    "announcements": (("slug",), NOBODYS, NOBODYS),
    "announcement_withdraw": (("slug", "row"), (TO_SIGN_IN, 405, 405, 405, 405), NOBODYS),
    "devices_malls": ((), OTHER_HALLS, (TO_SIGN_IN, 405, 405, 405, 405)),
    "devices": (("slug",), NOBODYS, NOBODYS),
    "device": (("slug", "row"), NOBODYS, NOBODYS),
    "device_code": (("slug", "row"), (TO_SIGN_IN, 405, 405, 405, 405), NOBODYS),
    "device_revoke": (("slug", "row"), NOBODYS, NOBODYS),
    "recordings_malls": ((), OTHER_HALLS, (TO_SIGN_IN, 405, 405, 405, 405)),
    "recordings": (("slug",), NOBODYS, (TO_SIGN_IN, 405, 405, 405, 405)),
    "recording_save": (("slug",), (TO_SIGN_IN, 405, 405, 405, 405), NOBODYS),
    "recording_remove": (("slug",), (TO_SIGN_IN, 405, 405, 405, 405), NOBODYS),
    # Whoever looks after messages is tried in tests/notifications; the nation's words are theirs
    # who look after every mall.
    "messages_malls": ((), OTHER_HALLS, (TO_SIGN_IN, 405, 405, 405, 405)),
    "messages": (("slug",), NOBODYS, NOBODYS),
    "messages_dead": (("slug",), NOBODYS, (TO_SIGN_IN, 405, 405, 405, 405)),
    "messages_retry": (("slug",), (TO_SIGN_IN, 405, 405, 405, 405), NOBODYS),
    "message": (("slug", "sent"), NOBODYS, (TO_SIGN_IN, 405, 405, 405, 405)),
    "message_retry": (("slug", "sent"), (TO_SIGN_IN, 405, 405, 405, 405), NOBODYS),
    "message_by_hand": (("slug", "sent"), (TO_SIGN_IN, 405, 405, 405, 405), NOBODYS),
    "messaging": (("slug",), NOBODYS, NOBODYS),
    "messaging_order": (("slug",), (TO_SIGN_IN, 405, 405, 405, 405), NOBODYS),
    "provider": (("slug", "channel"), NOBODYS, NOBODYS),
    "provider_test": (("slug", "channel"), (TO_SIGN_IN, 405, 405, 405, 405), NOBODYS),
    "wordings": (("slug",), NOBODYS, (TO_SIGN_IN, 405, 405, 405, 405)),
    "wording": (("slug", "kind", "language"), NOBODYS, NOBODYS),
    "wordings_nation": ((), NOBODYS, (TO_SIGN_IN, 405, 405, 405, 405)),
    "wording_nation": (("kind", "language"), NOBODYS, NOBODYS),
    # Whoever holds the link is asked, once served; this one waits, and nothing was answered.
    "survey": (("token",), OPEN, (422, 422, 422, 422, 422)),
    # Anybody may complain, but not without words; whoever holds the link reads the answer.
    "complain": (("slug",), OPEN, (422, 422, 422, 422, 422)),
    "complaint": (("complained",), OPEN, NOT_BY_GET),
    # Figures for everybody of the staff; texts and complaints are tried in tests/feedback.
    "staff_satisfaction": ((), STAFF_ONLY, (TO_SIGN_IN, 405, 405, 405, 405)),
    "staff_complaints": ((), (TO_SIGN_IN, 404, 200, 404, 404), (TO_SIGN_IN, 405, 405, 405, 405)),
    "staff_complaint": (("complaint",), NOBODYS, (TO_SIGN_IN, 405, 405, 405, 405)),
    "staff_complaint_act": (
        *(("complaint", "complaint_act"), (TO_SIGN_IN, 405, 405, 405, 405), NOBODYS),
    ),
    # The ministry sees the country and every mall's way; whose mall it is prepares it, and that
    # is tried in tests/onboarding.
    "nation_board": ((), MINISTRYS, NOT_SENT),
    "nation_map": ((), MINISTRYS, NOT_SENT),
    "commitment": ((), MINISTRYS, (TO_SIGN_IN, 404, 404, 422, 404)),
    "inauguration": ((), MINISTRYS, (TO_SIGN_IN, 404, 404, 422, 404)),
    "readiness": (("slug",), MINISTRYS, NOT_SENT),
    "readiness_lay": (("slug",), NOT_SENT, NOBODYS),
    "task_add": (("slug",), NOBODYS, NOBODYS),
    "place_add": (("slug",), NOBODYS, NOBODYS),
    "task": (("slug", "task"), MINISTRYS, NOBODYS),
    "evidence": (("slug", "task"), MINISTRYS, NOT_SENT),
    "milestone": (("slug", "happening"), NOBODYS, NOBODYS),
    "milestone_file": (("slug", "milestone"), MINISTRYS, NOT_SENT),
    "coach_notes": (("slug",), MINISTRYS, (TO_SIGN_IN, 404, 404, 422, 404)),
    "coach_note_act": (
        *(("slug", "note", "note_act"), NOT_SENT, (TO_SIGN_IN, 404, 404, 422, 404)),
    ),
    # Heard by everybody in the hall; there is none here.
    "recording": (("slug", "row"), (404, 404, 404, 404, 404), NOT_BY_GET),
    # Anybody may stand at a screen; without a code and a token nothing happens there.
    "device_enrol": ((), OPEN, NOT_BY_GET),
    "device_trade": ((), NOT_BY_GET, (422, 422, 422, 422, 422)),
    "device_beat": ((), NOT_BY_GET, (403, 403, 403, 403, 403)),
    # For providers, each at its own address: nobody else knows the words or how to sign.
    "provider_report": (("address",), (401, 401, 401, 401, 401), (401, 401, 401, 401, 401)),
    "api_malls": ((), OPEN, (405, 405, 405, 405, 405)),
    "api_services": (("slug",), OPEN, NOT_BY_GET),
    "api_queues": (("slug",), OPEN, NOT_BY_GET),
    "api_board": (("slug",), OPEN, NOT_BY_GET),
    "api_tickets": (("slug",), NOT_BY_GET, (201, 201, 201, 201, 201)),
    "api_call_next": (("counter",), (403, 405, 405, 405, 405), (403, 404, 404, 404, 200)),
}
# Whoever looks after people is tried in tests/onboarding; the link of an invitation is anybody's
# who holds it, but whoever is signed in with another address accepts nothing by it.
ROUTES |= {
    "invitation": (("invited",), OPEN, (422, 409, 409, 409, 409)),
    "attendance": (("slug",), NOBODYS, (TO_SIGN_IN, 405, 405, 405, 405)),
    "contact_people": (("slug",), NOBODYS, (TO_SIGN_IN, 405, 405, 405, 405)),
    "contact_person_new": (("slug", "presence"), NOBODYS, NOBODYS),
    "contact_person": (("slug", "row"), NOBODYS, NOBODYS),
    "contact_person_remove": (("slug", "row"), NOBODYS, NOBODYS),
    "people": (("slug",), NOBODYS, (TO_SIGN_IN, 405, 405, 405, 405)),
    "people_nation": ((), NOBODYS, (TO_SIGN_IN, 405, 405, 405, 405)),
}
for _name, _by_get in {
    **dict.fromkeys(("people_invite", "person", "person_let_go"), NOBODYS),
    **dict.fromkeys(("people_resend", "people_withdraw"), (TO_SIGN_IN, 405, 405, 405, 405)),
}.items():
    _row = () if _name == "people_invite" else ("row",)
    ROUTES[_name] = (("slug", *_row), _by_get, NOBODYS)
    ROUTES[f"{_name}_nation"] = (_row, _by_get, NOBODYS)
# Papers in force are for everybody; who writes standards is tried in tests/onboarding.
ROUTES |= {
    "service_sheet": (("slug", "service"), OPEN, NOT_BY_GET),
    "pledge_poster": (("slug", "size"), OPEN, NOT_BY_GET),
    "pledge_agency_poster": (("slug", "presence", "size"), OPEN, NOT_BY_GET),
    "standards": (("slug",), NOBODYS, NOT_SENT),
    "service_new": (("slug",), NOBODYS, NOBODYS),
    "service_standard": (("slug", "service"), NOBODYS, NOT_SENT),
    "service_edit": (("slug", "service"), NOBODYS, NOBODYS),
    "service_link": (("slug", "service"), NOT_SENT, NOBODYS),
    "standard_begin": (("slug", "service"), NOT_SENT, NOBODYS),
    "standard_draft": (("slug", "service"), NOBODYS, NOBODYS),
    "standard_withdraw": (("slug", "service"), NOT_SENT, NOBODYS),
    "standard_discard": (("slug", "service"), NOBODYS, NOBODYS),
    "standard_review": (("slug", "service"), NOBODYS, NOT_SENT),
    "standard_return": (("slug", "service"), NOT_SENT, NOBODYS),
    "standard_publish": (("slug", "service"), NOT_SENT, NOBODYS),
    "standard_version": (("slug", "service", "number"), NOBODYS, NOT_SENT),
    "standard_paper": (("slug", "service", "number"), NOBODYS, NOT_SENT),
    "pledge": (("slug",), NOBODYS, NOBODYS),
    "pledge_publish": (("slug",), NOT_SENT, NOBODYS),
    "pledge_paper": (("slug", "size"), NOBODYS, NOT_SENT),
    "pledge_agency": (("slug", "presence"), NOBODYS, NOBODYS),
    "pledge_agency_publish": (("slug", "presence"), NOT_SENT, NOBODYS),
    "pledge_agency_paper": (("slug", "presence", "size"), NOBODYS, NOT_SENT),
}
# Whoever sets a mall up is tried in tests/onboarding; the plans of a mall are for everybody.
_SET_UP = ("", "_place", "_hours", "_special", "_counters", "_plans", "_agencies", "_agency_new")
_SET_UP += ("_details", "_queues", "_days", "_check", "_copy", "_changes")
ROUTES |= {f"setup{name}": (("slug",), NOBODYS, NOBODYS) for name in _SET_UP}
ROUTES |= {f"setup{name}": (("slug",), NOBODYS, NOT_SENT) for name in ("", "_check")}
_ONE = ("_counter", "_plan", "_queues_agency", "_days_agency", "_queue")
ROUTES |= {f"setup{name}": (("slug", "row"), NOBODYS, NOBODYS) for name in _ONE}
_DONE = ("_special_remove", "_counter_switch", "_plan_click", "_plan_remove", "_agency_switch")
_DONE += ("_change_withdraw",)
ROUTES |= {f"setup{name}": (("slug", "row"), NOT_SENT, NOBODYS) for name in _DONE}
ROUTES |= {
    "setup_hours_withdraw": (("slug",), NOT_SENT, NOBODYS),
    "setup_rest": (("slug", "resting", "row"), NOBODYS, NOBODYS),
    "setup_rest_withdraw": (("slug", "resting", "row"), NOT_SENT, NOBODYS),
    "setup_zone": (("slug",), NOT_SENT, NOBODYS),
    "setup_plan_picture": (("slug", "row"), NOBODYS, NOT_SENT),
    "mall_plan": (("slug",), OPEN, NOT_BY_GET),
    "mall_plan_picture": (("slug", "row"), (404, 404, 404, 404, 404), NOT_BY_GET),
}
# Whoever works for a mall is led to it; sheets are for whoever sets it up.
ROUTES |= {
    "onboarding": ((), (TO_SIGN_IN, 404, 302, 302, 404), NOT_SENT),
    "onboarding_mall": (("slug",), (TO_SIGN_IN, 404, 404, 302, 404), NOT_SENT),
    "imports": (("slug",), NOBODYS, NOT_SENT),
    "import_try": (("slug", "sheet"), NOT_SENT, NOBODYS),
    "import_trial": (("slug", "sheet", "row"), NOBODYS, NOBODYS),
    "import_template": (("slug", "sheet", "form"), NOBODYS, NOT_SENT),
    "import_export": (("slug", "sheet", "form"), NOBODYS, NOT_SENT),
}
# The ministry reads agreements; whoever signs them is tried in tests/onboarding.
ROUTES |= {
    "mall_agencies": (("slug",), MINISTRYS, NOT_SENT),
    "mall_agency": (("slug", "presence"), MINISTRYS, NOT_SENT),
    "compliance": (("slug", "presence"), MINISTRYS, NOT_SENT),
    "agreements": (("slug",), MINISTRYS, NOT_SENT),
    "agreement_new": (("slug",), NOBODYS, NOBODYS),
    "signing": (("slug",), NOBODYS, NOBODYS),
    "ceremony": (("slug", "held"), MINISTRYS, NOBODYS),
    "ceremony_file": (("slug", "held"), MINISTRYS, NOT_SENT),
    "agreement": (("slug", "draft"), MINISTRYS, NOBODYS),
    "agreement_edit": (("slug", "draft"), NOBODYS, NOBODYS),
    "agreement_parties": (("slug", "draft"), NOBODYS, NOBODYS),
    "agreement_terms": (("slug", "draft"), NOBODYS, NOBODYS),
    "agreement_term": (("slug", "draft", "presence"), NOBODYS, NOBODYS),
    "agreement_discard": (("slug", "draft"), NOT_SENT, NOBODYS),
    "agreement_end": (("slug", "draft"), NOBODYS, NOBODYS),
    "agreement_paper": (("slug", "draft"), MINISTRYS, NOT_SENT),
    "agreement_file": (("slug", "draft", "scan"), MINISTRYS, NOT_SENT),
    "scan_detach": (("slug", "draft", "scan"), NOT_SENT, NOBODYS),
    "scan_withdraw": (("slug", "draft", "scan"), NOBODYS, NOBODYS),
}
# Figures of a mall are for its people and for those who watch it; an agency's for the agency too.
ROUTES |= {
    "performance": (("slug",), OPEN, NOT_BY_GET),
    "definitions": ((), OPEN, NOT_BY_GET),
    "open_data": ((), OPEN, NOT_BY_GET),
    "open_data_csv": (("dataset",), OPEN, NOT_BY_GET),
    "open_data_json": (("dataset",), OPEN, NOT_BY_GET),
    "figures": ((), STAFF_ONLY, NOT_SENT),
    "nation_figures": ((), MINISTRYS, NOT_SENT),
    "health_malls": ((), (TO_SIGN_IN, 404, 200, 200, 404), NOT_SENT),
    "health_mall": (("slug",), MINISTRYS, NOT_SENT),
    "mall_figures": (("slug",), MINISTRYS, NOT_SENT),
    "agency_figures": (("slug", "presence"), (TO_SIGN_IN, 404, 404, 200, 200), NOT_SENT),
    "agency_today": (("slug", "presence"), (TO_SIGN_IN, 404, 404, 200, 200), NOT_SENT),
}
# A report that has not left its mall is read there only; whoever makes it is tried in
# tests/monitoring.
ROUTES |= {
    "reports": ((), (TO_SIGN_IN, 404, 200, 302, 404), NOT_SENT),
    "report_make": ((), NOT_SENT, (TO_SIGN_IN, 302, 302, 302, 302)),
    "reports_nation": ((), (TO_SIGN_IN, 404, 200, 200, 404), NOT_SENT),
    "report_recap": (("month",), NOT_SENT, (TO_SIGN_IN, 404, 404, 302, 404)),
    "report": (("report",), NOBODYS, NOT_SENT),
    "report_rebuild": (("report",), NOT_SENT, NOBODYS),
    "report_file": (("report", "form"), NOBODYS, NOT_SENT),
    "report_act": (("report", "report_act"), NOT_SENT, NOBODYS),
    "public_report": (("slug", "month", "form"), (404, 404, 404, 404, 404), NOT_BY_GET),
    "api_report": (("report",), (403, 404, 404, 404, 404), (403, 405, 405, 405, 405)),
}
# These are for everybody, so what they change is no leak.
FOR_EVERYBODY = {"booking_cancel", "ticket_cancel", "ticket_return", "kiosk_service", "api_tickets"}
FOR_EVERYBODY |= {"application_withdraw", "stop"}
# The ministry's own acts.
FOR_MINISTRY = {"report_recap"}
