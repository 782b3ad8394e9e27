"""Success stories: shown while the worker agrees, read by the counter first, never decisive.

Taking it back deletes the words at once. Nothing that divides money reads them.
"""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from budgetpool.audit import trail
from budgetpool.fund.models import Region
from budgetpool.refusals import NotAllowed
from budgetpool.users.models import User
from workers import access
from workers.data.destroying import destroy
from workers.models import Story, Worker


@transaction.atomic
def tell(*, actor: User, worker: Worker, text: str, shown_name: str, consent: bool) -> Story:
    """Write one's story, or write it anew; the counter reads it before anybody sees it.

    Raises:
        NotYours: somebody else than the worker: nobody tells it for them.
        ValidationError: no consent, no words, or a text with a BSN.
    """
    _own(actor, worker)
    if not consent:
        raise ValidationError({"consent": _("Tick this box. Without it we may not show it.")})
    story = Story.objects.select_for_update().filter(worker=worker).first() or Story(worker=worker)
    story.text, story.shown_name = text.strip(), shown_name.strip()
    story.consent_at, story.read_at, story.read_by = timezone.now(), None, None
    story.full_clean()
    story.save()
    _note(actor, worker, "story.told")
    return story


@transaction.atomic
def take_back(*, actor: User, worker: Worker) -> None:
    """Take the consent back; the words are gone, and no page shows them any more.

    Raises:
        NotYours: somebody else than the worker.
    """
    _own(actor, worker)
    rule = "consent was taken back (GDPR article 7(3))"
    if destroy(category="stories", rule=rule, rows=Story.objects.filter(worker=worker)):
        _note(actor, worker, "story.taken_back")


@transaction.atomic
def read(*, adviser: User, story: Story, show: bool) -> None:
    """Somebody of the counter read it: it is shown, or it goes (a name of another, an insult).

    Raises:
        NotYours: no adviser of the region, or the story is one's own.
    """
    worker = story.worker
    if not access.is_adviser_for(adviser, worker) or worker.user_id == adviser.pk:
        raise NotAllowed("not_yours", act="read a story")
    if show:
        # Words that changed since the page was opened are not what was read.
        same = Story.objects.filter(pk=story.pk, consent_at=story.consent_at)
        same.update(read_at=timezone.now(), read_by=adviser)
    else:
        rule = "not shown by the counter"
        destroy(category="stories", rule=rule, rows=Story.objects.filter(pk=story.pk))
    _note(adviser, worker, "story.shown" if show else "story.not_shown")


def of(worker: Worker) -> Story | None:
    """A worker's own story, if there is one."""
    return Story.objects.filter(worker=worker).first()


def unread(region: Region) -> QuerySet[Story]:
    """The stories that the counter of a region still reads, the oldest first."""
    return (
        Story.objects.filter(worker__region=region, read_at__isnull=True)
        .select_related("worker__region")
        .order_by("consent_at", "pk")
    )


def shown(region: Region, *, most: int = 6) -> QuerySet[Story]:
    """What a region's page may show, the newest first."""
    return Story.objects.filter(worker__region=region, read_at__isnull=False)[:most]


def _own(actor: User, worker: Worker) -> None:
    if worker.erased_at is not None or worker.user_id is None or worker.user_id != actor.pk:
        raise NotAllowed("not_yours", act="tell a story for somebody")


def _note(actor: User, worker: Worker, action: str) -> None:
    trail.record(actor=actor, action=action, subject=worker, region_code=worker.region.code)
