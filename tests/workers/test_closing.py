"""What happens to a request that was opened again when its round closes."""

from allocation import rounds
from tests.allocation.conftest import *  # noqa: F403
from workers.models import TrainingRequest


def test_a_request_that_was_opened_to_look_at_it_still_takes_part(opened, requests, chair):
    TrainingRequest.objects.filter(pk=requests[0].pk).update(status="draft")
    closed = rounds.close(round=opened, member=chair)
    assert closed.snapshot.requests == len(requests)
    requests[0].refresh_from_db()
    assert requests[0].status == "submitted"
