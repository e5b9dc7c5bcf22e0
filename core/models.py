"""Answers once given, so that a second asking has no second effect; guesses; and files."""

from typing import ClassVar

from django.db import models


class Answer(models.Model):
    """The answer once given to a key, kept for two days; written with the effect or not at all."""

    scope = models.CharField(max_length=40)
    key = models.UUIDField()
    fingerprint = models.CharField(max_length=80)
    body = models.JSONField(null=True)
    created_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["scope", "key"], name="one_answer_per_key"),
        ]
        indexes: ClassVar = [models.Index(fields=["created_at"], name="answer_age")]

    def __str__(self) -> str:
        return f"{self.scope} {self.key}"


class Tries(models.Model):
    """How often somebody has tried something since then. Only throttle.py writes it."""

    what = models.CharField(max_length=80, unique=True)
    since = models.DateTimeField()
    times = models.PositiveIntegerField()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["since"], name="tries_age")]

    def __str__(self) -> str:
        return f"{self.what}: {self.times}"


class Kind(models.TextChoices):
    """What people may upload; the value is the type it is sent with."""

    PNG = "image/png", "PNG"
    JPEG = "image/jpeg", "JPEG"
    PDF = "application/pdf", "PDF"

    @property
    def extension(self) -> str:
        return "jpg" if self is Kind.JPEG else self.name.lower()


class StoredFile(models.Model):
    """A file somebody uploaded, as it was written anew. Only uploads.keep() writes it.

    It lies in the database because web servers are many and may write no files. Whoever lists
    files defers the content.
    """

    content = models.BinaryField()
    kind = models.CharField(max_length=20, choices=Kind)
    sha256 = models.CharField(max_length=64)
    size = models.PositiveIntegerField()
    title = models.CharField(max_length=160)
    uploaded_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(kind__in=Kind.values), name="stored_file_of_a_known_kind"
            ),
            models.CheckConstraint(condition=models.Q(size__gt=0), name="stored_file_not_empty"),
        ]

    def __str__(self) -> str:
        return self.title
