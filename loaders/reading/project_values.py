"""The values of fields and cells that describe a project: what each label says of it."""

import re
from collections.abc import Callable
from dataclasses import replace

from loaders import mentions, phrases
from loaders.blocks import Block
from loaders.mentions import Mention
from loaders.reading import bodies, persons
from loaders.reading.page import Page
from loaders.reading.project_drafts import (
    PHASE_OF_CUE,
    PHASE_OF_LABEL,
    Draft,
    add_body,
    is_only_period,
    phase_above,
    take_period,
)
from loaders.reading.project_statements import take_roles
from loaders.reading.sums import is_support, scope_of, sums
from loaders.records import Stated
from loaders.text import trimmed
from loaders.values.dates import dates, periods
from loaders.values.marks import business_ids, codes, damaged_codes


def take_field(page: Page, draft: Draft, block: Block) -> None:
    """Read one field into a project."""
    reader = _FIELDS.get(block.label or "")
    if reader is not None:
        reader(page, draft, block, *page.outline.value(block))


_SORT = re.compile(r"(?:\w+hanke|\w+projekti?)(?:\s+[–-]\s+\d+)?", re.IGNORECASE)
"""What sort a project is of, and its number: ``Hanke: Kehittämishanke - 7467``."""


def _read_name(page: Page, draft: Draft, block: Block, low: int, high: int) -> None:
    words, printed = page.text[low:high].split(), phrases.fold(page.text[block.start : low])
    if is_only_period(page, (low, high)):
        take_period(page, draft, low, high)
        return
    fund = len(words) < 3 and phrases.label(words[-1]) == "money.funding"  # ``Hanke: Muut rahastot``
    if not (fund or (" " not in printed and _SORT.fullmatch(page.text, low, high))):
        period = _PERIOD_BEHIND.search(page.text, low, high)
        if period and draft.start is None and periods(period.group()):  # ``Polku 1.3.2031–28.2.2033``
            take_period(page, draft, period.start(), high)
            high = period.start()
        draft.name = draft.name or (low, high)


_PERIOD_BEHIND = re.compile(r"\s+\d{1,2}\.\d{1,2}\.\d{4}\s?[–—-]\s?\d{1,2}\.\d{1,2}\.\d{4}$")


def _read_code(page: Page, draft: Draft, block: Block, low: int, high: int) -> None:
    high = trimmed(page.text, low, high, "⁰¹²³⁴⁵⁶⁷⁸⁹*")[1]  # the mark of a footnote
    marks = codes(page.text[low:high], applications=True)
    parts = sum(one.kind == "application" for one in marks) > 1  # each of its partners applied with a number
    for found in marks:
        stated = page.stated(found.value, low + found.start, low + found.end)
        if found.kind == "group":
            draft.group_code = draft.group_code or stated
        elif draft.code is None and not (parts and found.kind == "application"):
            draft.code = stated
    if block.label == "project.group_code" and not any(c.isdigit() for c in page.text[low:high]):
        draft.name = draft.name or (low, high)  # ``Ryhmähanke: Polku``
        return
    if damaged_codes(page.text[low:high]):
        page.leave_out(low, high, "damaged-code")
    elif draft.code is None and draft.group_code is None and re.fullmatch(r"[\w./-]{3,30}", page.text[low:high]):
        draft.code = page.stated(page.text[low:high], low, high)


def _read_period(page: Page, draft: Draft, block: Block, low: int, high: int) -> None:
    take_period(page, draft, low, high)
    below = re.compile(r"\s*([^\n]{5,60})").match(page.text, block.end)
    if below and not (draft.start or draft.end):  # ``Kesto 36 kk`` above the days
        found = periods(below[1])
        if found and len(found[0].words) > 0.7 * len(below[1]):
            take_period(page, draft, *below.span(1))


def _read_end(page: Page, draft: Draft, block: Block, low: int, high: int) -> None:
    found = dates(page.text[low:high], years=True)
    if found:
        stated = page.stated(found[0].value, low + found[0].start, low + found[0].end)
        if block.label == "project.start":
            draft.start = draft.start or stated
        else:
            draft.end = draft.end or stated


def _read_money(page: Page, draft: Draft, block: Block, low: int, high: int) -> None:
    phase = PHASE_OF_LABEL[block.label or ""]
    scope = scope_of(page.text, block.start, low)
    taken = {(known, one.scope) for known, one in draft.sums}
    for number, one in enumerate(sums(page.text, low, high, bare=True)):
        said = (
            phase if not number else "granted" if is_support(page.text, low, one) else PHASE_OF_CUE.get(one.cue or "")
        )
        one = replace(one, scope=one.scope or scope)
        if one.cue == "minimum" or said is None or (said, one.scope) in taken:
            continue
        taken.add((said, one.scope))
        draft.sums.append((said, one))


def _read_funding(page: Page, draft: Draft, block: Block, low: int, high: int) -> None:
    found = page.funds_in(low, high)
    if found:
        draft.fund = draft.fund or found[0]
    draft.authority = draft.authority or page.authority(low, high)
    inner = phrases.label_at_start(page.text[low:high])
    if inner and inner[0] in PHASE_OF_LABEL:  # ``Rahoitus: EU+valtio 9.000,00``
        _read_money(page, draft, replace(block, label=inner[0]), low + inner[1], high)
        return
    stated = sums(page.text, low, high)
    beside = any(one.cue == "cost" for one in stated)  # ``9 000 € (kokonaiskustannukset 12 000 €)``
    for one in stated:
        whole = _TOTAL.search(page.text, low, one.start) and phrases.says("money.share", page.text, one.end, high)
        near = (max(low, one.start - _FUND), min(high, one.end + _FUND))  # ``ESR+ 380 000 €``, ``9 000 € (EAKR)``
        eu = one.cue is None and bool(page.funds_in(*near))
        above = phase_above(page, draft.block) if one.cue is None and len(stated) == 1 else None
        phase = PHASE_OF_CUE.get(one.cue or ("granted" if beside or eu else "cost" if whole else "")) or above
        if phase and phase not in {p for p, _ in draft.sums}:
            draft.sums.append((phase, one))


_FUND = 12
_TOTAL = re.compile(rf"{phrases.whole_words('cues', 'row.total')}\s+\D{{0,10}}$", re.IGNORECASE)
"""``Rahoitus: yhteensä 100 000 €, josta EU:n osuus 80 %``."""


def _read_authority(page: Page, draft: Draft, block: Block, low: int, high: int) -> None:
    if draft.fund is None and (found := page.funds_in(low, high)):
        draft.fund = found[0]
    if draft.authority is None:
        draft.authority = _authority(page, low, high)


def _authority(page: Page, low: int, high: int) -> Stated[str] | None:
    if named := page.authority(low, high):
        return named
    for body in bodies.organisations(page.text, low, high):
        if bodies.is_organisation(body.name) and not mentions.funds(body.name):
            return page.stated(body.name, body.start, body.end)
    return None


def _read_bodies(page: Page, draft: Draft, block: Block, low: int, high: int) -> None:
    role: bodies.Role | None = {"body.lead": "lead", "body.partner": "partner"}.get(block.label or "")  # type: ignore[assignment]
    if block.label == "body.applicant" and draft.fields.get("body.applicant", block) is not block:
        role = "partner"  # the first applicant leads
    listed = block.label in ("body.implementers", "body.partner", "body.lead")
    for start, end in block.values:
        if phrases.says("role.active", page.text, start, end):  # ``Toteuttajat: Hanketta koordinoi A, ja sen …``
            take_roles(page, draft, start, end)
            continue
        if _is_of_person(page.text[start:end]):
            continue
        named = list(bodies.organisations(page.text, start, end, role=role, refused=page.refuse_body))
        for body in _with_alias(named) if len(block.values) > 1 else named:
            certain = bodies.is_organisation(body.name)
            if certain or ((listed or end - start < 90) and not persons.understand(body.name).job):
                add_body(draft, body)


def _with_alias(named: list[bodies.Body]) -> list[bodies.Body]:
    """The only body of a line with its short name: ``Lapin koulutuskuntayhtymä, Kaiku``."""
    if len(named) != 2 or " " in named[1].name or bodies.is_organisation(named[1].name):
        return named
    return [replace(named[0], name=f"{named[0].name}, {named[1].name}", end=named[1].end)]


def _is_of_person(words: str) -> bool:
    """Tell whether a value is a person with a job: ``Aino Malli, projektipäällikkö, Oulun yliopisto``."""
    name, _, rest = words.partition(", ")
    return persons.understand(name).kind == "person" and persons.understand(rest.partition(",")[0]).kind == "job"


def _read_own_role(page: Page, draft: Draft, block: Block, low: int, high: int) -> None:
    """The part that the publisher of a page has in a project (``Kaupungin rooli: osatoteuttaja``)."""
    role = bodies.role_of(page.text[low:high])
    if role and page.publisher:
        add_body(draft, replace(page.publisher, role=role, role_span=(low, high)))
    else:
        page.leave_out(block.start, block.end, "role-of-nobody")


def _read_business_id(page: Page, draft: Draft, block: Block, low: int, high: int) -> None:
    if draft.bodies and draft.bodies[-1].business_id is None:
        found = business_ids(page.text[low:high])
        if found:
            one = draft.bodies[-1]
            draft.bodies[-1] = bodies.Body(
                one.name, one.start, one.end, one.role, found[0].value, (low + found[0].start, low + found[0].end)
            )


def _read_theme(page: Page, draft: Draft, block: Block, low: int, high: int) -> None:
    words = " ".join(page.text[low:high].split())
    if draft.theme is None and mentions.is_theme_name(words):
        draft.theme = Mention(words, low, high)


def _read_objective(page: Page, draft: Draft, block: Block, low: int, high: int) -> None:
    found = mentions.objectives(page.text, low, high)
    if not found and (first := re.match(r"\d\.(?:\d{1,2}|[a-l])(?!\d)", page.text[low:high])):
        found = [Mention(first.group(), low, low + first.end())]
    draft.objectives = draft.objectives or tuple(found)


def _read_priority(page: Page, draft: Draft, block: Block, low: int, high: int) -> None:
    number = re.match(r"\d(?![\d]|\.\d)", page.text[low:high])
    draft.priority = draft.priority or (Mention(number.group(), low, low + 1) if number else None)


def _read_status(page: Page, draft: Draft, block: Block, low: int, high: int) -> None:
    for status in ("ended", "funded", "selected", "application"):
        if phrases.says(f"status.{status}", page.text, low, high):
            draft.status = page.stated(status, low, high)
            return


def _read_acronym(page: Page, draft: Draft, block: Block, low: int, high: int) -> None:
    draft.acronym = page.stated(page.text[low:high], low, high)


Reader = Callable[[Page, Draft, Block, int, int], None]
_FIELDS: dict[str, Reader] = {
    "project.name": _read_name, "project.code": _read_code, "project.group_code": _read_code, "project.acronym": _read_acronym,
    "project.period": _read_period, "project.start": _read_end, "project.end": _read_end, "project.status": _read_status,
    "money.cost": _read_money, "money.granted": _read_money, "money.applied": _read_money,
    "money.realised": _read_money, "money.planned": _read_money, "money.paid": _read_money,
    "money.funding": _read_funding, "body.authority": _read_authority, "body.lead": _read_bodies, "body.applicant": _read_bodies,
    "body.implementers": _read_bodies, "body.partner": _read_bodies, "body.business_id": _read_business_id,
    "body.own_role": _read_own_role, "theme.name": _read_theme,
    "code.objective": _read_objective, "code.priority": _read_priority,
}  # fmt: skip
