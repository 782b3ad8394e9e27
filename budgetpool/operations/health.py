"""Is this process alive, and can it serve? Answers for load balancers and monitors."""

import time

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from budgetpool.operations import checks

NEEDED = (checks.database, checks.migrations, checks.writing, checks.storage)
# What all machines share: when it is away, taking one machine out of service helps nobody, and
# every page that needs no file still works.
SHARED = {"storage"} if settings.FILES else set()


@never_cache
@require_safe
def livez(request: HttpRequest) -> HttpResponse:
    """The process answers; nothing else is asked."""
    return HttpResponse("ok", content_type="text/plain")


@never_cache
@require_safe
def readyz(request: HttpRequest) -> HttpResponse:
    """The database answers, takes what is written and is up to date; this machine keeps files."""
    well = all(finding.well or finding.name in SHARED for finding in _found())
    status = 200 if well else 503
    return HttpResponse("ok" if well else "not ready", content_type="text/plain", status=status)


@never_cache
@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """The same, check by check; why a check fails is for `manage.py doctor` to say."""
    found = _found()
    well = all(finding.well for finding in found)
    names = {finding.name: finding.well for finding in found}
    return JsonResponse({"ok": well, "checks": names}, status=200 if well else 503)


class _Last:
    """What was found last: whoever asks very often does not make us write as often."""

    at = float("-inf")
    found: tuple[checks.Finding, ...] = ()


def _found() -> tuple[checks.Finding, ...]:
    now = time.monotonic()
    if now - _Last.at >= settings.READY_SECONDS:
        _Last.found, _Last.at = tuple(check() for check in NEEDED), now
    return _Last.found
