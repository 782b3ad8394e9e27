"""What a partner's program does after the training: confirm that it was completed."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import generics
from rest_framework.exceptions import NotFound
from rest_framework.request import Request
from rest_framework.response import Response

from allocation.decisions import proofs
from allocation.errors import AllocationError
from allocation.models import Award, Proof
from api import idempotency
from api.problems import Problem
from api.serializers import proofs as serializers
from api.serializers.query import NoQuery, PageQuery
from api.views.requests import KEY, TAGS, ForPartners
from workers.errors import NotYours
from workers.models import TrainingRequest


@extend_schema_view(
    get=extend_schema(operation_id="listProofs", tags=TAGS, parameters=[PageQuery]),
    post=extend_schema(
        operation_id="sendProof",
        tags=TAGS,
        parameters=[KEY],
        request=serializers.ProofSerializer,
        responses={201: serializers.SentProofSerializer},
    ),
)
class ProofList(ForPartners, generics.ListAPIView):
    """The proofs that a training was completed; somebody at the counter looks at each."""

    serializer_class = serializers.SentProofSerializer
    queryset = Proof.objects.none()

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        self.query_class = PageQuery if request.method == "GET" else NoQuery
        super().initial(request, *args, **kwargs)

    def asked(self) -> TrainingRequest:
        """The request of the address, if the caller's own organisation filed it."""
        found = ForPartners.get_queryset(self).filter(pk=self.kwargs["requestId"]).first()
        if found is None:
            raise NotFound
        return self.seen(found)

    def get_queryset(self) -> QuerySet[Proof]:  # type: ignore[override]
        return Proof.objects.filter(award__request=self.asked()).order_by("pk")

    def post(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Confirm that a worker completed the training."""
        return idempotency.once(request=request, partner=self.token.partner, act=self.send)

    def send(self) -> Response:
        award = Award.objects.filter(request=self.asked()).first()
        if award is None:
            raise Problem(409, "no_award", "There is no award for this request.")
        body = serializers.ProofSerializer(data=self.request.data)
        body.is_valid(raise_exception=True)
        values = dict(body.validated_data)
        signatures = [proofs.Signed(**one) for one in values.pop("signatures", [])]
        partner = self.token.partner
        try:
            proof = proofs.send(
                award=award,
                actor=partner.account,
                organisation=partner.name,
                signatures=signatures,
                **values,
            )
        except NotYours as error:
            raise Problem(403, error.code, str(error)) from None
        except AllocationError as error:
            raise Problem(409, error.code, str(error)) from None
        except ValidationError as error:
            raise Problem(400, "invalid", " ".join(error.messages)) from None
        return Response(serializers.SentProofSerializer(proof).data, status=201)
