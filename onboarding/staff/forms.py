"""What is typed about people: whom to invite, what they may do, whom to call, which week."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, ClassVar

from django import forms
from django.contrib.auth.forms import UsernameField
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.roles import MAY, SCOPE_OF, Act, Role, Scope
from agencies import territory
from agencies.models import Agency, Assignment, ContactPerson, Counter, Mall
from onboarding.models import Invitation
from onboarding.staff import accepting
from onboarding.staff.access import Realm
from onboarding.staff.rosters import Wanted

if TYPE_CHECKING:
    ContactModelForm = forms.ModelForm[ContactPerson]
else:
    ContactModelForm = forms.ModelForm

DATES = ["%Y-%m-%d", "%d-%m-%Y", "%d/%m/%Y"]
UNSAID = {"required": _("Isi dahulu.")}


class DayField(forms.DateField):
    """A day as browsers send it, or as people write it."""

    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")

    def __init__(self, **kwargs: Any) -> None:
        said = {"invalid": _("Isi tanggalnya, misalnya 2026-03-10.")}
        super().__init__(input_formats=DATES, required=False, error_messages=said, **kwargs)


class FilterForm(forms.Form):
    """What a list of people is narrowed to."""

    q = forms.CharField(label=_("Cari nama atau surel"), max_length=80, required=False)
    peran = forms.ChoiceField(
        label=_("Peran"), choices=[("", _("Semua peran")), *Role.choices], required=False
    )
    instansi = forms.TypedChoiceField(
        label=_("Instansi"), coerce=int, empty_value=None, required=False
    )

    def __init__(self, *args: Any, realm: Realm, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["q"].widget = forms.TextInput(attrs={"type": "search"})
        if realm.mall is None:
            del self.fields["instansi"]
            return
        there = [(each.agency_id, each.board_name) for each in realm.presences()]
        choices = [("", _("Semua instansi")), *there]
        self.fields["instansi"].choices = choices  # type: ignore[attr-defined]

    @property
    def wanted(self) -> Wanted:
        """What was chosen, as far as it makes sense."""
        self.full_clean()
        chosen = self.cleaned_data
        role = Role(chosen["peran"]) if chosen.get("peran") else None
        return Wanted(chosen.get("q", ""), role, chosen.get("instansi"))


class InviteForm(forms.Form):
    """Who is invited to do what."""

    name = forms.CharField(
        label=_("Nama lengkap"),
        max_length=Invitation.name.field.max_length,
        error_messages=UNSAID,
        help_text=_("Seperti di surat tugasnya."),
    )
    email = forms.EmailField(
        label=_("Surel"),
        error_messages={**UNSAID, "invalid": _("Tulis alamat surel, misalnya siti@bekasi.go.id.")},
        help_text=_("Undangan hanya untuk alamat ini. Pakai alamat kantor bila ada."),
    )
    role = forms.TypedChoiceField(
        label=_("Peran"), coerce=Role, error_messages=UNSAID, widget=forms.RadioSelect
    )
    agency = forms.ModelChoiceField(
        label=_("Instansi"),
        queryset=Agency.objects.none(),
        required=False,
        empty_label=_("Pilih instansi"),
        help_text=_("Untuk petugas, penyelia, dan admin instansi."),
    )

    province = forms.ChoiceField(
        label=_("Provinsi"), required=False, help_text=_("Untuk pemantau provinsi.")
    )

    def __init__(self, *args: Any, realm: Realm, roles: list[Role], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.mall: Mall | None = realm.mall
        said = [(role.value, f"{role.label}. {ABOUT[role]}") for role in roles]
        self.fields["role"].choices = said  # type: ignore[attr-defined]
        self._offer_provinces(roles)
        self._offer_agencies(realm)

    def _offer_provinces(self, roles: list[Role]) -> None:
        if all(SCOPE_OF[role] != Scope.PROVINCE for role in roles):
            del self.fields["province"]
            return
        named = [(name, name) for name in territory.provinces_in_use()]
        choices = [("", _("Pilih provinsi")), *named]
        self.fields["province"].choices = choices  # type: ignore[attr-defined]

    def _offer_agencies(self, realm: Realm) -> None:
        agencies = realm.agencies()
        if realm.mall is None or not agencies:
            del self.fields["agency"]
            return
        found = Agency.objects.filter(pk__in=[each.pk for each in agencies])
        self.fields["agency"].queryset = found  # type: ignore[attr-defined]
        if len(agencies) == 1 and not realm.is_whole:
            self.fields["agency"].initial = agencies[0].pk

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        scope = SCOPE_OF.get(data.get("role"))  # type: ignore[arg-type]  # none: of no scope
        if scope != Scope.AGENCY:
            data["agency"] = None
        elif data.get("agency") is None and "agency" not in self.errors:
            where = "agency" if "agency" in self.fields else "role"
            self.add_error(where, _("Peran ini di satu instansi. Pilih instansinya."))
        if scope != Scope.PROVINCE:
            data["province"] = ""
        elif not data.get("province") and "province" not in self.errors:
            self.add_error("province", _("Peran ini di satu provinsi. Pilih provinsinya."))
        return data

    @property
    def what(self) -> dict[str, Any]:
        """As the rule wants it."""
        wanted = ("email", "name", "role", "agency", "province")
        return {**{each: self.cleaned_data[each] for each in wanted}, "mall": self.mall}


# What each role is for, in the words of whoever gives it.
ABOUT = {
    Role.COUNTER_OFFICER: _("Memanggil dan melayani di loket instansinya."),
    Role.SUPERVISOR: _("Seperti petugas, dan mengatur lantai serta pengaduan instansinya."),
    Role.AGENCY_ADMIN: _("Mengelola layanan, standar, dan petugas instansinya."),
    Role.MALL_ADMIN: _("Mengelola seluruh mal ini."),
    Role.PROVINCE_MONITOR: _("Melihat angka semua mal di satu provinsi."),
    Role.MINISTRY_MONITOR: _("Melihat angka dan mendampingi semua mal."),
    Role.OPERATOR: _("Mengelola portal dan semua mal."),
}


class ArrangeForm(forms.Form):
    """What somebody may do, until when, and at which counters."""

    role = forms.TypedChoiceField(label=_("Peran"), coerce=Role, widget=forms.RadioSelect)
    until = DayField(
        label=_("Sampai tanggal"),
        help_text=_("Hari terakhir bertugas. Kosong berarti tanpa batas."),
    )
    # Not of models: any number may be typed, also one that no database can hold.
    counters = forms.TypedMultipleChoiceField(
        label=_("Hanya di loket"),
        coerce=int,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Tanpa pilihan berarti semua loket instansinya."),
    )

    def __init__(
        self,
        *args: Any,
        held: Assignment,
        roles: list[Role],
        counters: list[Counter],
        **kwargs: Any,
    ) -> None:
        named = [each.pk for each in held.counters.all()]
        known = {"role": held.role, "until": held.until, "counters": named}
        super().__init__(*args, **{**kwargs, "initial": known})
        same = [role for role in roles if SCOPE_OF[role] == SCOPE_OF[Role(held.role)]]
        said = [(role.value, f"{role.label}. {ABOUT[role]}") for role in same]
        self.fields["role"].choices = said  # type: ignore[attr-defined]
        works = any(Act.WORK_COUNTER in MAY[role] for role in same)
        self.offered = counters if works else []
        theirs = [(each.pk, each) for each in self.offered]
        self.fields["counters"].choices = theirs  # type: ignore[attr-defined]
        if not self.offered:
            del self.fields["counters"]

    @property
    def what(self) -> dict[str, Any]:
        """As the rule wants it."""
        named = self.cleaned_data.get("counters", [])
        counters = [each for each in self.offered if each.pk in named]
        return {**self.cleaned_data, "counters": counters}


class AcceptForm(forms.Form):
    """The account of somebody who was invited; who comes back keeps the name they had."""

    username = UsernameField(
        label=_("Nama pengguna"),
        max_length=150,
        error_messages=UNSAID,
        help_text=_("Untuk masuk. Boleh diganti; huruf, angka, titik, dan garis bawah."),
        widget=forms.TextInput(attrs={"autocapitalize": "none", "autocomplete": "username"}),
    )
    password = forms.CharField(
        label=_("Sandi"),
        strip=False,
        max_length=128,
        error_messages=UNSAID,
        help_text=_("Paling sedikit 12 huruf, angka, atau tanda. Kalimat pendek mudah diingat."),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    again = forms.CharField(
        label=_("Sandi sekali lagi"),
        strip=False,
        max_length=128,
        error_messages=UNSAID,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def __init__(
        self, *args: Any, invitation: Invitation, known: User | None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.invitation = invitation
        self.fields["username"].initial = accepting.proposed(invitation)
        if known is not None:
            del self.fields["username"]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("password") and data.get("again") and data["password"] != data["again"]:
            self.add_error("again", _("Kedua sandi tidak sama. Ketik lagi."))
        return data

    def complain(self, complaints: Mapping[str, list[str]]) -> None:
        """What the rule finds wrong, at its fields."""
        for name, sentences in complaints.items():
            self.add_error(name if name in self.fields else None, sentences)

    @property
    def what(self) -> dict[str, str]:
        """As the rule wants it."""
        chosen = self.cleaned_data
        return {"username": chosen.get("username", ""), "password": chosen["password"]}


class ContactForm(ContactModelForm):
    """Whom to call, and how."""

    class Meta:
        model = ContactPerson
        fields: ClassVar = ["name", "position", "phone", "email"]
        help_texts: ClassVar = {
            "position": _("Misalnya Kepala Seksi Pelayanan."),
            "phone": _("Telepon atau WhatsApp, misalnya 0812 3456 7890."),
            "email": _("Isi telepon, surel, atau keduanya."),
        }


class WeekForm(forms.Form):
    """Which week, by any day of it, and of which agency."""

    hari = DayField(label=_("Pekan dengan tanggal"))
    instansi = forms.TypedChoiceField(
        label=_("Instansi"), coerce=int, empty_value=None, required=False
    )

    def __init__(self, data: QueryDict, *, realm: Realm, today: date) -> None:
        asked = data.copy()
        asked.setdefault("hari", today.isoformat())
        super().__init__(asked)
        self.today = today
        self.presences = list(realm.presences())
        choices = [("", _("Semua instansi")), *((p.pk, p.board_name) for p in self.presences)]
        self.fields["instansi"].choices = choices  # type: ignore[attr-defined]
        self.full_clean()

    @property
    def monday(self) -> date:
        """The Monday of that week; of this one where nothing sensible was chosen."""
        day: date = self.cleaned_data.get("hari") or self.today
        if not self.today.year - 20 <= day.year <= self.today.year + 1:
            day = self.today
        return day - timedelta(days=day.weekday())

    @property
    def wanted(self) -> list[Any]:
        """The agencies to show."""
        chosen = self.cleaned_data.get("instansi")
        return [each for each in self.presences if chosen in {None, each.pk}]
