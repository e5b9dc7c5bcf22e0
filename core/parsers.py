"""JSON as the API reads it: shallow, in UTF-8, and each name once."""

import json
from typing import IO, Any

from django.utils.translation import gettext as _
from rest_framework.exceptions import ParseError
from rest_framework.parsers import JSONParser


class StrictParser(JSONParser):
    """What Python would read kindly (a name twice, half a letter, 1e400) is not JSON here."""

    def parse(
        self, stream: IO[bytes], media_type: str | None = None, parser_context: Any = None
    ) -> Any:
        try:
            value = json.loads(stream.read().decode(), object_pairs_hook=_each_once)
            # What cannot be written again (NaN, a lone surrogate) could not be answered either.
            json.dumps(value, ensure_ascii=False, allow_nan=False).encode()
        except (ValueError, RecursionError):
            raise ParseError(_("Isi permintaan bukan JSON yang sah.")) from None
        return value


def _each_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("a name stands twice")
    return found
