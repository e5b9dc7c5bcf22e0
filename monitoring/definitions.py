"""Every figure by its name: what it counts, in which clock, from which source. The one address.

Charts, sheets, reports and endpoints take their figures from here and cite the key. VERSION rises
with every change of a meaning; a frozen report names the version it was built with.
"""

from collections.abc import Callable
from fractions import Fraction

from django.utils.translation import gettext_lazy as _

from monitoring.account import Account, Figure, Unit, Value, in_minutes, percent
from monitoring.tallies import Histogram

VERSION = 1
FEWEST = 5  # people: of fewer the ministry and the public are shown nothing
TENTH, HALF, NINE_TENTHS = Fraction(1, 10), Fraction(1, 2), Fraction(9, 10)
QUICK = 30 * 60  # seconds; no official norm for waiting at an MPP was found, this one is ours


def _count(name: str) -> Callable[[Account], Value]:
    return lambda account: int(getattr(account.tally.counts, name))


def _kept(one: str, other: str) -> Callable[[Account], Value]:
    def share(account: Account) -> Value:
        if account.kept is None:
            return None
        return percent(getattr(account.kept, one), getattr(account.kept, other))

    return share


def _duration(
    part: Callable[[Account], Histogram], how: Callable[[Histogram], Fraction | int | None]
) -> Callable[[Account], Value]:
    return lambda account: in_minutes(how(part(account)))


def _waits(account: Account) -> Histogram:
    return account.tally.waits


def _services(account: Account) -> Histogram:
    return account.tally.services


def _share(part: str, whole: str) -> Callable[[Account], Value]:
    def share(account: Account) -> Value:
        counts = account.tally.counts
        return percent(getattr(counts, part), getattr(counts, whole))

    return share


def _quick(account: Account) -> Value:
    return percent(account.tally.waits.within(QUICK), account.tally.waits.count)


def _least(part: Histogram) -> int | None:
    return part.quantile(TENTH)


def _half(part: Histogram) -> int | None:
    return part.quantile(HALF)


def _most(part: Histogram) -> int | None:
    return part.quantile(NINE_TENTHS)


def _complaint(name: str) -> Callable[[Account], Value]:
    return lambda account: None if account.complaints is None else getattr(account.complaints, name)


def _incident(name: str) -> Callable[[Account], Value]:
    return lambda account: None if account.incidents is None else getattr(account.incidents, name)


FIGURES = (
    Figure(
        "visits",
        _("Kunjungan"),
        Unit.COUNT,
        _(
            "Orang yang mengambil nomor pada hari itu. Satu kunjungan dapat melewati beberapa"
            " antrean: nomor yang dialihkan tidak dihitung lagi."
        ),
        _count("visits"),
    ),
    Figure(
        "issued",
        _("Nomor terbit"),
        Unit.COUNT,
        _(
            "Semua nomor antrean yang berlaku, termasuk nomor pindahan. Nomor yang tidak pernah"
            " tercetak tidak dihitung."
        ),
        _count("issued"),
    ),
    Figure(
        "called",
        _("Dipanggil"),
        Unit.COUNT,
        _("Nomor yang dipanggil ke loket; panggilan yang dibatalkan tidak dihitung."),
        _count("called"),
    ),
    Figure(
        "served",
        _("Dilayani"),
        Unit.COUNT,
        _("Nomor yang layanannya selesai di loket, juga yang sesudahnya dialihkan."),
        _count("served"),
    ),
    Figure(
        "transferred",
        _("Dialihkan"),
        Unit.COUNT,
        _("Nomor yang dilayani, lalu diteruskan ke antrean lain di mal yang sama."),
        _count("transferred"),
    ),
    Figure(
        "cancelled",
        _("Dibatalkan"),
        Unit.COUNT,
        _("Nomor yang dilepas pemiliknya atau petugas sebelum dipanggil."),
        _count("cancelled"),
    ),
    Figure(
        "skipped",
        _("Dilewati"),
        Unit.COUNT,
        _("Nomor yang sekali atau lebih dipanggil tanpa ada yang datang."),
        _count("skipped"),
    ),
    Figure(
        "absent",
        _("Tidak hadir"),
        Unit.COUNT,
        _("Nomor yang dipanggil, tidak datang, dan tidak kembali sampai hari itu ditutup."),
        _count("absent"),
        is_better=False,
    ),
    Figure(
        "absent_share",
        _("Bagian tidak hadir"),
        Unit.PERCENT,
        _("Nomor tidak hadir dibagi nomor yang dipanggil."),
        _share("absent", "called"),
        is_better=False,
    ),
    Figure(
        "unserved",
        _("Tidak sempat dilayani"),
        Unit.COUNT,
        _("Nomor yang masih menunggu ketika hari itu ditutup."),
        _count("unserved"),
        is_better=False,
    ),
    Figure(
        "interrupted",
        _("Tertunda sampai tutup"),
        Unit.COUNT,
        _("Nomor yang layanannya ditunda dan tidak dilanjutkan sampai hari itu ditutup."),
        _count("interrupted"),
        is_better=False,
    ),
    Figure(
        "open",
        _("Masih berjalan"),
        Unit.COUNT,
        _("Nomor hari ini yang menunggu, dipanggil, dilayani, atau ditunda saat dihitung."),
        _count("open"),
    ),
    Figure(
        "wait_median",
        _("Tunggu tengah"),
        Unit.MINUTES,
        _(
            "Separuh pengunjung yang dipanggil menunggu paling lama sekian. Tunggu dihitung dari"
            " tempatnya dalam antrean (saat nomor diambil, saat dialihkan, atau awal jendela"
            " reservasinya) sampai panggilan ke loket, dengan jam peladen; waktu istirahat ikut"
            " dihitung. Dibaca dari sebaran, ketelitian 2,5 %."
        ),
        _duration(_waits, _half),
        is_better=False,
    ),
    Figure(
        "wait_p10",
        _("1 dari 10 paling cepat"),
        Unit.MINUTES,
        _(
            "Satu dari sepuluh pengunjung yang dipanggil menunggu paling lama sekian. Dibaca dari"
            " sebaran, ketelitian 2,5 %."
        ),
        _duration(_waits, _least),
        is_better=False,
    ),
    Figure(
        "wait_p90",
        _("9 dari 10 paling lama"),
        Unit.MINUTES,
        _(
            "Sembilan dari sepuluh pengunjung yang dipanggil menunggu paling lama sekian. Dibaca"
            " dari sebaran, ketelitian 2,5 %."
        ),
        _duration(_waits, _most),
        is_better=False,
    ),
    Figure(
        "wait_mean",
        _("Tunggu rata-rata"),
        Unit.MINUTES,
        _("Jumlah seluruh waktu tunggu dibagi nomor yang dipanggil; tepat, bukan dari sebaran."),
        _duration(_waits, Histogram.mean),
        is_better=False,
    ),
    Figure(
        "wait_quick",
        _("Menunggu di bawah 30 menit"),
        Unit.PERCENT,
        _(
            "Bagian nomor yang dipanggil dalam waktu kurang dari 30 menit. Batas ini pilihan"
            " portal: norma resmi waktu tunggu MPP tidak ditemukan."
        ),
        _quick,
        is_better=True,
    ),
    Figure(
        "service_median",
        _("Layanan tengah"),
        Unit.MINUTES,
        _(
            "Separuh layanan di loket berlangsung paling lama sekian, dari mulai dilayani sampai"
            " selesai, tanpa waktu ditunda. Dibaca dari sebaran, ketelitian 2,5 %."
        ),
        _duration(_services, _half),
    ),
    Figure(
        "service_p90",
        _("Layanan 9 dari 10"),
        Unit.MINUTES,
        _("Sembilan dari sepuluh layanan di loket berlangsung paling lama sekian."),
        _duration(_services, _most),
    ),
    Figure(
        "within_share",
        _("Dalam standar"),
        Unit.PERCENT,
        _(
            "Bagian nomor yang dilayani yang selesai dalam perkiraan menit di loket dari standar"
            " layanannya, seperti yang berlaku ketika hari itu dihitung."
        ),
        _share("within", "served"),
        is_better=True,
    ),
    Figure(
        "complete_share",
        _("Selesai pada kunjungan pertama"),
        Unit.PERCENT,
        _("Bagian nomor yang dilayani tanpa persyaratan yang dicatat kurang oleh petugas."),
        _share("complete", "served"),
        is_better=True,
    ),
    Figure(
        "service_days",
        _("Hari pelayanan"),
        Unit.COUNT,
        _("Hari, menurut tanggal setempat, yang setidaknya satu nomornya diambil."),
        lambda account: account.days,
    ),
    Figure(
        "attended_share",
        _("Kehadiran instansi"),
        Unit.PERCENT,
        _(
            "Hari hadir dibagi hari yang dijanjikan dalam perjanjian yang berlaku, tanpa hari mal"
            " tutup. Hadir berarti ada petugas di loket atau nomor yang dipanggil."
        ),
        _kept("attended_days", "promised_days"),
        is_better=True,
    ),
    Figure(
        "counters_share",
        _("Loket dibuka"),
        Unit.PERCENT,
        _("Loket yang dibuka dibagi loket yang dijanjikan, pada hari yang keduanya diketahui."),
        _kept("counters_kept", "counters_promised"),
        is_better=True,
    ),
    Figure(
        "hours_share",
        _("Jam dibuka"),
        Unit.PERCENT,
        _(
            "Waktu dari tanda pertama sampai terakhir di loket, tanpa istirahat mal, dibagi jam"
            " yang dijanjikan, pada hari yang keduanya diketahui."
        ),
        _kept("minutes_kept", "minutes_promised"),
        is_better=True,
    ),
    Figure(
        "staff_share",
        _("Petugas hadir"),
        Unit.PERCENT,
        _("Petugas di loket dibagi petugas yang dijanjikan, bila perjanjian menyebutnya."),
        _kept("staff_kept", "staff_promised"),
        is_better=True,
    ),
    Figure(
        "ikm",
        _("IKM"),
        Unit.INDEX,
        _(
            "Indeks Kepuasan Masyarakat dari semua jawaban survei dalam masa itu, bobot 1/9 tiap"
            " unsur (PermenPANRB 14/2017), dibulatkan dua angka; bukan rata-rata IKM layanan."
        ),
        lambda account: account.index.value if account.index else None,
        is_better=True,
    ),
    Figure(
        "respondents",
        _("Responden"),
        Unit.COUNT,
        _("Jawaban survei dalam masa itu; IKM hanya ditampilkan mulai lima jawaban."),
        lambda account: account.index.respondents if account.index else None,
    ),
    Figure(
        "complaints",
        _("Pengaduan masuk"),
        Unit.COUNT,
        _("Pengaduan, permintaan informasi, dan aspirasi yang diterima dalam masa itu."),
        _complaint("received"),
    ),
    Figure(
        "complaints_answered",
        _("Pengaduan dijawab"),
        Unit.COUNT,
        _("Di antara yang diterima dalam masa itu, yang sudah dijawab ketika dihitung."),
        _complaint("answered"),
    ),
    Figure(
        "complaints_late",
        _("Pengaduan lewat tenggat"),
        Unit.COUNT,
        _(
            "Di antara yang diterima dalam masa itu, yang dijawab sesudah tenggatnya atau belum"
            " dijawab ketika tenggatnya lewat."
        ),
        _complaint("late"),
        is_better=False,
    ),
    Figure(
        "closures",
        _("Loket ditutup"),
        Unit.COUNT,
        _("Penutupan loket dalam masa itu yang disetujui atau dilakukan penyelia."),
        _incident("closures"),
        is_better=False,
    ),
    Figure(
        "closed_minutes",
        _("Lama loket ditutup"),
        Unit.MINUTES,
        _("Lama seluruh penutupan loket dalam masa itu."),
        lambda account: in_minutes(account.incidents.seconds) if account.incidents else None,
        is_better=False,
    ),
    Figure(
        "alarms",
        _("Panggilan darurat"),
        Unit.COUNT,
        _("Panggilan darurat dari loket dalam masa itu."),
        _incident("alarms"),
        is_better=False,
    ),
)
BY_KEY = {figure.key: figure for figure in FIGURES}
# Each number ends in exactly one of these, or is still on its way.
OUTCOMES = ("served", "cancelled", "absent", "unserved", "interrupted", "open")
