"""The parts of a deed that are told one at a time: each is a small form with a save of its own."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from flask_babel import lazy_gettext as __

from tori.models.deeds import BENEFITS, Deed
from tori.models.tags import TAG_FIELDS


@dataclass(frozen=True)
class Part:
    """``fields`` are asked in this order. ``benefit`` tells who gains from the answer."""

    slug: str
    title: Any
    fields: tuple[str, ...]
    benefit: Any
    icon: str = "pencil"

    def is_told(self, deed: Deed) -> bool:
        return any(deed.tags_of(name) if name in TAG_FIELDS else getattr(deed, name, None) for name in self.fields)


PARTS: Sequence[Part] = (
    Part("perus", __("The deed in a nutshell"), ("title", "summary", "organisation", "unit", "sector", "themes",
         "language"), __("This is what people see in lists and in the search."), "file-text"),
    Part("tarve", __("Need for change"), ("need",), __("Readers recognise their own trouble here."), "flag"),
    Part("tavoitteet", __("Goals"), ("goals", "strategy_goal"), __("Decision makers see what you aimed at."), "flag"),
    Part("toteutus", __("Implementation"), ("implementation",), __("This is what others do after you."), "tool"),
    Part("tulokset", __("Results"), ("results",), __("With results in hand it is easier to begin elsewhere."),
         "chart-bar"),
    Part("luvut", __("Figures"), ("indicators",), __("Figures convince those who decide about money."), "chart-bar"),
    Part("kenelle", __("For whom, why and how"), tuple(TAG_FIELDS),
         __("Colleagues find the deed by their own work, by whom they serve and by what they face."), "users"),
    Part("hyodyt", __("Benefits by viewpoint"), BENEFITS, __("Each reader finds their own viewpoint."), "users"),
    Part("opit", __("Lessons"), ("obstacles", "did_not_work", "lessons"),
         __("Stumbles save others the same stumbles."), "bulb"),
    Part("edellytykset", __("For those who take the model"), ("novelty", "applicability", "first_steps", "effort",
         "cost", "limits_of_use"), __("The next municipality sees at once whether it can do the same."), "rocket"),
    Part("tekijat", __("When and who"), ("period_start", "period_end", "participants", "team", "partners",
         "programme", "funder", "funding_euros"), __("Readers know whom to ask, and who made it possible."),
         "users-group"),
    Part("materiaalit", __("Materials"), ("materials",), __("Forms and guides can be taken into use at once."),
         "download"),
    Part("tarina", __("The story in your own words"), ("body",), __("Some things don’t fit into boxes."), "writing"),
    Part("selko", __("In clear language"), ("plain_words",),
         __("Those to whom ordinary text is hard, such as people who are learning the language, get the point, too."),
         "book"),
    Part("vaihe", __("Stage"), ("maturity",), __("Readers see whether the model still lives."), "refresh"),
)  # fmt: skip

BY_SLUG = {part.slug: part for part in PARTS}

QUICK = ("title", "goals", "summary", "organisation", "sector", "themes")
"""The questions of a quick deed; the language is that of the page."""


@dataclass(frozen=True)
class Advice:
    """How to answer a question: a hint, how many sentences are enough, and an example to open."""

    hint: Any = ""
    enough: Any = ""
    example: Any = ""
    rows: int = 5
    counter: int = 0
    more: dict[str, Any] = field(default_factory=dict)


FEW = __("Two or three sentences are enough.")
SOME = __("Three to six sentences are enough; a list works well.")
LIST = __("One on each line.")
SHORT = {"class_": "control-short"}

ADVICE: dict[str, Advice] = {
    "title": Advice(
        __("Short and concrete."), __("Three to eight words are enough."),
        __("Walking meetings in place of sitting ones"), counter=120,
    ),
    "summary": Advice(
        __("What was done, and what got better? It is shown in search results."), FEW,
        __("We moved our Monday meeting outdoors. It takes half the time, and people come back with rosy cheeks and "
           "decisions made."), rows=4, counter=600,
    ),
    "need": Advice(
        __("The trouble in one sentence first, then what it caused."), FEW,
        __("Parents rang the day-care office all morning, and the staff could not be with the children."), rows=4,
    ),
    "goals": Advice(
        __("What were you aiming at, and how would you know that it worked?"), FEW,
        __("Half of the calls away by Christmas, and mornings in peace."), rows=4,
    ),
    "implementation": Advice(
        __("Who did what, when and with what?"), SOME,
        __("1. We counted the calls for two weeks.\n2. A supervisor and two educators chose a messaging tool.\n"
           "3. One group tried it for a month, and its staff taught the others."), rows=8,
    ),
    "results": Advice(
        __("Figures and feelings both count."), SOME,
        __("Calls fell from 40 to 12 a day. Staff say the mornings are calm; parents get an answer in minutes."),
        rows=6,
    ),
    "obstacles": Advice(
        __("People, money, rules, systems…"), FEW,
        __("The tool was not allowed on work phones at first. A talk with data protection solved it in a week."),
        rows=4,
    ),
    "did_not_work": Advice(
        __("What you tried and dropped. It shows courage and helps more than you think."), FEW,
        __("Posters in the hall did nothing at all."), rows=3,
    ),
    "lessons": Advice("", FEW, __("We would take parents along from the first meeting."), rows=3),
    "applicability": Advice(
        __("Time, money, people, permissions, know-how."), FEW,
        __("One person for two afternoons, phones for the groups, and a supervisor who says it may be tried."), rows=4,
    ),
    "limits_of_use": Advice(
        __("Where should others not try it?"), FEW,
        __("Not for families who have no smartphone: they still need the telephone."), rows=3,
    ),
    "first_steps": Advice(
        __("What would you tell a colleague to do next Monday?"), LIST,
        __("Count the calls for a week\nAsk one group to try\nLook at the figures together"), rows=3,
    ),
    "novelty": Advice(
        __("New to whom: to your organisation, or to anybody you know of?"), FEW,
        __("Others have sent messages before; new is that parents chose the hours when nobody writes."), rows=3,
    ),
    "strategy_goal": Advice(
        __("In the words of the strategy, if there is one."), "",
        __("“Services are easy to reach”, strategy 2026–2029"),
    ),
    "team": Advice(
        __("Role first, then what they did. Roles, not names."), LIST,
        __("Educators: tried it out and taught the others\nSupervisor: gave the time for it\n"
           "Parents: said what to change"),
        rows=4,
    ),
    "plain_words": Advice(
        __("Short sentences, common words, one thing at a time. No abbreviations."), FEW,
        __("Parents had questions. It was hard to call in the morning. Now parents write a message. They get an answer "
           "fast."), rows=5,
    ),
    "situations": Advice(__("The reason for it, or the change that you were in the middle of.")),
    "methods": Advice(__("Did you ask, try out, meet or get help from outside?")),
    "benefits_customer": Advice("", FEW, __("An answer in minutes instead of hours."), rows=3),
    "benefits_staff": Advice("", FEW, __("Time with children instead of the telephone."), rows=3),
    "benefits_organisation": Advice("", FEW, __("No extra staff was needed in the office."), rows=3),
    "body": Advice(__("Free text beside the other parts."), "", "", rows=8),
    "indicators": Advice(
        __("Tell also figures that fell short. “About 20” is as good an answer as an exact one."), "",
        __("Calls a day: starting point 40, target 20, actual 12 calls, measured"),
    ),
    "materials": Advice(
        __("Guides, forms, reports, videos: the address begins with https://."), "",
        __("Guide for the first week, https://www.example.org/guide"),
    ),
    "period_start": Advice(__("A year, a month or a day: 2026, 2026-11 or 2026-11-22."), more=SHORT),
    "period_end": Advice(__("Leave it empty if it goes on."), more=SHORT),
    "participants": Advice(
        __("Staff, supervisors, customers, residents… roles, not names."), "",
        __("Two educators, their supervisor and five families"), rows=3,
    ),
    "partners": Advice(__("Organisations, associations, companies."), LIST, "", rows=3),
    "programme": Advice(__("The name by which others know it, so that they find its other deeds, too.")),
    "funding_euros": Advice(__("Leave it empty if there was none."), more={**SHORT, "inputmode": "numeric"}),
}  # fmt: skip
