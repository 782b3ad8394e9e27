from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from api.models import Client, Credential
from api.oauth import clients


class Command(BaseCommand):
    help = "List the secrets and keys of partners' programs; end one, or shut a program out."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--partner", help="only of the partner with this name")
        act = parser.add_mutually_exclusive_group()
        act.add_argument("--withdraw", type=int, metavar="ID", help="end a secret or key at once")
        act.add_argument("--shut-out", metavar="CLIENT_ID", help="end a program with all it holds")

    def handle(
        self,
        *,
        partner: str | None,
        withdraw: int | None,
        shut_out: str | None,
        **options: Any,
    ) -> None:
        if withdraw is not None:
            credential = Credential.objects.filter(pk=withdraw).first()
            if credential is None:
                raise CommandError(f"There is no secret or key {withdraw}.", returncode=2)
            clients.withdraw(credential=credential)
            self.stdout.write(f"Withdrawn: {credential}")
        elif shut_out is not None:
            client = Client.objects.filter(application__client_id=shut_out).first()
            if client is None:
                raise CommandError(f"There is no program {shut_out}.", returncode=2)
            clients.withdraw_client(client=client)
            self.stdout.write(f"Shut out: {client}")
        else:
            self._list(partner)

    def _list(self, partner: str | None) -> None:
        found = Credential.objects.select_related("client__partner", "client__application")
        for one in found.filter(client__partner__name=partner) if partner else found:
            state = "ends soon" if one.ends_soon else "works" if one.works else "ended"
            if one.client.withdrawn_at:
                state = "shut out"
            used = f"used {one.used_at:%Y-%m-%d}" if one.used_at else "never used"
            until = one.revoked_at or one.expires_at
            self.stdout.write(
                f"{one.pk}\t{one.kind}\t{state}\tuntil {until:%Y-%m-%d}\t{used}\t"
                f"{one.client.client_id}\t{one}"
            )
