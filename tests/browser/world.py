"""What must have happened before some pages can be looked at."""

from datetime import timedelta

import pytest
from django.utils import timezone
from djmoney.money import Money

from allocation import consultations, rounds
from allocation.decisions import (
    attending,
    awards,
    objections,
    peers,
    places,
    proofs,
    starting,
)
from allocation.laboratory import asking
from allocation.models import Award, Scenario
from allocation.payouts import arriving, batches, invoices, planning, replacing, tasks
from allocation.rounds import changing, odds
from allocation.rounds import tasks as round_tasks
from allocation.rules import policies
from api.models import Delivery, Event
from api.oauth import clients
from api.webhooks import endpoints
from budgetpool.bank.importing import read_stream
from budgetpool.bank.models import HeldFile
from budgetpool.fund import funds, ledger
from budgetpool.fund.models import Account
from budgetpool.jobs.models import Job
from budgetpool.register.models import Edition, Provider, Training
from employers.models import Deposit
from tests.allocation.conftest import *  # noqa: F403
from tests.allocation.people import ask
from tests.bank.samples import camt, entry_xml, statement_xml
from tests.cast import adjust, make_teacher, make_window, make_worker
from tests.employers.conftest import contribution, pledge  # noqa: F401
from tests.payouts.conftest import statement, usable_payee
from tests.sharing import shared
from tests.workers.test_files import picture
from workers import files
from workers import requests as workers_requests
from workers.around import first_steps
from workers.counter import hosts


@shared
def another_draft(policy, rich_fund, chair):
    """A version of the rule that was not before the public."""
    return policies.new_version(fund=rich_fund, name="Rule", rules=policies.STANDARD, member=chair)


@shared
def comment_answered(policy, another_draft, chair):
    """A draft before the public, on which somebody said something and got an answer."""
    begun = consultations.begin(
        policy=policy,
        question="Is zestig procent genoeg? En telt een tweede keuze zo zwaar genoeg mee?",
        last_day=timezone.localdate() + timedelta(days=14),
        member=chair,
    )
    said, _key = consultations.comment(
        consultation=begun,
        text="Ik zou de tweede keuze net zo zwaar laten tellen: niet iedereen kan overal heen.",
        name="Nadia uit Almelo",
        consent=True,
        lever="choices",
    )
    return consultations.answer(
        comment=said,
        text="Dat hebben we bekeken. Dan krijgt bijna niemand zijn eerste keuze.",
        member=chair,
    )


@shared
def comment_waiting(comment_answered):
    """A comment that nobody of the board has read."""
    said, _key = consultations.comment(
        consultation=comment_answered.consultation, text="Waarom zo weinig voor de zorg?"
    )
    return said


@shared
def odds_counted(opened, requests, edition, chair):
    """The chances of a closed round; between those who ask more and less the lots decide."""
    for number, cents in enumerate((120_000, 120_000, 80_000, 80_000)):
        asks = make_worker(f"Of two prices {number}", opened.fund)
        ask(asks, opened.window, edition, cents=cents)
    return odds.compute(round=rounds.close(round=opened, member=chair), member=chair)


@shared
def compared(drawn, chair):
    """The drawn round with old rules computed beside it."""
    for rule in (Scenario.Rule.FCFS, Scenario.Rule.LOTTERY):
        rounds.compute(round=drawn, name=rule.value, member=chair, rule=rule)
    return drawn


@shared
def changed(compared, scenario, requests, chair, second_signer):
    """After a gift by the board: the best division and the smallest change beside each other."""
    reason = "Deze persoon wacht al twee jaar op een opleiding."
    adjust(compared, requests[6], chair, second_signer, reason=reason)
    wanted: changing.Wanted = {
        "instead_of": scenario.pk,
        "best": "Na het besluit",
        "small": "Na het besluit, minste verandering",
        "most": None,
    }
    round_tasks.ask_change(round=compared, member=chair, wanted=wanted)
    return compared


@shared
def work_under_way(drawn):
    """Scenarios that are being computed, the second of three."""
    facts = {"name": "Iedereen een deel", "done": 1, "total": 3, "stage": "value", "gap": 0.01}
    key = f"round:{drawn.pk}:scenarios"
    return Job.objects.create(key=key, state=Job.State.RUNNING, progress=facts)


@shared
def tried_out(policy, rich_fund, chair):
    """A rule that the board tried out, in one small region."""
    return asking.ask(
        fund=rich_fund, policy=policy, member=chair, seeds=1, requests=50, rounds=1, years=1
    )


@shared
def dropout_under_way(payee_of_school, treasurer):
    """A provider's drop-out that the worker program is busy with."""
    fund, provider = payee_of_school.fund, payee_of_school.provider
    return Job.objects.create(
        key=f"{tasks.prefix(fund)}{provider.pk}",
        state=Job.State.RUNNING,
        started_at=timezone.now(),
        requested_by=treasurer,
        progress={"people": 3348},
        arguments={
            "fund": fund.pk,
            "provider": provider.pk,
            "reason": "Uit het register gehaald",
            "choose_by": "2027-03-01",
        },
    )


@shared
def one_request(requests):
    return requests[0]


@pytest.fixture
def round_that_is_open(round_of_twente, chair):
    """Round 2027-2, announced: the rule is public."""
    fund = round_of_twente.fund
    fund.rule_name = "Reglement Scholingsfonds Twente"
    fund.save()
    bank = ledger.open_account(fund=fund, kind=Account.Kind.BANK, code="bank")
    pool = ledger.open_account(fund=fund, kind=Account.Kind.POOL, code="pool")
    ledger.post(debit=bank, credit=pool, amount=500_000, reference="filled", memo="deposit")
    return rounds.open(round=round_of_twente, member=chair)


@shared
def worker_account(worker):
    return worker.user


@shared
def sent_request(draft_of_worker, worker_account):
    return workers_requests.submit(actor=worker_account, request=draft_of_worker, consent=True)


@shared
def awarded_request(published):
    return published.decisions.filter(awarded=True).order_by("pk").first().request


@shared
def awarded_account(awarded_request):
    return awarded_request.worker.user


@shared
def refused_request(published):
    return published.decisions.filter(awarded=False).order_by("pk").first().request


@shared
def refused_account(refused_request):
    return refused_request.worker.user


@shared
def objection_taken(refused_request, refused_account, administrator):
    """An objection that the administrator handles."""
    filed = objections.file(
        decision=refused_request.decision,
        actor=refused_account,
        cause="facts",
        grounds="I had no training at all in these two years.",
    )
    return objections.assign(objection=filed, handler=administrator, actor=administrator)


@shared
def planned_payment(published, treasurer, chair):
    """The first part of a school's bill, planned and not yet in a file for the bank."""
    fund, today = published.fund, timezone.localdate()
    funds.add_iban(fund=fund, iban="NL91ABNA0417164300", holder_name=fund.name)
    Edition.objects.update(starts_on=today + timedelta(days=5))
    Award.objects.filter(round=published).update(status=Award.Status.ACCEPTED)
    award = published.awards.order_by("pk").first()
    usable_payee(
        fund,
        treasurer,
        chair,
        provider=award.choice.training.provider,
        iban="NL20INGB0001234567",
        holder_name="Lasschool B.V.",
    )
    invoice = invoices.enter(
        award=award,
        number="2027-31",
        dated_on=today,
        amount=Money(600, "EUR"),
        vat=Money(0, "EUR"),
        actor=treasurer,
    )
    return planning.advance(invoice=invoice, actor=treasurer)


@shared
def batch_to_approve(planned_payment, treasurer):
    """A file for the bank that a treasurer made; an employer's deposit waits in suspense too."""
    fund = planned_payment.payee.fund
    statement(
        fund.ibans.get(), (123_450, "", {"name": "Transportbedrijf de Lange-Naam en Zonen B.V."})
    )
    return batches.prepare(fund=fund, execution_on=timezone.localdate(), actor=treasurer)


@shared
def held_file(batch_to_approve, treasurer):
    """A bank file of today that begins EUR 30 above the balance of yesterday's."""
    fund, today = batch_to_approve.fund, timezone.localdate()
    for number, opening, day in ((1, 0, today - timedelta(days=1)), (2, 40, today)):
        line = entry_xml("10.00", date=day.isoformat(), name="Bakkerij De Lange-Naam B.V.")
        xml = statement_xml(
            line,
            iban="NL91ABNA0417164300",
            id=f"S-{number}",
            day=day.isoformat(),
            opening=f"{opening}.00",
            closing=f"{opening + 10}.00",
        )
        source = read_stream(camt(xml), name=f"afschrift-{number}-van-de-bank.xml")
        arriving.take(source=source, fund=fund, by=treasurer)
    return HeldFile.objects.get()


@shared
def deposit_in_suspense(batch_to_approve):
    return Deposit.objects.order_by("pk").first()


@shared
def award_to_pay(batch_to_approve):
    return batch_to_approve.payouts.get().award


@shared
def payee_of_school(batch_to_approve):
    return batch_to_approve.payouts.get().payee


@shared
def place(twente, forklift_in_march, dutch):
    """A region with municipalities, an open window and two trainings."""
    twente.region.municipalities = ["Enschede", "Hengelo"]
    twente.region.save()
    make_window(twente)
    return twente


@shared
def accepted_request(awarded_request):
    """An award that the worker said yes to, with a photo of its proof."""
    worker = awarded_request.worker
    awards.accept(award=awarded_request.award, actor=worker.user)
    files.add(
        actor=worker.user,
        request=awarded_request,
        purpose="proof",
        name="praktijkverklaring.jpg",
        data=picture(),
    )
    return awarded_request


@shared
def school_teacher(welding):
    """Somebody who works for the welding school."""
    return make_teacher("Tina Teacher van de Lange Naam", welding.provider)


@shared
def person_of_school(published, school_teacher, edition):
    """Somebody who said yes and let the school know who they are; another start has places."""
    Edition.objects.create(
        training=edition.training,
        starts_on=timezone.localdate() + timedelta(days=200),
        seats=9,
        place="Hof van Twente",
    )
    award = published.awards.order_by("pk").first()
    return awards.accept(award=award, actor=award.request.worker.user, share=True)


@shared
def learner_of_school(person_of_school, school_teacher):
    """The same, in training, with lessons of a week and an invoice."""
    today = timezone.localdate()
    places.confirm(award=person_of_school, actor=school_teacher)
    begun = starting.begin(award=person_of_school, actor=school_teacher, started_on=today)
    attending.write(award=begun, week_of=today, lessons=4, there=3, actor=school_teacher)
    invoices.send(
        award=begun,
        number="2027-000000031",
        dated_on=today,
        amount=Money(600, "EUR"),
        vat=Money(0, "EUR"),
        actor=school_teacher,
    )
    return begun


@shared
def invoice_of_school(learner_of_school):
    return learner_of_school.invoices.get()


@shared
def gone_of_school(person_of_school, school_teacher):
    """The same, of whom the school says that they did not come."""
    places.say_gone(
        award=person_of_school, actor=school_teacher, gone="absent", on=timezone.localdate()
    )
    return person_of_school


@shared
def proof_that_waits(accepted_request):
    """A practice declaration that somebody at the counter must look at."""
    day = timezone.localdate()
    return proofs.send(
        award=accepted_request.award,
        actor=accepted_request.worker.user,
        kind="practice",
        work_processes="Ontvangt goederen\nSlaat goederen op",
        crebo="25778",
        signatures=[
            proofs.Signed("learner", "Anna de Vries", day),
            proofs.Signed("trainer", "Bram Bakker", day),
            proofs.Signed("assessor", "Carla Colijn", day),
        ],
    )


@shared
def silent_start(proof_that_waits):
    """A training that should have begun ten days ago, and nobody said that it did."""
    edition = proof_that_waits.award.choice.edition
    Edition.objects.filter(pk=edition.pk).update(
        starts_on=timezone.localdate() - timedelta(days=10), ends_on=None
    )


@shared
def step_agreed(worker, worker_account, adviser, twente):
    """A place with a long name, and a day there that begins today."""
    host = hosts.add(
        adviser=adviser,
        region=twente.region,
        name="Werkplaats voor hout en metaal van de Lange-Naam en Zonen B.V.",
        municipality="Hof van Twente",
        sector="C",
        about="Lassen, zagen en meten, met iemand naast je.",
        contact_name="Bram van de Bakkerij",
        contact_email="bram.van.de.bakkerij@werkplaats-voor-hout-en-metaal.example",
        has_trial_day=True,
        has_weeks=True,
        has_gap_year=True,
    )
    step = first_steps.ask(actor=worker_account, worker=worker, host=host, kind="day")
    return first_steps.agree(adviser=adviser, step=step, begins_on=timezone.localdate())


@shared
def met_peers(accepted_request):
    """The person in training joined the group of their start."""
    award = accepted_request.award
    award.refresh_from_db()
    return peers.join(
        actor=accepted_request.worker.user,
        award=award,
        shown_name="Anna uit de Hof van Twente",
        contact="anna.met.een.lang.adres@post.example",
    )


@shared
def begun_request(accepted_request):
    """A training that began today."""
    starting.start(
        award=accepted_request.award,
        actor=accepted_request.worker.user,
        started_on=timezone.localdate(),
    )
    return accepted_request


@shared
def replacing_request(accepted_request, treasurer):
    """A request whose school dropped out, with another training to choose."""
    award, today = accepted_request.award, timezone.localdate()
    other = Provider.objects.create(
        name="Vakschool van de Lange Naam", kvk="90000011", vat_status="exempt_law"
    )
    training = Training.objects.create(
        provider=other, title="Lassen 2", sector="C", outcome="diploma", price="650.00"
    )
    Edition.objects.create(training=training, starts_on=today + timedelta(days=10), seats=3)
    replacing.drop_out(
        fund=award.round.fund,
        provider=award.choice.training.provider,
        reason="Failliet",
        choose_by=today + timedelta(days=21),
        actor=treasurer,
    )
    return accepted_request


@shared
def replacing_account(replacing_request):
    return replacing_request.worker.user


@shared
def credential_of_partner(partner):
    client = clients.open_client(partner=partner)
    made, _secret = clients.add_secret(client=client, label="salary system")
    return made


@shared
def webhook_of_partner(partner):
    """An address with a long name, one event that arrived and one that was given up."""
    made, _secret = endpoints.add(
        partner=partner,
        url="https://93.184.215.14/hooks/budgetpool/events-of-requests-and-awards-of-2027",
        label="salary system",
        listens_to=["award.changed", "decision.published"],
    )
    for number, (state, status, problem) in enumerate(
        (("delivered", 204, ""), ("failed", None, "timeout"))
    ):
        event = Event.objects.create(
            partner=partner,
            kind="award.changed",
            change="accepted",
            subject=f"request:{number}",
            reference=f"case-{number}",
            sequence=1,
        )
        sent = Delivery.objects.create(endpoint=made, event=event, state=state, tries=1)
        sent.attempts.create(status=status, problem=problem, milliseconds=120)
    return made
