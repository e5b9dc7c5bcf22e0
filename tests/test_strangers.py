"""Who gets what at each address of the portal; an address without a row here is a failure.

Every address is asked by the five who matter: nobody in particular, an officer of another
agency, an admin of another mall, the ministry, and the officer whose counter it is.
"""

from uuid import uuid4

import pytest
import time_machine
from django.contrib import admin
from django.core.cache import cache
from django.db import connection, transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from model_bakery import baker

from accounts.models import User
from accounts.roles import Role
from agencies.models import (
    Agreement,
    AgreementFile,
    Assignment,
    Ceremony,
    ContactPerson,
    Counter,
    CounterDay,
    Mall,
    Party,
    Term,
)
from appointments import people
from appointments.models import (
    Application,
    ApplicationEvent,
    Booking,
    BookingEvent,
    Draw,
    Slot,
)
from core import memo
from feedback import sealing
from feedback.models import Complaint, ComplaintEvent, Opinion
from hall.models import Alarm, Closure, HallEvent
from notifications import contacts
from notifications.contacts import Reach
from notifications.models import (
    Consent,
    Contact,
    Message,
    Messaging,
    Provider,
    Receipt,
    Stop,
    Subscription,
    Wording,
)
from notifications.states import Channel, Lane, State
from onboarding.models import CoachNote, Invitation, Location, Milestone, Task
from queueing import tickets
from queueing.models import Desk, Note, Shortfall, Ticket, TicketEvent, Visit
from queueing.views.desk import ACTS
from services.models import Fee, Pledge, Service, Standard, Variant
from tests.appointments.recipes import apply_for_a_place, book, make_plan
from tests.feedback.recipes import think_and_complain
from tests.onboarding.agreeing import agreed, of_agreements
from tests.onboarding.path_recipes import of_path, trodden
from tests.onboarding.staff import KNOWN_TOKEN, somebody_asked
from tests.recipes import at, make_hall, make_officer, make_presence, ticket
from tests.services.recipes import of_papers, papers_of

pytestmark = pytest.mark.django_db

ACTORS = ("nobody", "other officer", "other admin", "ministry", "own officer")
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
_SET_UP += ("_details", "_queues", "_days", "_check", "_copy")
ROUTES |= {f"setup{name}": (("slug",), NOBODYS, NOBODYS) for name in _SET_UP}
ROUTES |= {f"setup{name}": (("slug",), NOBODYS, NOT_SENT) for name in ("", "_check")}
_ONE = ("_counter", "_plan", "_queues_agency", "_days_agency")
ROUTES |= {f"setup{name}": (("slug", "row"), NOBODYS, NOBODYS) for name in _ONE}
_DONE = ("_special_remove", "_counter_switch", "_plan_click", "_plan_remove", "_agency_switch")
ROUTES |= {f"setup{name}": (("slug", "row"), NOT_SENT, NOBODYS) for name in _DONE}
ROUTES |= {
    "setup_hours_withdraw": (("slug",), NOT_SENT, NOBODYS),
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
}
# These are for everybody, so what they change is no leak.
FOR_EVERYBODY = {"booking_cancel", "ticket_cancel", "ticket_return", "kiosk_service", "api_tickets"}
FOR_EVERYBODY |= {"application_withdraw", "stop"}
# What a stranger must not change.
WATCHED = (
    *(Ticket, TicketEvent, Desk, Visit, Note, Shortfall, Closure, Alarm),
    *(Mall, Counter, Service, Assignment),
    *(Standard, Variant, Fee, Pledge),
    *(Booking, BookingEvent, Slot, Application, ApplicationEvent, Draw),
    *(Message, Provider, Receipt, Stop, Contact, Consent, Subscription),
    *(Messaging, Wording, HallEvent),
    *(Complaint, ComplaintEvent, Opinion),
    *(Invitation, ContactPerson),
    *(Milestone, Location, Task, CoachNote, Ceremony),
    *(Agreement, Party, Term, AgreementFile, CounterDay),
)


def names(patterns=None):
    """The names of all addresses outside the admin."""
    for pattern in patterns if patterns is not None else get_resolver().url_patterns:
        if isinstance(pattern, URLPattern):
            yield pattern.name
        elif isinstance(pattern, URLResolver) and pattern.namespace != "admin":
            yield from names(pattern.url_patterns)


@pytest.fixture
def hall():
    hall = make_hall()
    hall.issue(now=at(8, 30))
    make_plan(hall.service)
    book(hall.service, now=at(8, 30))
    apply_for_a_place(hall)
    baker.make(Provider, mall=hall.mall, channel=Channel.WHATSAPP)
    told_by_mail(hall.mall)
    think_and_complain(hall)
    somebody_asked(hall)
    trodden(hall.mall)
    papers_of(hall)
    agreed(hall)
    return hall


def told_by_mail(mall):
    """Somebody who gets e-mail, of which one letter went nowhere."""
    reach = Reach(email="siti@contoh.id", channels=frozenset({Channel.EMAIL}))
    contact = contacts.add(mall.pk, reach, how=Consent.How.FORM, now=at(8))
    times = {"created_at": at(8), "due_at": at(8), "not_after": at(12), "ended_at": at(8)}
    end = {"state": State.DEAD, "reason": "mati", "leased_until": None, **times}
    named = {"kind": "ticket_called", "lane": Lane.CALLS, "channel": Channel.EMAIL}
    baker.make(Message, mall=mall, contact=contact, **named, **end)


def of_messages():
    """What the pages about messages need in their addresses."""
    dead = Message.objects.filter(state=State.DEAD).earliest("pk")
    return {"sent": dead.pk, "channel": "surel", "kind": "code", "language": "id"}


def of_complaints():
    """What the pages about complaints need in their addresses."""
    row = Complaint.objects.latest("pk")
    return {"complaint": row.pk, "complained": sealing.link(row), "complaint_act": "ambil"}


@pytest.fixture
def actor(hall):
    def make(who):
        if who == "other officer":
            return make_officer(make_presence(hall.mall, "Instansi lain"))
        if who == "other admin":
            other = make_hall(slug="mpp-lain")
            return appoint(Role.MALL_ADMIN, mall=other.mall)
        if who == "ministry":
            return appoint(Role.MINISTRY_MONITOR)
        return hall.officer if who == "own officer" else None

    return make


def appoint(role, **place):
    user = User.objects.create_user(f"orang-{uuid4().hex[:6]}", is_staff=True)
    baker.make(Assignment, user=user, role=role, agency=None, **place)
    return user


def ask(client, method, name, hall, *, act="istirahat", **form):
    values = {
        "slug": hall.mall.slug,
        "service": hall.service.pk,
        "presence": hall.presence.pk,
        "counter": hall.counter.pk,
        "token": Visit.objects.first().token,
        "reservation": people.link(Booking.objects.first()),
        "application": people.link(Application.objects.first()),
        "day": "2026-03-10",
        "booked": Booking.objects.first().pk,
        "act": act,
        "row": 1,
        "address": Provider.objects.first().address,
        "signed": stop_token(),
        "invited": KNOWN_TOKEN,
        "sheet": "instansi",
        "form": "csv",
        **of_messages(),
        **of_complaints(),
        **of_agreements(),
        **of_path(),
        **of_papers(),
    }
    address = reverse(name, args=[values[each] for each in ROUTES[name][0]])
    memo.clear_all()
    with time_machine.travel(at(9), tick=False):
        if method == "get":
            return client.get(address)
        if name.startswith("api_"):
            body = {"service": hall.service.pk} if name == "api_tickets" else {}
            headers = {"Idempotency-Key": str(uuid4())}
            return client.post(address, body, "application/json", headers=headers)
        return client.post(address, {"key": uuid4(), "priority": 0, **form})


def stop_token():
    """The last part of the link in an e-mail, of the first who got one."""
    contact = Contact.objects.exclude(email_index="").earliest("pk")
    return contacts.stop_link(contact, Channel.EMAIL).split("/")[-2]


def picture():
    """Everything a stranger must not change: all columns of all rows."""
    with connection.cursor() as cursor:
        return [rows_in(cursor, model._meta) for model in WATCHED]


def rows_in(cursor, meta):
    cursor.execute(f"SELECT * FROM {meta.db_table} ORDER BY {meta.pk.column}")
    return cursor.fetchall()


def test_every_address_has_a_row():
    known = set(names())

    assert known - set(ROUTES) == set()
    assert set(ROUTES) - known <= {"components"}  # only routed while debugging


@pytest.mark.parametrize("who", ACTORS)
def test_each_gets_the_answer_of_the_row(hall, actor, who):
    user, before, wrong = actor(who), picture(), {}

    # Each address meets the same hall: whatever is done to it there is taken back.
    for name in sorted(set(ROUTES) - {"components"}):
        cache.clear()
        with transaction.atomic():
            client = Client(raise_request_exception=False)
            if user:
                client.force_login(user)
            if found := list(differences(client, hall, name, who, before)):
                wrong[name] = found
            transaction.set_rollback(True)

    assert wrong == {}
    assert picture() == before


def differences(client, hall, name, who, before):
    """In what an address does not answer as its row says, or changes what it must not."""
    _needs, by_get, by_post = ROUTES[name]
    place = ACTORS.index(who)

    read = ask(client, "get", name, hall)
    if picture() != before:
        yield "GET changed something"
    written = ask(client, "post", name, hall)

    if read.status_code != by_get[place]:
        yield f"GET answered {read.status_code}"
    if written.status_code != by_post[place]:
        yield f"POST answered {written.status_code}"
    led_to = getattr(read, "url", "")
    if who == "nobody" and by_get == STAFF_ONLY and not led_to.startswith(reverse("login")):
        yield f"GET led to {led_to}"
    if name not in FOR_EVERYBODY and who != "own officer" and picture() != before:
        yield "POST changed something"


@pytest.mark.parametrize("who", ACTORS[:-1])
def test_no_stranger_moves_anything_at_a_counter(client, hall, actor, who):
    first = hall.call()
    hall.act(tickets.serve, first)
    user = actor(who)
    if user:
        client.force_login(user)
    before = picture()
    form = {"ticket": first, "service": hall.service.pk, "reason": 1, "until": "15"}
    form |= {"text": "Lanjut ke loket 9", "missing": "KTP-el"}

    answers = {act: ask(client, "post", "desk_act", hall, act=act, **form) for act in ACTS}

    refused = 302 if user is None else 404
    assert {act: answer.status_code for act, answer in answers.items()} == dict.fromkeys(
        ACTS, refused
    )
    assert picture() == before


@pytest.mark.no_cover  # hundreds of pages of the admin, each the same lines
@pytest.mark.parametrize("who", ACTORS)
def test_the_admin_opens_to_none_of_them_what_lies_in_this_mall(client, hall, actor, who):
    hall.call()
    user = actor(who)
    if user:
        client.force_login(user)
    before, rows = picture(), rows_of(hall)
    # Whoever may not enter is sent to the sign-in, and from there nowhere.
    allowed = {200} if user is None else {403, 404}

    for model in admin.site._registry:
        row = rows.get(model)
        pages = [("changelist", []), ("add", [])]
        pages += [(page, [row.pk]) for page in ("change", "delete", "history") if row]
        for page, args in pages:
            meta = model._meta
            address = reverse(f"admin:{meta.app_label}_{meta.model_name}_{page}", args=args)
            for answer in (
                client.get(address, follow=True),
                client.post(address, {"post": "yes"}, follow=True),
            ):
                own = {200} if who == "other admin" and not args else set()
                assert answer.status_code in allowed | own, (address, answer.status_code)
                if answer.status_code == 200 and user is None:
                    assert answer.request["PATH_INFO"] == reverse("login")
                elif answer.status_code == 200 and page == "changelist":
                    assert row not in answer.context["cl"].queryset
    assert picture() == before


def rows_of(hall):
    """One row of each model that belongs to the mall."""
    event = TicketEvent.objects.first()
    rows = [hall.mall, hall.presence, hall.counter, hall.queue, hall.service, hall.officer]
    rows += [event, event.ticket, event.ticket.day, event.ticket.visit]
    rows += [hall.mall.board, Desk.objects.get(counter=hall.counter)]
    rows += [hall.mall.region, hall.presence.agency, Assignment.objects.get(user=hall.officer)]
    rows += [hall.counter.counter_queues.first()]
    return {type(row): row for row in rows}


@pytest.mark.parametrize(
    "token",
    ["", "a", "x" * 22, "../../admin", "%00", "A" * 500],
    ids=lambda token: token[:6] or "-",
)
def test_a_guessed_link_opens_nothing(client, hall, token):
    for part in ("", "manifest.json", "pegang/", "batal/", "kembali/", "kabar/", "kabar/peranti/"):
        for answer in (
            client.get(f"/antrean/{token}/{part}"),
            client.post(f"/antrean/{token}/{part}"),
        ):
            assert answer.status_code in {404, 405}


@pytest.mark.parametrize("pk", [0, 999_999, 2**31, 2**63, 10**30])
def test_numbers_that_are_nobodys_do_not_exist(client, hall, pk):
    client.force_login(hall.officer)
    slug = hall.mall.slug
    for path in (
        f"/loket/{pk}/",
        f"/mal/{slug}/layanan/{pk}/",
        f"/mesin/{slug}/instansi/{pk}/",
        f"/mesin/{slug}/layanan/{pk}/",
    ):
        assert client.get(path).status_code == 404
    body = {"ticket": pk, "key": uuid4()}
    with time_machine.travel(at(9), tick=False):
        assert client.post(f"/loket/{hall.counter.pk}/layani/", body).status_code == 404


def test_the_own_officer_works_where_strangers_may_not(client, hall):
    client.force_login(hall.officer)

    assert ask(client, "post", "desk_act", hall, act="panggil").status_code == 302
    assert ticket(Ticket.objects.get().pk).counter_id == hall.counter.pk
