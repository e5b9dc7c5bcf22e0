"""Why the hall says no."""

from core.errors import Refused


class CodeUnknown(Refused):
    code = "code_unknown"


class NameTaken(Refused):
    code = "name_taken"


class ClosedAlready(Refused):
    code = "closed_already"


class DecidedAlready(Refused):
    code = "decided_already"


class UntilTooLate(Refused):
    code = "until_too_late"


class TextMissing(Refused):
    code = "text_missing"


class PersonalData(Refused):
    code = "personal_data"


class NotAClip(Refused):
    code = "not_a_clip"
