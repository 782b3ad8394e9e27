"""What a program may be allowed to do; each operation asks for one of these."""

from typing import Final

ALL: Final[dict[str, str]] = {
    "requests:read": "See the requests that your organisation filed, and what was decided.",
    "requests:write": "File, change and withdraw requests.",
    "awards:write": "Accept or decline an award, tell the start, send proofs.",
    "objections:write": "Object to a decision for a worker who asked for it; take it back.",
    "school:read": "For a school: see who has a place there, and how often they came.",
    "school:write": "For a school: tell the first lesson, and the lessons of each week.",
    "invoices:read": "For a school: see its invoices, and what was paid of them.",
    "invoices:write": "For a school: send invoices, and take them back.",
    "contributions:read": "For an employer: see its pledges, what is asked, and what came in.",
    "statements:read": "See the bank statements of a fund that let your program in.",
    "statements:write": "Bring in the bank statements of a fund that let your program in.",
    "webhooks": "Register addresses that get events, and see how the deliveries went.",
    "sandbox": "Advance the clock of a sandbox; real organisations have none.",
    "client": "See, rotate and withdraw the own credentials; read the own trail.",
}
