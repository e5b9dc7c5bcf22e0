"""What is filled in about a gateway; gateway.py says what becomes of it."""

from django.utils.translation import gettext_lazy as _

from notifications.channels.fields import Field
from notifications.states import State

STATES = {
    "sent": State.SENT,
    "delivered": State.DELIVERED,
    "read": State.READ,
    "failed": State.DEAD,
}
_PATH = _("Jalur di dalam JSON, dipisah titik, seperti data.0.id.")

SENDING = (
    Field("url", _("Alamat API"), _("Alamat https untuk mengirim."), is_required=True),
    Field(
        "body",
        _("Bentuk isi permintaan"),
        kind="choice",
        choices=(("form", _("formulir")), ("json", "JSON")),
        initial="form",
    ),
    Field("token", _("Token"), is_secret=True, is_required=True),
    Field("token_header", _("Nama header token"), _("Kosong bila token ada di dalam isi.")),
    Field("token_prefix", _("Awalan token di header"), _("Seperti Bearer; sering kosong.")),
    Field("token_field", _("Nama isian token"), _("Bila token ada di dalam isi.")),
    Field("to_field", _("Nama isian nomor tujuan"), is_required=True),
    Field("text_field", _("Nama isian teks"), is_required=True),
    Field("sender_field", _("Nama isian pengirim")),
    Field("sender", _("Pengirim"), _("Kosong berarti nama pengirim mal.")),
    Field(
        "key_field",
        _("Nama isian nomor rujukan kita"),
        _("Dengan ini gerbang mengenali pesan yang dikirim ulang."),
    ),
    Field("extra", _("Isian tetap lain"), _("Objek JSON."), kind="json", initial={}),
    Field(
        "number_format",
        _("Bentuk nomor"),
        kind="choice",
        choices=(("+628", "+628…"), ("628", "628…"), ("08", "08…")),
        initial="628",
    ),
)
ANSWER = (
    Field(
        "accepted_path",
        _("Jalur tanda diterima"),
        _("Kosong berarti status HTTP 2xx sudah cukup."),
    ),
    Field(
        "accepted_values",
        _("Nilai yang berarti diterima"),
        _("Dipisah koma, seperti true, 1, success."),
    ),
    Field("id_path", _("Jalur nomor pesan"), _PATH),
    Field("reason_path", _("Jalur alasan"), _PATH),
    Field(
        "hopeless",
        _("Alasan yang tidak perlu dicoba lagi"),
        _("Dipisah koma; pesan langsung dialihkan ke saluran berikutnya."),
    ),
)
REPORTS = (
    Field("signing_key", _("Kunci tanda tangan kabar"), is_secret=True),
    Field(
        "signature_header",
        _("Nama header tanda tangan"),
        _("HMAC-SHA256 dalam heksadesimal. Kosong berarti kabar tidak diterima."),
    ),
    Field(
        "timestamp_header",
        _("Nama header waktu"),
        _("Bila ada, yang ditandatangani adalah “waktu.isi”, selisih paling lama 5 menit."),
    ),
    Field("receipt_id_path", _("Jalur nomor pesan pada kabar"), _PATH),
    Field("receipt_status_path", _("Jalur keadaan pada kabar"), _PATH),
    Field("receipt_reason_path", _("Jalur alasan pada kabar"), _PATH),
    Field(
        "words",
        _("Arti kata keadaan"),
        _("Objek JSON dari kata gerbang ke sent, delivered, read, atau failed."),
        kind="json",
        initial={each: each for each in STATES},
    ),
    Field("inbound_from_path", _("Jalur nomor pengirim pesan masuk"), _PATH),
    Field("inbound_text_path", _("Jalur teks pesan masuk"), _("Untuk STOP dan MULAI.")),
    Field("inbound_id_path", _("Jalur nomor pesan masuk"), _PATH),
)
FIELDS = (*SENDING, *ANSWER, *REPORTS)
