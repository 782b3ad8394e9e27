"""Files that belong to a request: an offer, a payslip, a certificate."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class Document(models.Model):
    """One file, checked and re-encoded before it was stored; read only through a checked view."""

    class Purpose(models.TextChoices):
        OFFER = "offer", _("offer of the school")
        WORK = "work", _("proof of work")
        PROOF = "proof", _("proof of the training")
        OTHER = "other", _("other")

    request = models.ForeignKey("workers.TrainingRequest", models.CASCADE, related_name="documents")
    purpose = models.CharField(_("purpose"), max_length=10, choices=Purpose)
    file = models.FileField(_("file"), upload_to="documents/%Y/%m")
    name = models.CharField(_("name"), max_length=120)
    content_type = models.CharField(_("kind"), max_length=40)
    size_bytes = models.PositiveIntegerField(_("size in bytes"))
    sha256 = models.CharField(max_length=64)
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    uploaded_at = models.DateTimeField(_("added"), default=timezone.now)

    class Meta:
        verbose_name = _("document")
        verbose_name_plural = _("documents")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["request", "purpose", "sha256"], name="document_once_per_request"
            ),
        ]

    def __str__(self) -> str:
        return self.name
