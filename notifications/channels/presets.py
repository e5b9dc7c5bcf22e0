"""Starting points for gateways that are common here; whoever uses one checks it with its provider.

Facts from their public documentation: names of fields, and how they say yes and no. None of them
signs its reports, so none has a signature here; without one no report is believed.
"""

from typing import Any, NamedTuple


class Preset(NamedTuple):
    """The settings with which the form of a gateway begins."""

    name: str
    label: str
    settings: dict[str, Any]


PRESETS = (
    Preset(
        "fonnte",
        "Fonnte (WhatsApp)",
        {
            "url": "https://api.fonnte.com/send",
            "body": "form",
            "token_header": "Authorization",
            "to_field": "target",
            "text_field": "message",
            "number_format": "628",
            "extra": {"countryCode": "62"},
            "accepted_path": "status",
            "accepted_values": "true",
            "id_path": "id.0",
            "reason_path": "reason",
            "hopeless": "target invalid, input invalid",
        },
    ),
    Preset(
        "wablas",
        "Wablas (WhatsApp)",
        {
            # The name of the server is part of the account: solo, jogja, tegal, …
            "url": "https://solo.wablas.com/api/send-message",
            "body": "form",
            "token_header": "Authorization",
            "to_field": "phone",
            "text_field": "message",
            "number_format": "628",
            "accepted_path": "status",
            "accepted_values": "true",
            "id_path": "data.messages.0.id",
            "reason_path": "message",
        },
    ),
    Preset(
        "zenziva",
        "Zenziva (SMS)",
        {
            "url": "https://console.zenziva.net/reguler/api/sendsms/",
            "body": "form",
            "token_field": "passkey",
            "to_field": "to",
            "text_field": "message",
            "number_format": "08",
            # The other half of the credentials; an account's own, and no secret by itself.
            "extra": {"userkey": ""},
            "accepted_path": "status",
            "accepted_values": "1",
            "id_path": "messageId",
            "reason_path": "text",
        },
    ),
)
