"""The seven roles and what each may do. Whose things they are is said by an Assignment."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Role(TextChoices):
    COUNTER_OFFICER = "counter_officer", _("Petugas loket")
    SUPERVISOR = "supervisor", _("Penyelia")
    AGENCY_ADMIN = "agency_admin", _("Admin instansi")
    MALL_ADMIN = "mall_admin", _("Admin mal (DPMPTSP)")
    PROVINCE_MONITOR = "province_monitor", _("Pemantau provinsi")
    MINISTRY_MONITOR = "ministry_monitor", _("Pemantau kementerian")
    OPERATOR = "operator", _("Operator sistem")


class Scope(TextChoices):
    """How wide a role reaches: an agency at a mall, a mall, a province, or the whole nation."""

    AGENCY = "agency", _("Instansi di satu mal")
    MALL = "mall", _("Satu mal")
    PROVINCE = "province", _("Satu provinsi")
    NATION = "nation", _("Nasional")


SCOPE_OF = {
    Role.COUNTER_OFFICER: Scope.AGENCY,
    Role.SUPERVISOR: Scope.AGENCY,
    Role.AGENCY_ADMIN: Scope.AGENCY,
    Role.MALL_ADMIN: Scope.MALL,
    Role.PROVINCE_MONITOR: Scope.PROVINCE,
    Role.MINISTRY_MONITOR: Scope.NATION,
    Role.OPERATOR: Scope.NATION,
}


class Act(TextChoices):
    """What somebody may want to do; asked by the gates in each app's access module."""

    WORK_COUNTER = "work_counter"
    CALL_OUT_OF_ORDER = "call_out_of_order"
    EDIT_REFERENCE = "edit_reference"
    SEE_FIGURES = "see_figures"
    RUN_FLOOR = "run_floor"  # close and move counters, answer alarms
    ANNOUNCE = "announce"
    MANAGE_DEVICES = "manage_devices"
    MANAGE_MESSAGES = "manage_messages"  # their log, channels and wording
    HANDLE_COMPLAINTS = "handle_complaints"  # read, forward and answer them
    PREPARE_MALL = "prepare_mall"  # record its way and its preparation, set it up
    COACH_MALLS = "coach_malls"  # register commitments, see every mall's way, leave notes
    MANAGE_AGREEMENTS = "manage_agreements"  # draft, sign and end them
    READ_AGREEMENTS = "read_agreements"
    MANAGE_STAFF = "manage_staff"  # invite people and let them go
    WRITE_STANDARDS = "write_standards"  # draft them, and review what somebody else drafted
    MAKE_REPORTS = "make_reports"  # of a mall, and send them to the ministry
    JUDGE_REPORTS = "judge_reports"  # accept them or give them back, and recap them all


MAY = {
    Role.COUNTER_OFFICER: {Act.WORK_COUNTER, Act.CALL_OUT_OF_ORDER, Act.SEE_FIGURES},
    Role.SUPERVISOR: {
        Act.WORK_COUNTER,
        Act.CALL_OUT_OF_ORDER,
        Act.SEE_FIGURES,
        Act.RUN_FLOOR,
        Act.HANDLE_COMPLAINTS,
    },
    Role.AGENCY_ADMIN: {
        Act.EDIT_REFERENCE,
        Act.SEE_FIGURES,
        Act.HANDLE_COMPLAINTS,
        Act.READ_AGREEMENTS,
        Act.MANAGE_STAFF,
        Act.WRITE_STANDARDS,
    },
    Role.MALL_ADMIN: {
        Act.EDIT_REFERENCE,
        Act.SEE_FIGURES,
        Act.RUN_FLOOR,
        Act.ANNOUNCE,
        Act.MANAGE_DEVICES,
        Act.MANAGE_MESSAGES,
        Act.HANDLE_COMPLAINTS,
        Act.PREPARE_MALL,
        Act.MANAGE_AGREEMENTS,
        Act.READ_AGREEMENTS,
        Act.MANAGE_STAFF,
        Act.WRITE_STANDARDS,
        Act.MAKE_REPORTS,
    },
    Role.PROVINCE_MONITOR: {Act.SEE_FIGURES},
    Role.MINISTRY_MONITOR: {
        Act.SEE_FIGURES,
        Act.COACH_MALLS,
        Act.READ_AGREEMENTS,
        Act.JUDGE_REPORTS,
    },
    Role.OPERATOR: {
        Act.EDIT_REFERENCE,
        Act.SEE_FIGURES,
        Act.MANAGE_DEVICES,
        Act.MANAGE_MESSAGES,
        Act.PREPARE_MALL,
        Act.COACH_MALLS,
        Act.MANAGE_AGREEMENTS,
        Act.READ_AGREEMENTS,
        Act.MANAGE_STAFF,
        Act.WRITE_STANDARDS,
    },
}


def roles_that_may(act: Act) -> list[Role]:
    """The roles that may do it at all, for filtering assignments."""
    return [role for role, acts in MAY.items() if act in acts]
