"""The questionnaire of the public satisfaction survey: nine questions, four answers each; pure.

Answers are kept by the regulation's elements. The questionnaire asks for the facilities before the
handling of complaints, the regulation names them the other way round: a position says nothing.
Source: PermenPANRB 14/2017.
"""

from dataclasses import dataclass

from django.db.models import IntegerChoices
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Element(IntegerChoices):
    """The nine elements (unsur) in the order of the regulation."""

    REQUIREMENTS = 1, _("Persyaratan")
    PROCEDURE = 2, _("Sistem, mekanisme, dan prosedur")
    TIME = 3, _("Waktu penyelesaian")
    COST = 4, _("Biaya/tarif")
    PRODUCT = 5, _("Produk spesifikasi jenis pelayanan")
    COMPETENCE = 6, _("Kompetensi pelaksana")
    BEHAVIOUR = 7, _("Perilaku pelaksana")
    COMPLAINTS = 8, _("Penanganan pengaduan, saran, dan masukan")
    FACILITIES = 9, _("Sarana dan prasarana")

    @property
    def field(self) -> str:
        """Its column, and its name in the form."""
        return f"u{self.value}"


@dataclass(frozen=True)
class Question:
    """One question, its four answers from the worst (1) to the best (4)."""

    element: Element
    text: str | Promise
    answers: tuple[str | Promise, str | Promise, str | Promise, str | Promise]


# In the order in which they are asked.
QUESTIONS = (
    Question(
        Element.REQUIREMENTS,
        _("Apakah persyaratan sesuai dengan jenis layanannya?"),
        (_("Tidak sesuai"), _("Kurang sesuai"), _("Sesuai"), _("Sangat sesuai")),
    ),
    Question(
        Element.PROCEDURE,
        _("Apakah prosedur layanan ini mudah?"),
        (_("Tidak mudah"), _("Kurang mudah"), _("Mudah"), _("Sangat mudah")),
    ),
    Question(
        Element.TIME,
        _("Apakah layanan diberikan dengan cepat?"),
        (_("Tidak cepat"), _("Kurang cepat"), _("Cepat"), _("Sangat cepat")),
    ),
    Question(
        Element.COST,
        _("Bagaimana biaya atau tarif layanan ini?"),
        (_("Sangat mahal"), _("Cukup mahal"), _("Murah"), _("Gratis")),
    ),
    Question(
        Element.PRODUCT,
        _("Apakah hasil layanan sesuai dengan standar pelayanannya?"),
        (_("Tidak sesuai"), _("Kurang sesuai"), _("Sesuai"), _("Sangat sesuai")),
    ),
    Question(
        Element.COMPETENCE,
        _("Apakah petugas mampu dan menguasai pekerjaannya?"),
        (_("Tidak kompeten"), _("Kurang kompeten"), _("Kompeten"), _("Sangat kompeten")),
    ),
    Question(
        Element.BEHAVIOUR,
        _("Apakah petugas sopan dan ramah?"),
        (
            _("Tidak sopan dan ramah"),
            _("Kurang sopan dan ramah"),
            _("Sopan dan ramah"),
            _("Sangat sopan dan ramah"),
        ),
    ),
    Question(
        Element.FACILITIES,
        _("Bagaimana sarana dan prasarana di sini?"),
        (_("Buruk"), _("Cukup"), _("Baik"), _("Sangat baik")),
    ),
    Question(
        Element.COMPLAINTS,
        _("Bagaimana pengaduan, saran, dan masukan ditangani?"),
        (
            pgettext_lazy("survey", "Tidak ada"),
            _("Ada tetapi tidak berfungsi"),
            _("Berfungsi kurang maksimal"),
            _("Dikelola dengan baik"),
        ),
    ),
)
WORST, BEST = 1, 4


class HalfDay(IntegerChoices):
    MORNING = 1, _("Pagi")
    AFTERNOON = 2, _("Siang")


class Age(IntegerChoices):
    UNDER_20 = 1, _("Di bawah 20 tahun")
    TWENTIES = 2, _("20–29 tahun")
    THIRTIES = 3, _("30–39 tahun")
    FORTIES = 4, _("40–49 tahun")
    FIFTIES = 5, _("50–59 tahun")
    SIXTY_UP = 6, _("60 tahun ke atas")


class Sex(IntegerChoices):
    MALE = 1, _("Laki-laki")
    FEMALE = 2, _("Perempuan")


class Education(IntegerChoices):
    PRIMARY = 1, _("SD")
    LOWER = 2, _("SMP")
    UPPER = 3, _("SMA/SMK")
    DIPLOMA = 4, _("Diploma")
    BACHELOR = 5, _("S1")
    MASTER = 6, _("S2")
    DOCTOR = 7, _("S3")


class Occupation(IntegerChoices):
    CIVIL_SERVANT = 1, _("PNS")
    MILITARY = 2, _("TNI")
    POLICE = 3, _("Polri")
    EMPLOYEE = 4, _("Pegawai swasta")
    SELF_EMPLOYED = 5, _("Wirausaha")
    OTHER = 6, _("Lainnya")
