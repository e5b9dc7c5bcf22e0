"""How ready a mall is: its steps in their sections, how many are done, and what comes next."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import NamedTuple

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from agencies.agreement_states import Recorded
from agencies.models import Mall, Presence, Term
from onboarding.models import Milestone, Task
from onboarding.path import preparing, way
from onboarding.path.preparing import Standing
from onboarding.states import MOVES, Act, Half, Stage
from services.models import Service, Standard
from services.standard_states import State

SOON = 7  # days before its deadline from which a step says how many are left
NAMED = 3  # agencies that a step names
AHEAD = (Act.PREPARE, Act.NEGOTIATE, Act.LAUNCH, Act.INAUGURATE, Act.COACH)
ORDER: list[Stage] = [stage for stage in Stage if stage != Stage.SUSPENDED]


class Look(StrEnum):
    """How a step is shown; the word and the icon of each are in _step_tag.html."""

    DONE = "done"
    LATE = "late"
    SOON = "soon"
    OPEN = "open"
    NOT_NEEDED = "not_needed"


class Step(NamedTuple):
    """One line: what is to be done, by whom, until when, and how far it is."""

    name: str
    look: Look
    note: str = ""
    owner: str = ""
    day: date | None = None  # its deadline, or the day on which it was done
    days: int = 0  # that it is late, or has left
    task: Task | None = None
    route: str = ""  # of the page on which it is done


@dataclass(frozen=True)
class Section:
    """Steps that belong together; `is_current` where the mall works now."""

    title: str
    steps: list[Step]
    is_current: bool
    half: Half | None = None

    @property
    def needed(self) -> int:
        return sum(step.look != Look.NOT_NEEDED for step in self.steps)

    @property
    def done(self) -> int:
        return sum(step.look == Look.DONE for step in self.steps)

    @property
    def is_whole(self) -> bool:
        return 0 < self.needed == self.done


class Progress(NamedTuple):
    """All steps together; `looks` are those that are needed, the done ones first."""

    looks: list[Look]

    @property
    def done(self) -> int:
        return self.looks.count(Look.DONE)

    @property
    def late(self) -> int:
        return self.looks.count(Look.LATE)

    @property
    def left(self) -> int:
        return self.undone - self.late

    @property
    def undone(self) -> int:
        return len(self.looks) - self.done


def sections(mall: Mall, milestones: Collection[Milestone], *, on: date) -> list[Section]:
    """The steps of a mall from the commitment to the inauguration."""
    tasks = list(Task.objects.filter(mall=mall))
    stage = reached(mall, milestones)
    begun = stage == Stage.PREPARATION
    halves = {half: [step_of(task, on=on) for task in tasks if task.half == half] for half in Half}
    first = (*([Act.COMMIT] if _commits(mall, milestones) else []), Act.PREPARE)
    last = (Act.LAUNCH, Act.INAUGURATE, Act.COACH)
    done = {each.act: each for each in milestones}
    agreed = [_milestone_step(Act.NEGOTIATE, done, stage), *_cooperation(mall, on)]
    opened = [_milestone_step(act, done, stage) for act in last]
    return [
        Section(
            _("Komitmen"),
            [_milestone_step(act, done, stage) for act in first],
            stage == Stage.COMMITMENT,
        ),
        Section(_("Kebijakan"), halves[Half.POLICY], begun, Half.POLICY),
        Section(_("Sarana dan prasarana"), halves[Half.FACILITIES], begun, Half.FACILITIES),
        Section(_("Kerja sama dan layanan"), agreed, stage == Stage.AGREEMENT),
        Section(_("Pembukaan dan peresmian"), opened, ORDER.index(stage) >= 3),
    ]


def progress(found: Iterable[Section]) -> Progress:
    """How far a mall is with everything together."""
    looks = [step.look for section in found for step in section.steps]
    order = list(Look)
    return Progress(sorted((each for each in looks if each != Look.NOT_NEEDED), key=order.index))


def reached(mall: Mall, milestones: Iterable[Milestone]) -> Stage:
    """How far a mall has come; one that rests has come as far as before."""
    if mall.stage != Stage.SUSPENDED:
        return Stage(mall.stage)
    origins = [each.came_from for each in milestones if each.act == Act.SUSPEND]
    return Stage(origins[-1]) if origins else Stage.SOFT_LAUNCH


def next_act(mall: Mall) -> Act | None:
    """What leads the mall on from where it stands; nothing leads further than being coached."""
    if mall.stage == Stage.SUSPENDED:
        return Act.REOPEN
    return next((act for act in AHEAD if mall.stage in MOVES[act].origins), None)


def possible(mall: Mall) -> list[Act]:
    """Everything that can be recorded of the mall as it stands."""
    return [act for act, step in MOVES.items() if mall.stage in step.origins]


def step_of(task: Task, *, on: date) -> Step:
    """An item of the preparation as a step."""
    standing = preparing.standing_of(task)
    name, proof = preparing.name_of(task), task.evidence_note
    if standing == Standing.NOT_NEEDED:
        return Step(name, Look.NOT_NEEDED, task.not_needed_for, task.owner, task=task)
    if standing == Standing.DONE:
        return Step(name, Look.DONE, proof, task.owner, task.done_on, task=task)
    left = None if task.due is None else (task.due - on).days
    look = Look.OPEN if left is None or left > SOON else Look.LATE if left < 0 else Look.SOON
    return Step(name, look, proof, task.owner, task.due, abs(left or 0), task)


def _commits(mall: Mall, milestones: Iterable[Milestone]) -> bool:
    """Whether a commitment belongs to the mall; one more place of an organiser has none."""
    was_added = any(each.act == Act.PREPARE and not each.came_from for each in milestones)
    return mall.kind == Mall.Kind.MPP and not was_added


def _milestone_step(act: Act, done: dict[str, Milestone], stage: Stage) -> Step:
    known, target = done.get(act), MOVES[act].target
    if known is not None:
        return Step(str(act.label), Look.DONE, known.place, day=known.on)
    if target is not None and act != Act.COMMIT and ORDER.index(stage) >= ORDER.index(target):
        return Step(str(act.label), Look.DONE, _("Tanggalnya tidak tercatat."))
    return Step(str(act.label), Look.OPEN)


def _cooperation(mall: Mall, on: date) -> list[Step]:
    """What agencies, agreements and standards say of themselves."""
    here = Presence.objects.filter(mall=mall, is_active=True)
    agencies = here.count()
    lacking = way.lacking(mall, on=on)
    opening = Look.OPEN if lacking else Look.DONE
    return [
        Step(
            _("Instansi terdaftar"),
            Look.DONE if agencies else Look.OPEN,
            _("%(count)d instansi") % {"count": agencies},
            route="mall_agencies",
        ),
        _agreements(here, on),
        _standards(mall),
        Step(_("Jam layanan dan loket"), opening, "; ".join(lacking).capitalize(), route="setup"),
    ]


def _agreements(here: QuerySet[Presence], on: date) -> Step:
    bound = here.filter(basis=Presence.Basis.AGREEMENT)
    holds = Q(agreement__until_date=None) | Q(agreement__until_date__gte=on)
    signed = Term.objects.binding().filter(holds, agreement__state=Recorded.SIGNED)
    missing = list(
        bound.exclude(pk__in=signed.values("presence")).values_list("board_name", flat=True)
    )
    count = bound.count()
    figures = {"done": count - len(missing), "all": count}
    note = _("%(done)d dari %(all)d instansi ditandatangani.") % figures
    if missing:
        named = ", ".join(missing[:NAMED]) + (", …" if len(missing) > NAMED else "")
        note += " " + _("Belum: %(names)s.") % {"names": named}
    is_done = count > 0 and not missing
    look = Look.DONE if is_done else Look.OPEN
    return Step(_("Perjanjian kerja sama"), look, note, route="agreements")


def _standards(mall: Mall) -> Step:
    services = Service.objects.filter(presence__mall=mall, is_active=True)
    published = Standard.objects.filter(service__in=services, state=State.PUBLISHED).count()
    count = services.count()
    note = _("%(done)d dari %(all)d layanan terbit.") % {"done": published, "all": count}
    look = Look.DONE if count and published >= count else Look.OPEN
    return Step(_("Standar pelayanan setiap layanan"), look, note, route="standards")
