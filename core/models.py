"""What has already been answered, so that a second asking has no second effect; and guesses."""

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
