"""Each count in words, with its definition: the page, the CSV and the JSON are made of these lines."""

from msgspec import Struct

from forum.i18n import current_locale, format_number
from forum.i18n import gettext as _
from forum.organisations.words import band_words
from forum.reuses.fields import STATES
from forum.value.queries import DELAY, Band, Figures


class Line(Struct, frozen=True):
    """One count; `name` is what programs call it, `unit` is "" or "%"."""

    name: str
    label: str
    value: int | None
    definition: str
    unit: str = ""

    @property
    def shown(self) -> str:
        """The number in the current language; a dash where there is none yet."""
        if self.value is None:
            return "–"
        return format_number(self.value, current_locale()) + ("\u00a0%" if self.unit else "")


def lines_of(found: Figures) -> list[Line]:
    """What stands at the head of the page."""
    return [
        Line(
            "questions",
            _("questions asked"),
            found.questions,
            _("Topics of the kind “question” in the themes that everyone may see, less the deleted ones."),
        ),
        Line(
            "answered_in_time",
            _("answered within two working days"),
            found.share,
            _(
                "Of the %(ended)s questions whose delay has ended, %(in_time)s had a reply of somebody else "
                "than the asker before the end of the second working day after that of the question. "
                "Working days are Monday to Friday, less the eleven French public holidays."
            )
            % {"ended": _number(found.ended), "in_time": _number(found.in_time)},
            "%",
        ),
        Line(
            "avoided_questions",
            _("questions that nobody had to ask"),
            found.avoided,
            _(
                "How often somebody who was writing a question pressed “It answers my question” on a topic "
                "that was there; once a person and topic."
            ),
        ),
        Line(
            "sheets",
            _("experience sheets"),
            found.sheets,
            _("Topics of the kind “experience sheet”, less the deleted ones."),
        ),
        Line(
            "reuses",
            _("reuses"),
            found.reuses,
            _(
                "Sheets, documents and accepted answers that an organisation says it took up, whatever "
                "became of them: one for each organisation and item, said by a verified member. "
                "Organisations that have said so at least once: %(reusers)s."
            )
            % {"reusers": _number(found.reusers)},
        ),
        Line(
            "organisations",
            _("organisations taking part"),
            found.taking_part,
            _("Organisations for which a member has written at least one post, or that took something up."),
        ),
    ]


def state_lines(found: Figures) -> list[Line]:
    """The reuses by their state."""
    return [
        Line(f"reuses_{state}", words(), found.states.get(state, 0), _("Reuses by their state."))
        for state, words in STATES.items()
    ]


def band_lines(found: Figures) -> list[Line]:
    """The organisations by population band."""
    definition = _("Organisations taking part, by their population in the directory.")
    return [Line(f"organisations_{_name(band)}", _band(band), n, definition) for band, n in found.bands]


def all_lines(found: Figures) -> list[Line]:
    """Everything, with the two counts of which the share is made."""
    delay = _("Questions whose delay of %(n)d working days has ended.") % {"n": DELAY}
    parts = [
        Line("questions_ended", delay, found.ended, delay),
        Line("questions_in_time", _("Of these, answered in time."), found.in_time, delay),
    ]
    return [*lines_of(found), *parts, *state_lines(found), *band_lines(found)]


def _band(band: Band) -> str:
    return band_words(band) if band else _("population unknown")


def _name(band: Band) -> str:
    """A band for programs: `500_999`, `100000`, `unknown`."""
    if band is None:
        return "unknown"
    return f"{band[0]}" if band[1] is None else f"{band[0]}_{band[1]}"


def _number(number: int) -> str:
    return format_number(number, current_locale())
