"""The life of one version of a service's standard."""

from collections.abc import Mapping
from typing import NamedTuple

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class State(TextChoices):
    DRAFT = "draft", _("Draf")
    REVIEW = "review", _("Menunggu pemeriksa")
    PUBLISHED = "published", _("Terbit")
    REPLACED = "replaced", _("Digantikan")
    DISCARDED = "discarded", _("Dibuang")


class Act(TextChoices):
    SUBMIT = "submit", _("Ajukan")
    RETURN = "return", _("Kembalikan")
    PUBLISH = "publish", _("Terbitkan")
    REPLACE = "replace", _("Gantikan")
    DISCARD = "discard", _("Buang")


class Step(NamedTuple):
    origin: State
    target: State


MOVES: Mapping[Act, Step] = {
    Act.SUBMIT: Step(State.DRAFT, State.REVIEW),
    Act.RETURN: Step(State.REVIEW, State.DRAFT),
    Act.PUBLISH: Step(State.REVIEW, State.PUBLISHED),
    Act.REPLACE: Step(State.PUBLISHED, State.REPLACED),
    Act.DISCARD: Step(State.DRAFT, State.DISCARDED),
}
IN_WORK = (State.DRAFT, State.REVIEW)
