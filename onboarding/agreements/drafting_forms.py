"""What somebody fills in of a draft: its head, its parties, and what is promised of each agency."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from agencies import sentences
from agencies.models import Agency, Agreement, Counter, Presence, Weekday
from onboarding import ranges
from onboarding.agreements.drafting import HEAD, Head, content_part, party_part
from onboarding.agreements.register import Document, Promised, Signatory
from onboarding.fields import NumbersField, clock, day, text
from services.models import Service

MOST_STAFF = 500
DEAREST = Decimal(999_999_999_999)


class PartForm(forms.Form):
    """A part of a draft: what it says to whoever opens the page, and what it said to the sender."""

    is_stale = False  # it says something else by now than whoever sent the form had seen

    def __init__(self, *args: Any, part: str, names: Mapping[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.part, self.name_now = part, names.get(part, "")
        self.seen: str = self.data.get(f"seen-{part}", "")

    @property
    def says_now(self) -> str:
        """What is stored, for whoever is told that it changed."""
        return ""


class HeadForm(PartForm):
    """What a document is, when it holds, and with whom."""

    kind = forms.TypedChoiceField(
        label=_("Jenis"),
        choices=Agreement.Kind,
        coerce=Agreement.Kind,
        widget=forms.RadioSelect,
        help_text=_(
            "Loket dan hari hadir mengikuti perjanjian kerja sama dan adendumnya. Nota kesepahaman"
            " dan kesepakatan bersama adalah payungnya: isinya tidak membuka loket."
        ),
    )
    title = text(_("Judul"), 200, help_text=_("Seperti di kepala naskahnya."))
    from_date = day(_("Berlaku sejak"))
    until_date = day(
        _("Berlaku sampai"), required=False, help_text=_("Kosong bila tanpa batas waktu.")
    )
    renewal_terms = text(
        _("Ketentuan perpanjangan"),
        300,
        required=False,
        help_text=_("Misalnya: diperpanjang dengan kesepakatan tertulis 30 hari sebelumnya."),
    )
    amends = forms.ModelChoiceField(
        Agreement.objects.none(),
        label=_("Mengubah"),
        required=False,
        help_text=_("Hanya untuk adendum: dokumen yang diubahnya."),
        empty_label=_("Bukan adendum"),
    )
    renews = forms.ModelChoiceField(
        Agreement.objects.none(),
        label=_("Memperpanjang"),
        required=False,
        help_text=_("Dokumen yang dilanjutkannya, bila ada."),
        empty_label=_("Tidak memperpanjang"),
    )
    agencies = forms.MultipleChoiceField(
        label=_("Instansi"), widget=forms.CheckboxSelectMultiple, required=False
    )

    def __init__(
        self,
        *args: Any,
        bases: Sequence[Agreement],
        amendable: Sequence[Agreement],
        agencies: Sequence[Agency],
        document: Document,
        names: Mapping[str, str],
        **kwargs: Any,
    ) -> None:
        own = ("kind", "title", "from_date", "until_date", "renewal_terms")
        initial = {name: getattr(document, name) for name in own}
        initial |= {"amends": document.amends_id, "renews": document.renews_id}
        initial["agencies"] = [str(each.agency_id) for each in document.parties if each.agency_id]
        super().__init__(*args, part=HEAD, names=names, initial=initial, **kwargs)
        for name, offered in (("amends", amendable), ("renews", bases)):
            known = Agreement.objects.filter(pk__in=[each.pk for each in offered])
            self.fields[name].queryset = known  # type: ignore[attr-defined]
        choices = [(str(each.pk), each.name) for each in agencies]
        self.fields["agencies"].choices = choices  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        first, last = data.get("from_date"), data.get("until_date")
        if first and last and last < first:
            self.add_error("until_date", _("Hari terakhir tidak boleh sebelum hari pertamanya."))
        is_addendum, amends = data.get("kind") == Agreement.Kind.ADDENDUM, data.get("amends")
        if is_addendum and amends is None and "amends" not in self.errors:
            self.add_error("amends", _("Pilih dokumen yang diubah oleh adendum ini."))
        if not is_addendum and amends is not None:
            self.add_error("amends", _("Hanya adendum yang mengubah dokumen lain."))
        return data

    @property
    def head(self) -> Head:
        data = self.cleaned_data
        same = ("kind", "title", "from_date", "until_date", "renewal_terms")
        what: dict[str, Any] = {name: data[name] for name in same}
        what |= {f"{name}_id": getattr(data[name], "pk", None) for name in ("amends", "renews")}
        return Head(agencies=tuple(int(pk) for pk in data["agencies"]), **what)


class PartyForm(PartForm):
    """How one party signs; it may be filled in later, but not after signing."""

    number = text(_("Nomor dokumen"), 80, required=False)
    signatory = text(_("Penanda tangan"), 120, required=False)
    position = text(_("Jabatan"), 120, required=False)

    def __init__(self, *args: Any, party: Signatory, name: str, **kwargs: Any) -> None:
        initial = {"number": party.number, "signatory": party.name, "position": party.position}
        part = party_part(party.agency_id)
        super().__init__(*args, part=part, initial=initial, prefix=part, **kwargs)
        self.party, self.name = party, name
        for field in self.fields.values():
            field.widget.attrs["aria-label"] = f"{field.label}, {name}"

    @property
    def says_now(self) -> str:
        own = self.party.number, self.party.name, self.party.position
        return ", ".join(filter(None, own)) or str(_("kosong"))

    @property
    def signed(self) -> Signatory:
        data = self.cleaned_data
        names = data["number"], data["signatory"], data["position"]
        return Signatory(self.party.agency_id, *names)


def _weekdays(open_on: Iterable[int]) -> list[tuple[int, Any]]:
    return [(each.value, each.label) for each in Weekday if each in set(open_on)]


def _days_field(choices: list[tuple[int, Any]]) -> forms.TypedMultipleChoiceField:
    return forms.TypedMultipleChoiceField(
        label=_("Hari hadir"),
        choices=choices,
        coerce=int,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )


class RowForm(PartForm):
    """What is promised of one agency in a table of many: its days, counters and staff."""

    counters = NumbersField(label=_("Loket"), required=False, max_length=80)
    staff = forms.IntegerField(
        label=_("Petugas"), required=False, min_value=1, max_value=MOST_STAFF
    )

    def __init__(
        self,
        *args: Any,
        presence: Presence,
        promised: Promised,
        open_on: Iterable[int],
        numbers: Mapping[str, int],
        **kwargs: Any,
    ) -> None:
        self.presence, self.numbers, self.promised = presence, numbers, promised
        by_pk = {pk: number for number, pk in numbers.items()}
        initial = {
            "weekdays": self.promised.weekdays,
            "counters": [by_pk[pk] for pk in self.promised.counters if pk in by_pk],
            "staff": self.promised.staff,
        }
        part = content_part(presence.pk)
        super().__init__(*args, part=part, initial=initial, prefix=part, **kwargs)
        self.fields["weekdays"] = _days_field(_weekdays({*open_on, *self.promised.weekdays}))
        for name in ("counters", "staff"):
            field = self.fields[name]
            field.widget.attrs["aria-label"] = f"{field.label}, {presence.board_name}"

    def clean_counters(self) -> list[int]:
        unknown = [each for each in self.cleaned_data["counters"] if each not in self.numbers]
        if unknown:
            raise forms.ValidationError(
                _("Tidak ada loket %(numbers)s di mal ini."),
                params={"numbers": ", ".join(unknown)},
            )
        return [self.numbers[each] for each in self.cleaned_data["counters"]]

    @property
    def says_now(self) -> str:
        if not self.name_now:
            return str(_("kosong"))
        said = [sentences.weekdays(self.promised.weekdays)]
        said += [_("loket %s") % ranges.write(self.initial["counters"])]
        if self.promised.staff:
            said.append(_("%d petugas") % self.promised.staff)
        return "; ".join(filter(None, said))

    @property
    def what(self) -> Promised | None:
        """The promise with what was typed here, None where nothing is promised."""
        data = self.cleaned_data
        what = replace(
            self.promised,
            weekdays=tuple(data["weekdays"]),
            counters=tuple(data["counters"]),
            staff=data["staff"],
        )
        return None if what == Promised(self.presence.pk, (), ()) else what


class PromiseForm(PartForm):
    """Everything that is promised of one agency."""

    counters = forms.TypedMultipleChoiceField(
        label=_("Loket"), coerce=int, required=False, widget=forms.CheckboxSelectMultiple
    )
    opens = clock(_("Mulai pukul"))
    closes = clock(_("Sampai pukul"))
    staff = forms.IntegerField(
        label=_("Jumlah petugas"), required=False, min_value=1, max_value=MOST_STAFF
    )
    facilities = forms.CharField(
        label=_("Sarana"),
        required=False,
        max_length=2000,
        help_text=_("Apa yang disediakan mal dan apa yang dibawa instansi."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    charge = forms.DecimalField(
        label=_("Biaya per bulan (rupiah)"),
        required=False,
        min_value=0,
        max_value=DEAREST,
        decimal_places=0,
        help_text=_("Kosong bila tidak diatur, 0 bila tidak dipungut."),
    )
    charge_note = text(_("Keterangan biaya"), 200, required=False)
    covers_all = forms.TypedChoiceField(
        label=_("Layanan"),
        choices=[("1", _("Semua layanan instansi ini")), ("0", _("Hanya yang dipilih"))],
        coerce=lambda value: value == "1",
        widget=forms.RadioSelect,
    )
    services = forms.TypedMultipleChoiceField(
        label=_("Layanan yang dipilih"),
        coerce=int,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(
        self,
        *args: Any,
        promised: Promised,
        open_on: Iterable[int],
        counters: Sequence[tuple[Counter, str]],
        services: Sequence[Service],
        **kwargs: Any,
    ) -> None:
        self.promised = promised
        names = ("opens", "closes", "staff", "facilities", "charge", "charge_note")
        initial = {name: getattr(promised, name) for name in names}
        initial |= {"weekdays": promised.weekdays, "counters": promised.counters}
        initial |= {"covers_all": "1" if promised.services is None else "0"}
        initial |= {"services": promised.services or ()}
        part = content_part(promised.presence_id)
        super().__init__(*args, part=part, initial=initial, **kwargs)
        self.fields["weekdays"] = _days_field(_weekdays({*open_on, *promised.weekdays}))
        chosen = [(each.pk, said) for each, said in counters]
        self.fields["counters"].choices = chosen  # type: ignore[attr-defined]
        offered = [(each.pk, each.name) for each in services]
        self.fields["services"].choices = offered  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        opens, closes = data.get("opens"), data.get("closes")
        if (opens is None) != (closes is None) and not {"opens", "closes"} & self.errors.keys():
            self.add_error("closes", _("Isi kedua jamnya, atau kosongkan keduanya."))
        if opens and closes and opens >= closes:
            self.add_error("closes", _("Jam selesai harus setelah jam mulai."))
        if data.get("covers_all") is False and not data.get("services"):
            self.add_error("services", _("Pilih sedikitnya satu layanan, atau pilih semuanya."))
        return data

    @property
    def what(self) -> Promised:
        data = self.cleaned_data
        same = ("opens", "closes", "staff", "facilities", "charge", "charge_note")
        return Promised(
            presence_id=self.promised.presence_id,
            weekdays=tuple(data["weekdays"]),
            counters=tuple(data["counters"]),
            services=None if data["covers_all"] else tuple(data["services"]),
            **{name: data[name] for name in same},
        )
