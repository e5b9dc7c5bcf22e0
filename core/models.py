"""What has already been answered, so that a second asking has no second effect."""

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
