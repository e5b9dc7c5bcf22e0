"""Under which licence the data may be used: the portal's, unless a region has said otherwise."""

from typing import NamedTuple

from django.conf import settings

from agencies.models import Mall

KNOWN = {
    "CC BY 4.0": "https://creativecommons.org/licenses/by/4.0/",
    "CC BY-SA 4.0": "https://creativecommons.org/licenses/by-sa/4.0/",
    "CC0 1.0": "https://creativecommons.org/publicdomain/zero/1.0/",
}


class Licence(NamedTuple):
    """A licence by its name, and where it can be read, if that is known."""

    name: str
    url: str


def usual() -> Licence:
    """The licence of whoever has said nothing else."""
    return _called(settings.OPEN_DATA_LICENCE)


def of_mall(mall: Mall) -> Licence:
    """The licence of a mall: what its region has chosen."""
    chosen: dict[str, str] = settings.OPEN_DATA_LICENCES
    return _called(chosen.get(mall.region.code, settings.OPEN_DATA_LICENCE))


def _called(name: str) -> Licence:
    return Licence(name, KNOWN.get(name, ""))
