"""A project in the making, and the fields that describe one."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise

from loaders import mentions, phrases
from loaders.blocks import NUMBERED, VALUE_START, Block, Bounds
from loaders.mentions import Mention
from loaders.reading import bodies, persons
from loaders.reading.named_bodies import bodies_of, groups
from loaders.reading.page import Page
from loaders.reading.project_drafts import PHASE_OF_CUE, PHASE_OF_LABEL, Draft, add_body, phase_above, take_period
from loaders.reading.project_names import FEW_WORDS, is_headline, is_only_period
from loaders.reading.project_statements import take_roles
from loaders.reading.sums import holds_sum, is_support, scope_of, sums
from loaders.records import Stated
from loaders.text import trimmed
from loaders.values.dates import dates, periods
from loaders.values.marks import business_ids, codes, damaged_codes

UNIQUE = frozenset(
    {
        "project.name",
        "project.code",
        "project.period",
        "money.cost",
        "money.granted",
        "money.applied",
        "body.applicant",
        "body.lead",
    }
)
"""Labels that one project has once: a second one begins another project, where a name stands between."""
EVIDENCE = UNIQUE | {"body.implementers", "body.partner", "project.start", "project.group_code", "project.acronym"}
_VALUED = re.compile(rf":\s+(?:{VALUE_START.pattern})", re.IGNORECASE)
"""A line with a label that no table knows: a figure or a day stands behind its colon."""
_CARD = 9
_SENTENCES = 4
"""At most so many sentences stand between a project's name and its fields."""
_FIRST = frozenset({"body.lead", "body.applicant", "body.implementers", "project.code"})
"""Labels that stand right below the names of listed projects."""
CALLS = frozenset({"call.period", "call.opens", "call.closes", "call.budget", "call.name"})


def from_fields(page: Page) -> list[Draft]:
    """Projects that groups of fields describe: one page of one project, or a list of such groups under their names."""
    blocks = page.blocks
    evidence = [
        n
        for n, b in enumerate(blocks)
        if b.kind == "field" and b.label in EVIDENCE and b.values and not _of_call(page, n)
    ]
    labels = {blocks[n].label for n in evidence}
    if _heads_each(page, evidence):
        return [_card(page, number) for number in evidence]
    several = labels & {"project.name", "project.code"} or len(labels) > 1
    if not several and not _is_list(page, evidence) and not _is_of_title(page, evidence):
        return []
    drafts = _of_fields(page, evidence)
    for draft in drafts:
        _name_by_page(page, draft, repeated=_repeats(page, evidence))
    return drafts


def _of_fields(page: Page, evidence: list[int]) -> list[Draft]:
    """The projects that the fields of a page describe one behind the other."""
    blocks = page.blocks
    found, repeated = frozenset(evidence), _repeats(page, evidence)
    labelled = sum(blocks[n].label == "project.name" for n in evidence) > 1
    listed = not labelled and sum(name_above(page, n) is not None for n in evidence) > 1
    first = _first_of_each([blocks[n].label for n in evidence])
    drafts: list[Draft] = []
    current: Draft | None = None
    for number, block in enumerate(blocks):
        if current is not None and _is_period(page, current, number):
            take_period(page, current, block.start, block.end)
        if block.kind != "field" or not block.values or not block.label or page.related(number):
            continue
        if number in found:
            name = None if labelled or not repeated or block.label == "project.name" else name_above(page, number)
            if current is None or (block.label == first if first else _begins(current, block, name, repeated, listed)):
                current = Draft(name, number)
                drafts.append(current)
        if current is not None:
            current.fields.setdefault(block.label, block)
            take_field(page, current, block)
    return drafts


def _card(page: Page, number: int) -> Draft:
    """The project of a heading, with all fields of its part."""
    at = page.outline.sections[number] or 0
    draft = Draft((page.blocks[at].start, page.blocks[at].end), at)
    for own, block in enumerate(page.blocks[at:], at):
        if block.kind == "field" and block.values and block.label and page.outline.sections[own] == at:
            draft.fields.setdefault(block.label, block)
            take_field(page, draft, block)
    return draft


def _heads_each(page: Page, evidence: list[int]) -> bool:
    """Tell whether each of several fields stands below a heading of its own, in a part that speaks of a project."""
    heads = [_heading_of_card(page, number) for number in evidence]
    own = len(heads) > 1 and None not in heads and len(set(heads)) == len(heads)
    return own and all(
        phrases.says("trace.project", page.words(page.section(number)).replace("-", " ")) for number in evidence
    )


def _is_of_title(page: Page, evidence: list[int]) -> bool:
    """Tell whether one field, how long or whose, is of the project that a page's title names: text below says "the project"."""
    title = page.title_block
    if len(evidence) != 1 or title is None or not title < evidence[0] < title + _CARD:
        return False
    name, below = page.title or "", page.text[page.blocks[title].end :]
    other = any(phrases.says(f"noun.{one}", name) for one in ("call", "theme")) or phrases.says("event", name)
    other = other or ":" in name or any((block.label or "").startswith("theme.") for block in page.blocks)
    sort = page.blocks[evidence[0]].label in ("project.period", "body.lead") or phrases.says("noun.project", name)
    return sort and not other and not bodies.is_organisation(name) and phrases.says("trace.project", below)


def _is_period(page: Page, draft: Draft, number: int) -> bool:
    """Tell whether a line right below a project's field is a period and nothing else, as cards have it without a label."""
    block, above = page.blocks[number], page.blocks[number - 1]
    if block.kind not in ("line", "item") or draft.start is not None or above not in draft.fields.values():
        return False
    return is_only_period(page, block)


def _first_of_each(labels: list[str | None]) -> str | None:
    """The label that begins every project of a list where each name stands behind it (``Hakija``, ``Hanke``, ``Hakija`` …)."""
    turns = [label for label in labels if label in (labels[0], "project.name")]
    paired = len(turns) > 2 and turns == [labels[0], "project.name"] * (len(turns) // 2)
    return labels[0] if paired and labels[0] != "project.name" else None


def _name_by_page(page: Page, draft: Draft, *, repeated: bool) -> None:
    """The page's title names its only project; what is said of one without a name is left out."""
    if draft.name is None and not repeated and not of_item(page, draft):
        lists = phrases.says("heading.projects", page.title or "") and (page.title or "").count(" ") < FEW_WORDS
        draft.name = name_above(page, draft.block) if lists else _title(page)
        if page.title_block is not None and draft.name and draft.acronym is None and _below_acronym(page):
            short = page.blocks[page.title_block]
            draft.acronym = page.stated(page.words(short), short.start, short.end)
        draft.unsure = len(EVIDENCE & draft.fields.keys()) == 1
        if draft.name and draft.start is None:
            below = next((one for one in page.blocks if one.start > draft.name[1]), None)
            if below and below.kind == "line" and is_only_period(page, below):
                take_period(page, draft, below.start, below.end)


def of_item(page: Page, draft: Draft) -> bool:
    """Tell whether a project's fields are those of the item with a code right above them."""
    above = page.blocks[max(0, draft.block - 1)]
    return above.kind == "item" and bool(codes(page.words(above)))


def _of_call(page: Page, number: int) -> bool:
    """Tell whether a field describes a call rather than a project: its section has a call's fields or is a schedule."""
    block = page.blocks[number]
    if block.label == "project.period" and phrases.says("time.clock", page.words(page.outline.value(block))):
        return True  # the time of a meeting
    if (
        block.label == "project.period"
        and len(block.values) > 1
        and any(phrases.says("noun.call", page.words(v)) or phrases.says("event", page.words(v)) for v in block.values)
    ):
        return True
    labels = page.labels_of_section(number)
    own = {"project.name", "project.code", "body.lead", "body.applicant", "body.implementers"} & labels
    calls = CALLS & labels or (
        block.label in ("money.cost", "money.granted", "project.period")
        and phrases.says("noun.call", page.before(number))
    )
    return bool(calls) and not own


def _repeats(page: Page, evidence: list[int]) -> bool:
    labels = [page.blocks[n].label for n in evidence]
    if "project.name" not in labels and _is_list(page, evidence):
        return True
    if "project.name" in labels:
        return labels.count("project.name") > 1
    return any(
        labels.count(label) > 1
        for label in ("project.period", "body.applicant", "money.applied", "project.code", "body.lead", "money.granted")
    )


def _is_list(page: Page, evidence: list[int]) -> bool:
    """Tell whether several names each head a group of fields: in a text set off by blank lines, elsewhere without other lines."""
    named = [n for n in evidence if (name := name_above(page, n)) and not NUMBERED.match(page.words(name))]
    if page.outline.document.form == "text" or all(page.blocks[_name_block(page, n) or 0].gap for n in named):
        named = [n for n in named if page.blocks[_name_block(page, n) or 0].gap and not page.blocks[n].gap]
    return len(named) > 1 and all(page.blocks[n].label in _FIRST for n in named)


def name_above(page: Page, number: int) -> Bounds | None:
    """The line above a field, where it can be a project's name; sentences about the project may stand between the two."""
    at = _name_block(page, number)
    at = _heading_of_card(page, number) if at is None else at
    return None if at is None else (page.blocks[at].start, page.blocks[at].end)


def _heading_of_card(page: Page, number: int) -> int | None:
    """The heading of a part that holds nothing above a field but sentences and fields that describe no project."""
    at = page.outline.sections[number]
    if at is None or at in page.menu or number - at > _CARD:
        return None
    words = page.words(page.blocks[at])
    between = page.blocks[at + 1 : number]
    own = all(
        b.label not in EVIDENCE if b.kind == "field" else b.kind == "line" and page.text[b.end - 1] in ".!"
        for b in between
    )
    return at if between and own and _may_name(words) else None


def _may_name(words: str) -> bool:
    """Tell whether a line can be a project's name: no sentence, label, sum, or heading that every page has."""
    general = phrases.pattern("cues", "heading.general").fullmatch(words)
    said = general or re.search(r"[.?:]$", words) or phrases.label(words) or _VALUED.search(words)
    return not said and not holds_sum(words, 0, len(words))


def _name_block(page: Page, number: int) -> int | None:
    at = number - 1
    while 0 < at > number - _SENTENCES and not page.blocks[at].gap and _is_sentence(page, at):
        at -= 1
    above = page.blocks[at] if at >= 0 else None
    if above is None or above.kind not in ("line", "heading", "item") or above.end - above.start > 160:
        return None
    words = page.words(above)
    if not _may_name(words) or at in page.menu or (at < number - 1 and not above.gap and above.kind != "heading"):
        return None
    return at


def _is_sentence(page: Page, number: int) -> bool:
    block = page.blocks[number]
    return block.kind == "line" and page.text[block.end - 1] == "." and " " in page.words(block)


def _begins(current: Draft, block: Block, name: Bounds | None, repeated: bool, listed: bool) -> bool:
    """Tell whether a field begins another project; in a list of several a second applicant is one of a project unnamed."""
    if block.label == "project.name":
        return "project.name" in current.fields or (current.name is not None and repeated)
    if name is not None:
        return True
    again = ("project.code", "body.applicant") if listed else ("project.code",)
    return repeated and block.label in again and block.label in current.fields


def _title(page: Page) -> Bounds | None:
    """The heading that names the page's project: above its days, else the title, else the heading below a title of a site."""
    heads = [
        (one, below)
        for one, below in pairwise(page.blocks)
        if one.kind == "heading" and not bodies.is_organisation(page.words(one))
    ]
    named = [one for one, below in heads if below.kind == "line" and is_only_period(page, below)]
    title = page.blocks[page.title_block] if page.title_block is not None else None
    if title and not named and phrases.says("heading.site", page.words(title)):
        named = [
            one for one, below in heads if one.start > title.end and phrases.says("noun.project", page.words(below))
        ]
    only = named[0] if len(named) == 1 and not phrases.label(page.words(named[0])) else None
    block = only or _below_acronym(page) or title
    no_name = block is None or bodies.is_organisation(page.words(block)) or is_headline(page.words(block))
    return None if block is None or no_name else (block.start, block.end)


def _below_acronym(page: Page) -> Block | None:
    """The name in full right below a title that is an acronym: ``TUKKA`` above ``Turvemaiden … hanke``."""
    at, short = page.title_block, page.title or " "
    below = page.blocks[at + 1] if at is not None and at + 1 < len(page.blocks) else None
    if below is None or below.kind != "heading" or " " in short or sum(c.isupper() for c in short) < 2:
        return None
    return below if page.words(below).count(" ") > 1 and _may_name(page.words(below)) else None


def take_field(page: Page, draft: Draft, block: Block) -> None:
    """Read one field into a project."""
    reader = _FIELDS.get(block.label or "")
    if reader is not None:
        reader(page, draft, block, *page.outline.value(block))


_SORT = re.compile(r"(?:\w+hanke|\w+projekti?)(?:\s+[–-]\s+\d+)?", re.IGNORECASE)
"""What sort a project is of, and its number: ``Hanke: Kehittämishanke - 7467``."""


def _read_name(page: Page, draft: Draft, block: Block, low: int, high: int) -> None:
    words, printed = page.text[low:high].split(), phrases.fold(page.text[block.start : low])
    if any(period.words == page.text[low:high].strip() for period in periods(page.text[low:high])):
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
    for found in codes(page.text[low:high], applications=True):
        stated = page.stated(found.value, low + found.start, low + found.end)
        if found.kind == "group":
            draft.group_code = draft.group_code or stated
        elif draft.code is None:
            draft.code = stated
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
    stated = list(sums(page.text, low, high))
    beside = any(one.cue == "cost" for one in stated)  # ``9 000 € (kokonaiskustannukset 12 000 €)``
    for one in stated:
        whole = _TOTAL.search(page.text, low, one.start) and phrases.says("money.share", page.text, one.end, high)
        near = (max(low, one.start - _FUND), min(high, one.end + _FUND))  # ``ESR+ 380 000 €``, ``9 000 € (EAKR)``
        eu = one.cue is None and bool(page.funds_in(*near))
        above = phase_above(page, draft.block) if one.cue is None and len(stated) == 1 else None
        phase = PHASE_OF_CUE.get(one.cue or ("granted" if beside or eu else "cost" if whole else "")) or above
        above = phase_above(page, draft.block) if one.cue is None and len(stated) == 1 else None
        phase = PHASE_OF_CUE.get(one.cue or ("granted" if beside or eu else "cost" if whole else "")) or above
        if phase and phase not in {p for p, _ in draft.sums}:
            draft.sums.append((phase, one))


_FUND = 12
_TOTAL = re.compile(rf"{phrases.pattern('cues', 'row.total').pattern}\s+\D{{0,10}}$", re.IGNORECASE)
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
        for body in bodies.organisations(page.text, start, end, role=role, refused=page.refuse_body):
            certain = bodies.is_organisation(body.name)
            if certain or ((listed or end - start < 90) and not persons.understand(body.name).job):
                add_body(draft, body)


def _is_of_person(words: str) -> bool:
    """Tell whether a value is a person with a job: ``Aino Malli, projektipäällikkö, Oulun yliopisto``."""
    name, _, rest = words.partition(", ")
    return persons.understand(name).kind == "person" and persons.understand(rest.partition(",")[0]).kind == "job"


def _read_own_role(page: Page, draft: Draft, block: Block, low: int, high: int) -> None:
    """The part that the publisher of a page has in a project (``Kaupungin rooli: osatoteuttaja``)."""
    role = bodies.role_of(page.text[low:high])
    printed = page.text.find(" ", block.start, low)  # ``LAB role: Lead partner``
    named = next(bodies.organisations(page.text, block.start, printed), None) if printed > 0 else None
    body = (_in_full(page, named) if named else None) or page.publisher
    if role and body:
        add_body(draft, replace(body, role=role, role_span=(low, high)))
    else:
        page.leave_out(block.start, block.end, "role-of-nobody")


def _in_full(page: Page, body: bodies.Body) -> bodies.Body | None:
    """An organisation of a label, also by the first word of a name that the page prints."""
    if bodies.is_organisation(body.name):
        return body
    printed = (one for group in groups(page.text, 0, len(page.text)) for one in bodies_of(page.text, group))
    return next((one for one in printed if one.name.startswith(f"{body.name} ")), None)


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
