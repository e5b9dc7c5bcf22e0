"""Which filters the address of an admin list may carry."""

from typing import Any, ClassVar

from django.http import HttpRequest


class ListedLookups:
    """Only the filters a list shows: by any other field its rows could be guessed by letters."""

    list_filter: ClassVar[Any]
    date_hierarchy: ClassVar[Any]

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest | None = None) -> bool:
        shown = {*self.list_filter, self.date_hierarchy}
        return lookup.partition("__")[0] in shown and "\x00" not in value
