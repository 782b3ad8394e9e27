"""What a partner's program does after the training: confirm that it was completed."""

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import generics
from rest_framework.request import Request
from rest_framework.response import Response

from allocation.decisions import proofs
from allocation.models import Award, Proof
from api import idempotency
from api.problems import Problem
from api.serializers import proofs as serializers
from api.serializers.query import NoQuery, PageQuery
from api.views.requests import KEY, TAGS, ForPartners


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
class ProofList(ForPartners, generics.ListAPIView[Proof]):
    """The proofs that a training was completed; somebody at the counter looks at each."""

    scopes = {"GET": "requests:read", "POST": "awards:write"}
    serializer_class = serializers.SentProofSerializer
    queryset = Proof.objects.none()

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        self.query_class = NoQuery if request.method == "POST" else PageQuery
        super().initial(request, *args, **kwargs)

    def get_queryset(self) -> QuerySet[Proof]:  # type: ignore[override]
        return Proof.objects.filter(award__request=self.seen(self.asked())).order_by("pk")

    def post(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Confirm that a worker completed the training."""
        return idempotency.once(request=request, partner=self.caller.partner, act=self.send)

    def send(self) -> Response:
        award = Award.objects.filter(request=self.seen(self.asked())).first()
        if award is None:
            raise Problem(409, "no_award", _("There is no award for this request."))
        body = serializers.ProofSerializer(data=self.request.data)
        body.is_valid(raise_exception=True)
        values = dict(body.validated_data)
        signatures = [proofs.Signed(**one) for one in values.pop("signatures", [])]
        partner = self.caller.partner
        proof = proofs.send(
            award=award,
            actor=partner.account,
            organisation=partner.name,
            signatures=signatures,
            **values,
        )
        return Response(serializers.SentProofSerializer(proof).data, status=201)
