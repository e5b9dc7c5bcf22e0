"""What people upload: judged by its content, written anew, kept in the database, handed out."""

from core.models import Kind
from core.uploads.keeping import discard, download, keep
from core.uploads.receiving import LARGEST, Accepted, accept, content_of, download_name
from core.uploads.refusals import (
    Broken,
    Locked,
    NotAccepted,
    NotAFile,
    TooLarge,
    TooManyPages,
    TooManyPixels,
    WrongKind,
)

__all__ = [
    "LARGEST",
    "Accepted",
    "Broken",
    "Kind",
    "Locked",
    "NotAFile",
    "NotAccepted",
    "TooLarge",
    "TooManyPages",
    "TooManyPixels",
    "WrongKind",
    "accept",
    "content_of",
    "discard",
    "download",
    "download_name",
    "keep",
]
