"""Every kind of message the portal sends: how urgent it is, what it may name, and its usual words.

The words are Indonesian here and English in the catalogue of translations; a mall may have its own
(wording.py). No kind can name a NIK or a full name: there is no placeholder for one.
"""

from dataclasses import dataclass
from datetime import timedelta

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from notifications.states import BY_PHONE, FREE, OUTSIDE, Channel, Lane

DAY = timedelta(days=1)
SECRET = frozenset({"angka", "tautan"})  # what a log never shows
SOON = timedelta(seconds=60)
PLACEHOLDERS = {
    "nama": _("nama depan dan huruf pertama nama belakang"),
    "mal": _("nama singkat mal"),
    "layanan": _("nama layanan"),
    "instansi": _("nama instansi"),
    "jadwal": _("hari, tanggal, dan jam"),
    "jam": _("jam"),
    "kode": _("kode reservasi"),
    "tautan": _("tautan pribadi"),
    "syarat": _("dokumen yang dibawa"),
    "alasan": _("alasan dari kantor"),
    "batas": _("sampai kapan"),
    "urutan": _("urutan di daftar tunggu"),
    "nomor": _("nomor antrean"),
    "jumlah": _("berapa orang atau pesan"),
    "loket": _("nomor loket"),
    "angka": _("kode sekali pakai"),
    "menit": _("berapa menit"),
    "perangkat": _("nama perangkat"),
    "antrean": _("nama antrean"),
    "nomor_aduan": _("nomor pengaduan"),
    "peran": _("peran petugas"),
    "perjanjian": _("judul perjanjian"),
    "hari": _("berapa hari lagi"),
    "laporan": _("nama laporan dan masanya"),
}


@dataclass(frozen=True)
class Kind:
    """One kind of message. `lasts` is how long it is worth sending unless its sender knows."""

    title: str | Promise
    body: str | Promise
    lane: Lane
    names: tuple[str, ...]
    lasts: timedelta = DAY
    is_quiet: bool = False  # waits for the morning
    channels: tuple[Channel, ...] = (*FREE, *OUTSIDE)


def _to_staff(title: Promise, body: Promise, *names: str) -> Kind:
    channels = (*FREE, Channel.EMAIL)
    return Kind(title, body, Lane.REPORTS, names, is_quiet=True, channels=channels)


BOOKED = ("nama", "mal", "layanan", "instansi", "jadwal", "kode", "tautan")
APPLIED = ("nama", "mal", "layanan", "instansi", "jadwal", "tautan")

KINDS: dict[str, Kind] = {
    "code": Kind(
        _("Kode untuk reservasi"),
        _("Kode Anda untuk reservasi di {mal}: {angka}. Berlaku {menit} menit."),
        Lane.CODES,
        ("mal", "angka", "menit"),
        timedelta(minutes=5),
        channels=BY_PHONE,
    ),
    "booking_confirmed": Kind(
        _("Reservasi Anda tercatat"),
        _(
            "Yth. Bapak/Ibu {nama}, reservasi Anda di {mal} tercatat. {layanan}, {instansi}:"
            " {jadwal}. Kode: {kode}. Nomor antrean terbit saat Anda lapor datang. Bawa: {syarat}."
            " Ubah atau batal: {tautan}"
        ),
        Lane.CALLS,
        (*BOOKED, "syarat"),
    ),
    "booking_moved": Kind(
        _("Waktu reservasi dipindah"),
        _(
            "Yth. Bapak/Ibu {nama}, reservasi {layanan} di {mal} sudah dipindah ke {jadwal}."
            " Kode tetap {kode}. Ubah atau batal: {tautan}"
        ),
        Lane.CALLS,
        BOOKED,
    ),
    "booking_cancelled": Kind(
        _("Reservasi dibatalkan"),
        _(
            "Yth. Bapak/Ibu {nama}, reservasi {layanan} di {mal} untuk {jadwal} sudah dibatalkan"
            " sesuai permintaan Anda."
        ),
        Lane.CALLS,
        BOOKED,
    ),
    "booking_called_off": Kind(
        _("Kantor berhalangan: pilih waktu lain"),
        _(
            "Yth. Bapak/Ibu {nama}, mohon maaf: {layanan} di {mal} pada {jadwal} tidak dapat"
            " dilayani. Alasan: {alasan}. Pilih waktu lain, mal lain, atau batalkan di {tautan}"
        ),
        Lane.CALLS,
        (*BOOKED, "alasan"),
    ),
    "booking_cancelled_by_office": Kind(
        _("Reservasi dibatalkan kantor"),
        _(
            "Yth. Bapak/Ibu {nama}, mohon maaf: reservasi {layanan} di {mal} untuk {jadwal}"
            " dibatalkan kantor. Alasan: {alasan}. Hal ini tidak dihitung sebagai tidak datang."
        ),
        Lane.CALLS,
        (*BOOKED, "alasan"),
    ),
    "booking_missed": Kind(
        _("Reservasi tidak didatangi"),
        _(
            "Yth. Bapak/Ibu {nama}, reservasi {layanan} di {mal} untuk {jadwal} tidak didatangi dan"
            " sudah dilepas. Anda tetap dapat datang langsung dan mengambil nomor."
        ),
        Lane.REMINDERS,
        BOOKED,
        is_quiet=True,
    ),
    "reminder_day": Kind(
        _("Besok Anda ditunggu"),
        _(
            "Yth. Bapak/Ibu {nama}, pengingat: {layanan} di {mal}, {jadwal}. Kode: {kode}. Bawa:"
            " {syarat}. Tidak jadi? Batalkan agar orang lain dapat memakainya: {tautan}"
        ),
        Lane.REMINDERS,
        (*BOOKED, "syarat"),
        is_quiet=True,
    ),
    "reminder_hours": Kind(
        _("Dua jam lagi"),
        _("Pengingat: {layanan} di {mal} hari ini pukul {jam}. Kode: {kode}. {tautan}"),
        Lane.REMINDERS,
        (*BOOKED, "jam"),
    ),
    "application_received": Kind(
        _("Permohonan tercatat"),
        _(
            "Yth. Bapak/Ibu {nama}, permohonan tempat {layanan} di {mal} untuk {jadwal} tercatat."
            " Lihat atau tarik: {tautan}"
        ),
        Lane.CALLS,
        APPLIED,
    ),
    "place_offered": Kind(
        _("Ada tempat untuk Anda"),
        _(
            "Yth. Bapak/Ibu {nama}, ada tempat untuk {layanan} di {mal}: {jadwal}. Tempat ini"
            " disimpan untuk Anda sampai {batas}. Ambil atau lepas: {tautan}"
        ),
        Lane.CALLS,
        (*APPLIED, "batas"),
    ),
    "draw_won": Kind(
        _("Hasil undian: Anda mendapat tempat"),
        _(
            "Yth. Bapak/Ibu {nama}, hasil undian {layanan} di {mal}: Anda mendapat tempat {jadwal}."
            " Kode: {kode}. Ubah atau batal: {tautan}"
        ),
        Lane.CALLS,
        (*APPLIED, "kode"),
    ),
    "draw_lost": Kind(
        _("Hasil undian: belum mendapat tempat"),
        _(
            "Yth. Bapak/Ibu {nama}, hasil undian {layanan} di {mal} untuk {jadwal}: belum mendapat"
            " tempat. Anda nomor {urutan} di daftar tunggu; tempat yang kembali ditawarkan"
            " berurutan. {tautan}"
        ),
        Lane.CALLS,
        (*APPLIED, "urutan"),
    ),
    "application_ended": Kind(
        _("Tidak ada tempat lagi"),
        _(
            "Yth. Bapak/Ibu {nama}, untuk {layanan} di {mal}, {jadwal}, tidak ada tempat yang"
            " kembali. Anda tetap dapat datang langsung, atau pilih hari lain: {tautan}"
        ),
        Lane.REMINDERS,
        APPLIED,
        is_quiet=True,
    ),
    "application_called_off": Kind(
        _("Kantor berhalangan: permohonan berakhir"),
        _(
            "Yth. Bapak/Ibu {nama}, mohon maaf: untuk {layanan} di {mal}, {jadwal}, tidak ada"
            " tempat. Alasan: {alasan}. Permohonan Anda berakhir; pilih hari lain: {tautan}"
        ),
        Lane.CALLS,
        (*APPLIED, "alasan"),
    ),
    "ticket_near": Kind(
        _("Sebentar lagi giliran Anda"),
        _(
            "Nomor antrean {nomor} akan segera dipanggil, {jumlah} orang lagi. Mohon mendekat ke"
            " loket {loket}. {mal}"
        ),
        Lane.CALLS,
        ("nomor", "jumlah", "loket", "mal", "tautan"),
        timedelta(minutes=5),
    ),
    "ticket_called": Kind(
        _("Giliran Anda"),
        _("Nomor {nomor} dipanggil. Silakan menuju loket {loket}. {mal}"),
        Lane.CALLS,
        ("nomor", "loket", "mal", "tautan"),
        SOON,
    ),
    "ticket_missed": Kind(
        _("Nomor Anda sudah dipanggil"),
        _(
            "Nomor {nomor} dipanggil di loket {loket} dan dilewati. Sudah di tempat? Tekan “Saya"
            " kembali” di halaman tiket Anda, atau lapor ke petugas. {mal}"
        ),
        Lane.CALLS,
        ("nomor", "loket", "mal", "tautan"),
        timedelta(hours=1),
    ),
    "document_ready": Kind(
        _("Dokumen siap diambil"),
        _(
            "Dokumen Anda dari {instansi} ({layanan}) siap diambil di {mal}. Bawa KTP dan bukti"
            " nomor {nomor}."
        ),
        Lane.REMINDERS,
        ("instansi", "layanan", "mal", "nomor", "tautan"),
        timedelta(days=3),
        is_quiet=True,
    ),
    "survey": Kind(
        _("Bagaimana layanan kami?"),
        _(
            "Terima kasih sudah datang ke {mal}. Mohon luangkan 2 menit untuk menilai {layanan}:"
            " {tautan} Tanpa nama, dan hanya sekali."
        ),
        Lane.REMINDERS,
        ("mal", "layanan", "tautan"),
        timedelta(days=2),
        is_quiet=True,
    ),
    "complaint_received": Kind(
        _("Pengaduan diterima"),
        _(
            "Pengaduan Anda di {mal} tercatat dengan nomor {nomor_aduan}. Tanggapan paling lambat"
            " {batas}. Lihat keadaannya: {tautan}"
        ),
        Lane.CALLS,
        ("nomor_aduan", "batas", "tautan", "mal"),
    ),
    "complaint_answered": Kind(
        _("Pengaduan dijawab"),
        _("Pengaduan {nomor_aduan} di {mal} sudah dijawab. Baca jawabannya: {tautan}"),
        Lane.CALLS,
        ("nomor_aduan", "mal", "tautan"),
    ),
    "complaint_new": _to_staff(
        _("Pengaduan baru"),
        _("Pengaduan {nomor_aduan} di {mal} perlu ditangani, paling lambat dijawab {batas}."),
        *("nomor_aduan", "mal", "batas"),
    ),
    # To somebody who has no account yet, and so no page: by e-mail or not at all.
    "staff_invitation": Kind(
        _("Undangan bertugas"),
        _(
            "Yth. Bapak/Ibu {nama}, Anda diundang bertugas sebagai {peran} untuk {instansi} di"
            " {mal}. Terima undangan ini paling lambat {batas}: {tautan} Tautan ini hanya untuk"
            " Anda dan berlaku satu kali; jangan diteruskan. Tidak merasa diundang? Abaikan."
        ),
        Lane.REPORTS,
        ("nama", "peran", "instansi", "mal", "batas", "tautan"),
        timedelta(days=7),
        channels=(Channel.EMAIL,),
    ),
    "device_silent": _to_staff(
        _("Perangkat tidak memberi kabar"),
        _("{perangkat} di {mal} tidak memberi kabar sejak {jam}. Periksa listrik dan jaringannya."),
        *("perangkat", "mal", "jam"),
    ),
    "mall_silent": _to_staff(
        _("Mal tidak memberi kabar"),
        _(
            "{mal} seharusnya buka, tetapi tidak ada kabar sejak {jam}. Periksa petugas di loket,"
            " listrik, dan jaringannya."
        ),
        *("mal", "jam"),
    ),
    "queue_slow": _to_staff(
        _("Antrean melewati batas tunggu"),
        _("Antrean {antrean} di {mal}: yang terlama sudah menunggu {menit} menit, {jumlah} orang."),
        *("antrean", "mal", "menit", "jumlah"),
    ),
    "agreement_ending": _to_staff(
        _("Perjanjian akan berakhir"),
        _(
            "{perjanjian} ({instansi}) di {mal} berakhir {batas}, {hari} hari lagi. Reservasi"
            " sesudahnya tidak dibuka sampai ada perpanjangan yang ditandatangani."
        ),
        *("perjanjian", "instansi", "mal", "batas", "hari"),
    ),
    "report_ready": _to_staff(
        _("Laporan siap dikirim"),
        _("{laporan} untuk {mal} sudah disusun. Periksa, lalu kirim ke kementerian."),
        *("laporan", "mal"),
    ),
    "report_due": _to_staff(
        _("Laporan belum dikirim"),
        _("{laporan} untuk {mal} belum dikirim. Tenggatnya {batas}."),
        *("laporan", "mal", "batas"),
    ),
    "report_returned": _to_staff(
        _("Laporan dikembalikan"),
        _(
            "{laporan} untuk {mal} dikembalikan kementerian. Baca catatannya di halaman laporan,"
            " lalu susun versi baru."
        ),
        *("laporan", "mal"),
    ),
    "report_accepted": _to_staff(
        _("Laporan diterima"),
        _("{laporan} untuk {mal} diterima kementerian. Tidak ada lagi yang perlu dilakukan."),
        *("laporan", "mal"),
    ),
    "messages_dead": _to_staff(
        _("Ada pesan yang tidak terkirim"),
        _("{jumlah} pesan {mal} hari ini tidak sampai ke pemohon. Lihat sebabnya di daftar pesan."),
        *("jumlah", "mal"),
    ),
}
