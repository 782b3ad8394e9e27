"""What can be wrong with a request or a mandate: a code with parameters; the edge translates."""

from typing import Any, ClassVar


class WorkerError(Exception):
    """Something that was refused. Nothing of it was stored."""

    code: ClassVar[str] = "refused"
    sentence: ClassVar[str] = "This was refused."

    def __init__(self, **params: Any) -> None:
        self.params = params
        super().__init__(self.sentence.format(**params))


class NotYours(WorkerError):
    """The actor may not do this for this worker. Parameters: `act`."""

    code = "not_yours"
    sentence = "You may not do this for this person ({act}). Ask them for a mandate first."


class WindowNotOpen(WorkerError):
    """Parameters: `window`, `opens_at`."""

    code = "window_not_open"
    sentence = "Window {window} opens at {opens_at}. Send the request after that."


class WindowClosed(WorkerError):
    """Parameters: `window`, `closed_at`."""

    code = "window_closed"
    sentence = (
        "Window {window} closed at {closed_at}. This request can no longer be sent or changed; "
        "ask again in the next window."
    )


class WrongState(WorkerError):
    """Parameters: `request`, `status`, `step`."""

    code = "wrong_state"
    sentence = "Request {request} is {status}; {step} is not possible now."


class OneRequestPerWindow(WorkerError):
    """Parameters: `request`."""

    code = "one_request_per_window"
    sentence = "This person already has request {request} in this window. Change that one."


class Incomplete(WorkerError):
    """Parameters: `request`, `gaps`: a list of `Gap`, all of them at once."""

    code = "incomplete"
    sentence = "Request {request} is not complete: {gaps}."


class TooManyChoices(WorkerError):
    """Parameters: `most`."""

    code = "too_many_choices"
    sentence = "A request has at most {most} choices. Remove one first."


class ChosenAlready(WorkerError):
    """Parameters: `training`."""

    code = "chosen_already"
    sentence = "{training} with this start is already one of the choices."


class NotOnOffer(WorkerError):
    """Parameters: `training`."""

    code = "not_on_offer"
    sentence = "{training} cannot be asked for now. Choose another training."


class AboveCataloguePrice(WorkerError):
    """Parameters: `kind`, `amount_cents`, `price_cents`."""

    code = "above_catalogue_price"
    sentence = (
        "{amount_cents} cents for {kind} is more than the register's price, "
        "{price_cents} cents. Ask for that price or less."
    )


class OwnInterest(WorkerError):
    """Parameters: `provider`."""

    code = "own_interest"
    sentence = "You declared an interest in {provider}. Let a colleague file this request."


class FileRefused(WorkerError):
    """Parameters: `reason` (a code), and what belongs to it."""

    code = "file_refused"
    sentence = "The file was refused: {reason}."


class OtherPerson(WorkerError):
    """Somebody with this name and date of birth is known already. Parameters: `worker`."""

    code = "known_already"
    sentence = "This person is known already as worker {worker}."
