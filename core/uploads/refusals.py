"""Why an uploaded file is not taken; a page that keeps its form catches NotAccepted."""

from core import errors


class NotAccepted(errors.Refused):
    code = "not_accepted"
    status = 422


class NotAFile(NotAccepted):
    """Nothing was chosen, or nothing is in it."""

    code = "not_a_file"


class TooLarge(NotAccepted, errors.TooLarge):
    code = "too_large"
    status = 413


class WrongKind(NotAccepted):
    code = "wrong_kind"


class Broken(NotAccepted):
    code = "broken_file"


class Locked(NotAccepted):
    code = "locked_file"


class TooManyPixels(NotAccepted):
    code = "too_many_pixels"


class TooManyPages(NotAccepted):
    code = "too_many_pages"
