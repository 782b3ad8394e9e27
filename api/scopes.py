"""What a program may be allowed to do; each operation asks for one of these."""

from typing import Final

ALL: Final[dict[str, str]] = {
    "requests:read": "See the requests that your organisation filed, and what was decided.",
    "requests:write": "File, change and withdraw requests.",
    "awards:write": "Accept or decline an award, tell the start, send proofs.",
    "webhooks": "Register addresses that get events, and see how the deliveries went.",
    "sandbox": "Advance the clock of a sandbox; real organisations have none.",
    "client": "See, rotate and withdraw the own credentials; read the own trail.",
}
