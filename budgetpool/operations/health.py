"""Is this process alive, and can it serve? Answers for load balancers and monitors."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from budgetpool.operations import checks

NEEDED = (checks.database, checks.migrations)


@never_cache
@require_safe
def livez(request: HttpRequest) -> HttpResponse:
    """The process answers; nothing else is asked."""
    return HttpResponse("ok", content_type="text/plain")


@never_cache
@require_safe
def readyz(request: HttpRequest) -> HttpResponse:
    """The database answers and is up to date."""
    well = all(check().well for check in NEEDED)
    status = 200 if well else 503
    return HttpResponse("ok" if well else "not ready", content_type="text/plain", status=status)


@never_cache
@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """The same, check by check; why a check fails is for `manage.py doctor` to say."""
    found = [check() for check in NEEDED]
    well = all(finding.well for finding in found)
    names = {finding.name: finding.well for finding in found}
    return JsonResponse({"ok": well, "checks": names}, status=200 if well else 503)
