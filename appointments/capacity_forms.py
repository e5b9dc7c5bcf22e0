"""What somebody who plans capacity types: windows, shares, from when, and when places come out."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, time, timedelta
from typing import Any
from uuid import uuid4

from django import forms
from django.forms.boundfield import BoundField
from django.utils.translation import gettext_lazy as _

from agencies.models import Weekday
from agencies.opening import Hours
from appointments import planning
from appointments.models import ArrivalRule
from appointments.planning import Layout, NotDrawable
from appointments.slots import WHOLE, Release, Shares, Tranche, Window
from appointments.states import Mode
from core.errors import Refused, tried
from hall.forms import TimeField

AT_MOST = 500  # places of one share in one window
FURTHEST = 366  # days ahead from which a change may hold
PHASES = 4  # tranches that can be typed
EARLIEST = 90  # days before, for the first of them
ONE_DAY = timedelta(days=1)


def _number(label: Any, most: int, *, least: int = 0, required: bool = True) -> forms.IntegerField:
    said = _("Isi angka %(least)d sampai %(most)d.") % {"least": least, "most": most}
    return forms.IntegerField(
        label=label,
        min_value=least,
        max_value=most,
        required=required,
        error_messages=dict.fromkeys(("required", "invalid", "min_value", "max_value"), said),
    )


def _clock(label: Any) -> forms.TimeField:
    said = _("Isi jamnya, misalnya 09.00.")
    return TimeField(
        label=label,
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        error_messages={"required": said, "invalid": said},
    )


class ChangeForm(forms.Form):
    """A change that holds from a date on."""

    from_date = forms.DateField(
        label=_("Berlaku dari"),
        input_formats=["%Y-%m-%d", "%d-%m-%Y", "%d/%m/%Y"],
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages=dict.fromkeys(
            ("required", "invalid"), _("Isi tanggalnya, misalnya 2026-03-10.")
        ),
    )
    # Each form has its own, so that a double tap changes once.
    key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        self.fields["from_date"].initial = today + ONE_DAY

    def clean_from_date(self) -> date:
        on: date = self.cleaned_data["from_date"]
        if on < self.today:
            raise forms.ValidationError(_("Tanggal itu sudah lewat. Paling cepat hari ini."))
        if on > self.today + timedelta(days=FURTHEST):
            raise forms.ValidationError(_("Paling jauh satu tahun ke depan."))
        return on

    @property
    def from_(self) -> date:
        on: date = self.cleaned_data["from_date"]
        return on

    def layout(self, old: Layout | None) -> Layout:
        """The plan as this change would leave it."""
        raise NotImplementedError


class SharesForm(ChangeForm):
    """The places of a window by whose they are."""

    online = _number(_("Daring"), AT_MOST)
    priority = _number(_("Prioritas"), AT_MOST)
    staff = _number(_("Petugas"), AT_MOST)
    walk_in = _number(_("Datang langsung"), AT_MOST)

    SHARES = ("online", "priority", "staff", "walk_in")

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        typed = [data.get(name) for name in self.SHARES]
        if None not in typed and not any(typed):
            self.add_error("online", _("Isi paling sedikit satu tempat, atau hapus jendelanya."))
        return data

    @property
    def shares(self) -> Shares:
        return Shares(*(self.cleaned_data[name] for name in self.SHARES))

    def share_fields(self) -> list[BoundField]:
        return [self[name] for name in self.SHARES]


class WindowForm(SharesForm):
    """One window of a weekday: a new one, another in the place of one, or none any more."""

    weekday = forms.TypedChoiceField(label=_("Hari"), choices=Weekday, coerce=int)
    begins = _clock(_("Dari pukul"))
    ends = _clock(_("Sampai pukul"))
    was_day = forms.TypedChoiceField(
        choices=Weekday, coerce=int, required=False, empty_value=None, widget=forms.HiddenInput
    )
    was_begins = forms.TimeField(required=False, widget=forms.HiddenInput)
    remove = forms.BooleanField(required=False, widget=forms.HiddenInput)

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        begins, ends = data.get("begins"), data.get("ends")
        if begins and ends and begins >= ends:
            self.add_error("ends", _("Jam selesai harus setelah jam mulai."))
        return data

    @property
    def was(self) -> tuple[int, time] | None:
        day, begins = self.cleaned_data["was_day"], self.cleaned_data["was_begins"]
        return None if day is None or begins is None else (day, begins)

    def layout(self, old: Layout | None) -> Layout:
        assert old is not None  # noqa: S101 - its page is only for services with a plan
        if self.cleaned_data["remove"] and self.was:
            return planning.changed(old, closes={self.was}, opens=[], from_date=self.from_)
        data = self.cleaned_data
        window = Window(data["weekday"], data["begins"], data["ends"], self.shares, self.from_)
        return planning.with_window(old, self.was, window)


class DayForm(SharesForm):
    """The same shares for all windows of a weekday."""

    def __init__(self, *args: Any, weekday: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.weekday = weekday

    def layout(self, old: Layout | None) -> Layout:
        assert old is not None  # noqa: S101 - its page is only for services with a plan
        return planning.with_shares(old, self.weekday, self.shares, from_date=self.from_)


class CopyForm(ChangeForm):
    """The windows of a weekday, on other weekdays too."""

    weekdays = forms.TypedMultipleChoiceField(
        label=_("Ke hari"),
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Pilih paling sedikit satu hari.")},
    )

    field_order = ("weekdays", "from_date")

    def __init__(self, *args: Any, weekday: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.weekday = weekday
        others = [(day.value, day.label) for day in Weekday if day != weekday]
        self.fields["weekdays"].choices = others  # type: ignore[attr-defined]

    def layout(self, old: Layout | None) -> Layout:
        assert old is not None  # noqa: S101 - its page is only for services with a plan
        days = self.cleaned_data["weekdays"]
        return planning.with_copies(old, self.weekday, days, from_date=self.from_)


class HoursForm(SharesForm):
    """Windows of one length over the opening hours of some weekdays."""

    weekdays = forms.TypedMultipleChoiceField(
        label=_("Hari"),
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Pilih paling sedikit satu hari.")},
    )
    minutes = forms.TypedChoiceField(
        label=_("Panjang satu jendela"),
        choices=[(30, _("30 menit")), (60, _("1 jam")), (90, _("1 jam 30 menit"))],
        coerce=int,
        initial=60,
    )

    def __init__(self, *args: Any, hours: dict[int, Hours], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.hours = hours
        days = [(day.value, day.label) for day in Weekday if day in hours]
        self.fields["weekdays"].choices = days  # type: ignore[attr-defined]
        self.fields["weekdays"].initial = list(hours)

    def layout(self, old: Layout | None) -> Layout:
        assert old is not None  # noqa: S101 - its page is only for services with a plan
        data = self.cleaned_data
        opens = [
            Window(day, begins, ends, self.shares, self.from_)
            for day in data["weekdays"]
            for begins, ends in planning.spans(self.hours[day], data["minutes"])
        ]
        return planning.with_hours(old, data["weekdays"], opens, from_date=self.from_)


class RulesForm(forms.Form):
    """By which rules a service takes reservations; they hold as soon as they are stored."""

    is_active = forms.BooleanField(label=_("Menerima reservasi"), required=False)
    needs_nik = forms.BooleanField(
        label=_("Meminta NIK"),
        required=False,
        help_text=_("Hanya bila layanan ini benar-benar memerlukannya."),
    )
    family = forms.SlugField(
        label=_("Rumpun layanan"),
        max_length=40,
        help_text=_(
            "Satu NIK memesan satu tempat dalam rumpun yang sama, di semua mal. Misalnya: paspor."
        ),
        error_messages=dict.fromkeys(
            ("required", "invalid", "max_length"),
            _("Isi satu kata dengan huruf kecil, angka, atau tanda hubung."),
        ),
    )
    mode = forms.TypedChoiceField(
        label=_("Cara membagi tempat"),
        choices=Mode,
        coerce=int,
        widget=forms.RadioSelect,
        help_text=_(
            "Undian: permohonan dikumpulkan 24 jam sejak tahap pertama, lalu semua tempat diundi."
            " Yang tidak mendapat tempat masuk daftar tunggu menurut urutan undian."
        ),
        error_messages=dict.fromkeys(("required", "invalid_choice"), _("Pilih salah satu.")),
    )
    release_at = _clock(_("Tempat dibuka pukul"))
    key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.from_ = today
        for each in range(PHASES):
            days = _number(_("Hari sebelumnya"), EARLIEST, required=False)
            percent = _number(_("Persen yang sudah dibuka"), WHOLE, least=1, required=False)
            self.fields |= {f"days_{each}": days, f"percent_{each}": percent}

    def phases(self) -> list[tuple[BoundField, BoundField]]:
        """The tranches as rows of two fields."""
        return [(self[f"days_{each}"], self[f"percent_{each}"]) for each in range(PHASES)]

    def _typed(self) -> Iterator[tuple[int | None, int | None]]:
        for each in range(PHASES):
            pair = self.cleaned_data.get(f"days_{each}"), self.cleaned_data.get(f"percent_{each}")
            if pair != (None, None):
                yield pair

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        typed = list(self._typed())
        if any(
            f"{name}_{each}" in self.errors for name in ("days", "percent") for each in range(4)
        ):
            return data
        if any(None in pair for pair in typed):
            self.add_error("days_0", _("Setiap tahap perlu hari dan persennya."))
            return data
        ranked = sorted(typed, reverse=True, key=lambda pair: pair[0] or 0)
        percents = [pair[1] or 0 for pair in ranked]
        if len({pair[0] for pair in typed}) < len(typed) or percents != sorted(set(percents)):
            self.add_error("days_0", _("Makin dekat harinya, makin besar persennya."))
        elif not percents or percents[-1] != WHOLE:
            self.add_error("days_0", _("Tahap terakhir harus membuka 100 % tempat."))
        if not self.errors:
            refused = tried(lambda: planning.refuse_undrawable(self.layout(None)), NotDrawable)
            if isinstance(refused, Refused):
                self.add_error("mode", str(refused))
        return data

    def layout(self, old: Layout | None) -> Layout:
        data = self.cleaned_data
        tranches = tuple(Tranche(days or 0, percent or 0) for days, percent in self._typed())
        ordered = tuple(sorted(tranches, key=_days, reverse=True))
        release = Release(data["release_at"], ordered, data["mode"] == Mode.DRAW)
        new = Layout(data["is_active"], data["family"], data["needs_nik"], release)
        return replace(new, windows=old.windows) if old else new


def _days(tranche: Tranche) -> int:
    return tranche.days_before


class GraceForm(forms.Form):
    """How early and how late people with a reservation may come, and whether they type a code."""

    early = _number(_("Menit lebih awal"), 180)
    late = _number(_("Menit terlambat"), 120)
    asks_code = forms.BooleanField(
        label=_("Minta kode lewat ponsel"),
        required=False,
        help_text=_(
            "Reservasi daring baru sah setelah kode yang dikirim ke ponsel diketik. Pemesanan oleh"
            " petugas tidak memerlukannya."
        ),
    )

    @staticmethod
    def of(rule: ArrivalRule | None) -> dict[str, int]:
        """What holds now."""
        known = rule or ArrivalRule()
        minutes = {"early": known.early_minutes, "late": known.late_minutes}
        return {**minutes, "asks_code": known.asks_code}
