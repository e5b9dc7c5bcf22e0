"""Why a mall is not arranged like that; a page that keeps its form catches NotArranged."""

from core.errors import Refused


class NotArranged(Refused):
    code = "not_arranged"


class TooEarly(NotArranged):
    """A change of something public begins at the earliest tomorrow; the past stays as it was."""

    code = "too_early"


class HoldsAlready(NotArranged):
    """What has begun is not taken back, only changed from a day on."""

    code = "holds_already"


class NumberTaken(NotArranged):
    code = "number_taken"


class InUse(NotArranged):
    """Somebody waits or is served there right now."""

    code = "in_use"


class KnownAlready(NotArranged):
    code = "known_already"


class NoLetterLeft(NotArranged):
    code = "no_letter_left"


class LetterTaken(NotArranged):
    code = "letter_taken"


class NotThere(NotArranged):
    """The counter, agency or queue is not one of this mall."""

    code = "not_there"


class ByAgreement(NotArranged):
    """The days of an agency follow from its agreement."""

    code = "by_agreement"
