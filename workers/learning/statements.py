"""The fifteen statements of the intake, and the concrete step that each answer leads to.

Five parts after Sanders: knowing, wanting, daring, being able, being allowed. The statements are
Budgetpool's own, not the validated items of his studies. No answer is ever a number or a score.
"""

from dataclasses import dataclass
from typing import Any, Final

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

PARTS: Final = {
    "know": pgettext_lazy("part of the intake", "Know"),
    "want": pgettext_lazy("part of the intake", "Want"),
    "dare": pgettext_lazy("part of the intake", "Dare"),
    "can": pgettext_lazy("part of the intake", "Can"),
    "may": pgettext_lazy("part of the intake", "May"),
}

ANSWERS: Final = {
    "yes": _("Yes"),
    "somewhat": _("A bit"),
    "no": _("No"),
    "unknown": _("I do not know"),
    "rather_not": _("I would rather not say"),
}
# These answers ask for the step; "I would rather not say" asks for nothing.
ASK_FOR_STEP: Final = frozenset({"somewhat", "no", "unknown"})


@dataclass(frozen=True)
class Statement:
    """One statement, its part, and what helps who cannot say yes.

    `step` is a code of where to go: an address of the worker's portal, or a call.
    """

    code: str
    part: str
    text: Any
    advice: Any
    step: str


STATEMENTS: Final = (
    Statement(
        "work_changes",
        "know",
        _("I know what will change in my work."),
        _("Ask an adviser what is going to change in your work."),
        "call",
    ),
    Statement(
        "fitting_courses",
        "know",
        _("I know which courses fit me."),
        _("Look in the list of trainings. Or let an adviser call you."),
        "call",
    ),
    Statement(
        "where_help",
        "know",
        _("I know where I can get help."),
        _("The counter helps you. That costs nothing."),
        "call",
    ),
    Statement(
        "feel_like",
        "want",
        _("I feel like learning something new."),
        _("Write down what you learned this month. You know more than you think."),
        "learning",
    ),
    Statement(
        "later_work",
        "want",
        _("I know what work I want to do later."),
        _("Talk about it with an adviser."),
        "call",
    ),
    Statement(
        "at_work",
        "want",
        _("Learning at work fits me better than learning in a class."),
        _("Look for a training with a practice declaration. You learn that at work."),
        "search",
    ),
    Statement(
        "dare_start",
        "dare",
        _("I dare to start a course."),
        _("A buddy can go along with you. Start with a short course."),
        "buddy",
    ),
    Statement(
        "school_before",
        "dare",
        _("Learning went well at school."),
        _("There are schools with extra guidance. The adviser knows them."),
        "call",
    ),
    Statement(
        "dare_ask",
        "dare",
        _("I dare to ask my boss if I may learn."),
        _("We have a letter for your boss. You can print it."),
        "letter",
    ),
    Statement(
        "time",
        "can",
        _("I have time to learn."),
        _("Look for a training in the evening. The fund can pay lost wages."),
        "search",
    ),
    Statement(
        "read_write",
        "can",
        _("I can read, write and calculate well enough for a course."),
        _("The language house helps you. The adviser goes along with you."),
        "call",
    ),
    Statement(
        "device",
        "can",
        _("I can follow a course with a computer or phone."),
        _("Look for a training in a class. The counter helps you apply."),
        "call",
    ),
    Statement(
        "money",
        "can",
        _("I have enough money to work a bit less."),
        _("The fund can pay lost wages. Ask for it with your request."),
        "call",
    ),
    Statement(
        "boss_allows",
        "may",
        _("I may learn from my boss or my agency."),
        _("We have a letter for your boss. The adviser can also call."),
        "letter",
    ),
    Statement(
        "mistakes",
        "may",
        _("At my work you may make mistakes."),
        _("Talk about it with an adviser."),
        "call",
    ),
)
BY_CODE: Final = {statement.code: statement for statement in STATEMENTS}
