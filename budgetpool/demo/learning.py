"""Four people in a training: one who began, and three whose proof is looked at by somebody else.

The photo is drawn here; it goes the way of every upload.
"""

from io import BytesIO
from typing import Final

from django.utils import timezone
from PIL import Image, ImageDraw

from allocation.decisions import proofs, starting
from allocation.models import Award, Proof
from budgetpool.demo import cast
from budgetpool.users.models import User
from workers import files

MISSING: Final = "De naam op de foto is niet te lezen. Maak de foto opnieuw."


def tell(running: list[Award]) -> None:
    """Let up to four trainings begin and three of them come to a proof.

    The first has just begun (its worker can sign in), of the second the proof waits at the
    counter, of the third something is missing, and the fourth is completed.
    """
    adviser = cast.account(cast.ADVISER)
    for number, award in enumerate(running[:4]):
        person = cast.LEARNING if number == 0 else None
        worker = _account(award, number, person)
        starting.start(award=award, actor=worker, started_on=timezone.localdate())
        if number == 0:
            continue
        proof = _send(award, worker)
        if number == 2:
            proofs.refuse(proof=proof, actor=adviser, answer=MISSING)
        elif number == 3:
            proofs.accept(proof=proof, actor=adviser)


def _account(award: Award, number: int, person: cast.Person | None) -> User:
    """The worker's own account; only the first can be signed in to."""
    worker = award.request.worker
    if worker.user is None:
        login = person or cast.Person("worker", worker.name, f"leert-{number}@demo.example")
        password = cast.PASSWORD if person else None
        worker.user = cast.account(login, name=worker.name, password=password)
        worker.email = login.email
        worker.save()
    return worker.user


def _send(award: Award, worker: User) -> Proof:
    files.add(
        actor=worker,
        request=award.request,
        purpose="proof",
        name="certificaat.jpg",
        data=_photo(award),
    )
    return proofs.send(award=award, actor=worker, kind=Proof.Kind.CERTIFICATE.value)


def _photo(award: Award) -> bytes:
    """A certificate as a phone would photograph it."""
    paper = Image.new("RGB", (1200, 850), "#f4efe2")
    pen = ImageDraw.Draw(paper)
    pen.rectangle((40, 40, 1160, 810), outline="#0b5d51", width=6)
    lines = ("CERTIFICAAT", award.choice.title, award.request.worker.name, "(voorbeeld)")
    for number, line in enumerate(lines):
        pen.text((600, 200 + 140 * number), line, fill="#12312b", anchor="mm", font_size=60)
    file = BytesIO()
    paper.save(file, "JPEG", quality=80)
    return file.getvalue()
