"""How far a mall has come; what leads from one stage to the next is said in onboarding.states."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Stage(TextChoices):
    """In their order; a suspended mall returns to where it stood."""

    COMMITMENT = "commitment", _("Penandatanganan komitmen")
    PREPARATION = "preparation", _("Persiapan")
    AGREEMENT = "agreement", _("Kerja sama")
    SOFT_LAUNCH = "soft_launch", _("Soft launching")
    INAUGURATED = "inaugurated", _("Diresmikan")
    COACHED = "coached", _("Pendampingan dan pemantauan")
    SUSPENDED = "suspended", _("Dihentikan sementara")


# Citizens do not see a mall before its soft launch.
HIDDEN = (Stage.COMMITMENT, Stage.PREPARATION, Stage.AGREEMENT)
