"""Projects with their implementers and money, from fields, tables, lists and sentences."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import combinations, pairwise

from loaders import mentions, phrases
from loaders.mentions import Mention
from loaders.names import Registry
from loaders.names.parts import organisations_at_end
from loaders.outline import Block, Bounds
from loaders.reading import bodies
from loaders.reading.page import Page
from loaders.reading.sums import Sum, sums
from loaders.records import About, Money, Objective, Participation, Project, Record, Stated, Text
from loaders.values.amounts import Amount
from loaders.values.dates import Period, dates, periods
from loaders.values.marks import codes

UNIQUE = frozenset({"project.name", "project.code", "project.period", "money.cost", "money.granted", "money.applied", "body.applicant", "body.lead"})
"""Labels that one project has once: a second one begins another project, where a name stands between."""
EVIDENCE = UNIQUE | {"body.implementers", "body.partner", "project.start", "project.group_code", "project.acronym"}
CALLS = frozenset({"call.period", "call.opens", "call.closes", "call.budget", "call.name"})
PHASES = {"money.cost": "costEstimate", "money.granted": "granted", "money.applied": "applied", "money.realised": "realised"}
_CUES = {"granted": "granted", "applied": "applied", "cost": "costEstimate"}


@dataclass(slots=True)
class Draft:
    """A project while its parts are read."""

    name: Bounds | None = None
    block: int = 0
    fields: dict[str, Block] = field(default_factory=dict)
    bodies: list[bodies.Body] = field(default_factory=list)
    sums: list[tuple[str, Sum]] = field(default_factory=list)
    start: Stated[str] | None = None
    end: Stated[str] | None = None
    code: Stated[str] | None = None
    group_code: Stated[str] | None = None
    acronym: Stated[str] | None = None
    theme: Mention | None = None
    authority: Stated[str] | None = None
    fund: Mention | None = None
    objectives: tuple[Mention, ...] = ()
    status: Stated[str] | None = None
    coordination: Stated[bool] | None = None
    sure: bool = True


@dataclass(frozen=True, slots=True)
class Projects:
    """The projects of a page: their records, and the words of each name for the readers that follow."""

    records: list[Record]
    drafts: list[Draft]


def read(page: Page) -> Projects:
    """Read every project of a page."""
    drafts = [*_from_fields(page), *_from_rows(page), *_from_lists(page), *_from_cards(page)]
    drafts += _from_sentences(page, drafts)
    _coordination(page, drafts)
    _group_codes(page, drafts)
    records: list[Record] = []
    seen: set[str] = set()
    for draft in drafts:
        if draft.name is None:
            continue
        made = list(_records(page, draft))
        key = made[0].key if isinstance(made[0], Project) else ""
        if key not in seen:
            seen.add(key)
            records += made
    return Projects(records, [draft for draft in drafts if draft.name is not None])


# fields


def _from_fields(page: Page) -> list[Draft]:
    """Projects that groups of fields describe: one page of one project, or a list of such groups under their names."""
    blocks = page.blocks
    evidence = [n for n, b in enumerate(blocks) if b.kind == "field" and b.label in EVIDENCE and b.values and not _of_call(page, n)]
    if len({blocks[n].label for n in evidence}) < 2 and not any(blocks[n].label in ("project.name", "project.code") for n in evidence):
        return []
    repeated = _repeats(page, evidence)
    drafts: list[Draft] = []
    current: Draft | None = None
    for number, block in enumerate(blocks):
        if block.kind != "field" or not block.values or not block.label or page.related(number):
            continue
        if block.label in EVIDENCE and number in evidence:
            name = _name_above(page, number) if repeated else None
            if current is None or _begins(current, block, name, repeated):
                current = Draft(name, number)
                drafts.append(current)
        if current is not None:
            current.fields.setdefault(block.label, block)
            _take_field(page, current, block)
    for draft in drafts:
        if draft.name is None and not repeated:
            draft.name = _title(page)
    return drafts


def _of_call(page: Page, number: int) -> bool:
    """Tell whether a field describes a call rather than a project: its section has a call's fields or is a schedule."""
    low, high = page.section(number)
    near = [b for b in page.blocks if b.kind == "field" and low <= b.start < high]
    block = page.blocks[number]
    if block.label == "project.period" and len(block.values) > 1 and any(phrases.says("noun.call", page.words(v)) or phrases.says("event", page.words(v)) for v in block.values):
        return True
    labels = {b.label for b in near}
    own = {"project.name", "project.code", "body.lead", "body.applicant", "body.implementers"} & labels
    calls = CALLS & labels or (block.label in ("money.cost", "money.granted", "project.period") and phrases.says("noun.call", page.before(number)))
    return bool(calls) and not own


def _repeats(page: Page, evidence: list[int]) -> bool:
    labels = [page.blocks[n].label for n in evidence]
    if "project.name" in labels:
        return labels.count("project.name") > 1
    return any(labels.count(label) > 1 for label in ("project.period", "body.applicant", "money.applied", "project.code", "body.lead", "money.granted"))


def _name_above(page: Page, number: int) -> Bounds | None:
    """The line right above a field, where it can be a project's name."""
    above = page.blocks[number - 1] if number else None
    if above is None or above.kind not in ("line", "heading", "item") or above.end - above.start > 160:
        return None
    words = page.words(above)
    if re.search(r"[.!?:]$", words) or phrases.label(words) or number - 1 in page.menu:
        return None
    return above.start, above.end


def _begins(current: Draft, block: Block, name: Bounds | None, repeated: bool) -> bool:
    if block.label == "project.name":
        return "project.name" in current.fields or (current.name is not None and repeated)
    if name is not None:
        return True
    return repeated and block.label == "project.code" and "project.code" in current.fields


def _title(page: Page) -> Bounds | None:
    if page.title_block is None:
        return None
    block = page.blocks[page.title_block]
    return block.start, block.end


def _take_field(page: Page, draft: Draft, block: Block) -> None:
    reader = _FIELDS.get(block.label or "")
    if reader is not None:
        reader(page, draft, block)


def _read_name(page: Page, draft: Draft, block: Block) -> None:
    draft.name = draft.name or (block.values[0][0], block.values[-1][1])


def _read_code(page: Page, draft: Draft, block: Block) -> None:
    low, high = page.outline.value(block)
    for found in codes(page.text[low:high], applications=True):
        stated = page.stated(found.value, low + found.start, low + found.end)
        if found.kind == "group":
            draft.group_code = draft.group_code or stated
        elif draft.code is None:
            draft.code = stated
    if draft.code is None and draft.group_code is None and re.fullmatch(r"[\w./-]{3,20}", page.text[low:high]):
        draft.code = page.stated(page.text[low:high], low, high)


def _read_period(page: Page, draft: Draft, block: Block) -> None:
    low, high = page.outline.value(block)
    _take_period(page, draft, low, high)


def _take_period(page: Page, draft: Draft, low: int, high: int) -> None:
    if draft.start or draft.end:
        return
    words = page.text[low:high]
    period = next(iter(periods(words)), None) or _year_span(words)
    if period:
        at = (low + period.span[0], low + period.span[1])
        draft.start = page.stated(period.start, *at) if period.start else None
        draft.end = page.stated(period.end, *at) if period.end else None
        return
    single = dates(words, years=True)
    if len(single) >= 2:
        draft.start = page.stated(single[0].value, low + single[0].start, low + single[0].end)
        draft.end = page.stated(single[1].value, low + single[1].start, low + single[1].end)
    elif single:
        at = (low + single[0].start, low + single[0].end)
        if phrases.says("call.closes", words) or re.match(r"\s*[-–—]", words[: single[0].start][-3:]):
            draft.end = page.stated(single[0].value, *at)
        else:
            draft.start = page.stated(single[0].value, *at)


_YEARS = re.compile(r"(?<!\d)(?:19|20)\d\d\s*[-–—]\s*(?:19|20)\d\d(?!\d)")


def _year_span(words: str) -> Period | None:
    match = _YEARS.search(words)
    if match is None:
        return None
    years = re.findall(r"\d{4}", match.group())
    return Period(years[0], years[1], match.group(), match.span())


def _read_end(page: Page, draft: Draft, block: Block) -> None:
    low, high = page.outline.value(block)
    found = dates(page.text[low:high], years=True)
    if found:
        stated = page.stated(found[0].value, low + found[0].start, low + found[0].end)
        if block.label == "project.start":
            draft.start = draft.start or stated
        else:
            draft.end = draft.end or stated


def _read_money(page: Page, draft: Draft, block: Block) -> None:
    low, high = page.outline.value(block)
    phase = PHASES[block.label or ""]
    taken = {one for one, _ in draft.sums}
    for number, one in enumerate(sums(page.text, low, high, bare=True)):
        said = _CUES.get(one.cue or "") if number else phase
        if one.cue == "minimum" or said is None or said in taken:
            continue
        taken.add(said)
        draft.sums.append((said, one))


def _read_funding(page: Page, draft: Draft, block: Block) -> None:
    low, high = page.outline.value(block)
    found = mentions.funds(page.text, low, high, page.period)
    if found:
        draft.fund = draft.fund or found[0]
    if draft.authority is None and (authority := mentions.authorities(page.text, low, high)):
        draft.authority = page.stated(authority[0].name, authority[0].start, authority[0].end)
    for one in sums(page.text, low, high):
        phase = _CUES.get(one.cue or "cost")
        if phase and phase not in {p for p, _ in draft.sums}:
            draft.sums.append((phase, one))


def _read_authority(page: Page, draft: Draft, block: Block) -> None:
    low, high = page.outline.value(block)
    if draft.fund is None and (found := mentions.funds(page.text, low, high, page.period)):
        draft.fund = found[0]
    if draft.authority is None:
        draft.authority = _authority(page, low, high)


def _authority(page: Page, low: int, high: int) -> Stated[str] | None:
    named = mentions.authorities(page.text, low, high)
    if named:
        return page.stated(named[0].name, named[0].start, named[0].end)
    for body in bodies.organisations(page.text, low, high):
        if bodies.is_organisation(body.name) and not mentions.funds(body.name):
            return page.stated(body.name, body.start, body.end)
    return None


def _read_bodies(page: Page, draft: Draft, block: Block) -> None:
    role: bodies.Role | None = {"body.lead": "lead", "body.partner": "partner"}.get(block.label or "")  # type: ignore[assignment]
    for low, high in block.values:
        words = page.text[low:high]
        listed = block.label in ("body.implementers", "body.partner", "body.lead")
        for body in bodies.organisations(page.text, low, high, role=role):
            if listed or bodies.is_organisation(body.name) or len(words) < 90:
                _add_body(draft, body)


def _add_body(draft: Draft, body: bodies.Body) -> None:
    known = next((n for n, one in enumerate(draft.bodies) if one.name.casefold() == body.name.casefold()), None)
    if known is None:
        draft.bodies.append(body)
    elif draft.bodies[known].role is None and body.role:
        draft.bodies[known] = body


def _read_business_id(page: Page, draft: Draft, block: Block) -> None:
    low, high = page.outline.value(block)
    if len(draft.bodies) == 1 and draft.bodies[0].business_id is None:
        found = bodies.business_ids(page.text[low:high])
        if found:
            one = draft.bodies[0]
            draft.bodies[0] = bodies.Body(one.name, one.start, one.end, one.role, found[0].value, (low + found[0].start, low + found[0].end))


def _read_theme(page: Page, draft: Draft, block: Block) -> None:
    low, high = page.outline.value(block)
    words = " ".join(page.text[low:high].split())
    if draft.theme is None and mentions.is_theme_name(words):
        draft.theme = Mention(words, low, high)


def _read_objective(page: Page, draft: Draft, block: Block) -> None:
    draft.objectives = draft.objectives or tuple(_objectives(page, *page.outline.value(block)))


def _objectives(page: Page, low: int, high: int) -> list[Mention]:
    found = mentions.objectives(page.text, low, high)
    first = re.match(r"\d\.(?:\d{1,2}|[a-l])(?!\d)", page.text[low:high])
    return found or ([Mention(first.group(), low, low + first.end())] if first else [])


def _read_status(page: Page, draft: Draft, block: Block) -> None:
    low, high = page.outline.value(block)
    for status in ("ended", "funded", "selected", "application"):
        if phrases.says(f"status.{status}", page.text, low, high):
            draft.status = page.stated(status, low, high)
            return


def _read_acronym(page: Page, draft: Draft, block: Block) -> None:
    low, high = page.outline.value(block)
    draft.acronym = page.stated(page.text[low:high], low, high)


Reader = Callable[[Page, Draft, Block], None]
_FIELDS: dict[str, Reader] = {
    "project.name": _read_name, "project.code": _read_code, "project.group_code": _read_code, "project.acronym": _read_acronym,
    "project.period": _read_period, "project.start": _read_end, "project.end": _read_end, "project.status": _read_status,
    "money.cost": _read_money, "money.granted": _read_money, "money.applied": _read_money, "money.realised": _read_money,
    "money.funding": _read_funding, "body.authority": _read_authority, "body.lead": _read_bodies, "body.applicant": _read_bodies,
    "body.implementers": _read_bodies, "body.partner": _read_bodies, "body.business_id": _read_business_id,
    "theme.name": _read_theme, "code.objective": _read_objective,
}  # fmt: skip


# tables


def _from_rows(page: Page) -> Iterator[Draft]:
    for number, block in enumerate(page.blocks):
        if block.kind != "row" or block.label == "header" or not _is_project_table(block.columns):
            continue
        draft = _loose_row(page, block) if block.loose else _row(page, block)
        if draft is not None:
            draft.block = number
            yield draft


def _is_project_table(columns: tuple[str | None, ...]) -> bool:
    held = set(columns)
    if held & CALLS or "theme.name" in held:
        return False
    return "project.name" in held or ("project.code" in held and bool(held & {"body.applicant", "body.lead", "body.implementers"}))


def _row(page: Page, block: Block) -> Draft | None:
    draft = Draft()
    for concept, (low, high) in zip(block.columns, block.values, strict=False):
        if concept is None or low >= high:
            continue
        cell = Block("field", low, high, concept, ((low, high),))
        _take_field(page, draft, cell)
    if draft.name is None or not any(c.isalpha() for c in page.words(draft.name)) or _is_total(page.words(draft.name)):
        return None
    return draft if (draft.bodies or draft.sums or draft.code or draft.start) else None


def _is_total(words: str) -> bool:
    return bool(re.match(r"(?:yhteensä|kaikki yhteensä|summa|totalt|sammanlagt|summa|total|in total)\b", words.strip(), re.IGNORECASE))


def _loose_row(page: Page, block: Block) -> Draft | None:
    """A row whose cells are joined by blanks: dates, codes and sums say where its words end, the names divide the words."""
    draft, low, high = Draft(), block.start, block.end
    words = page.text[low:high]
    if _is_total(words):
        return None
    code = next(iter(codes(words, applications=True)), None)
    if code and code.start == 0 and "project.code" in block.columns:
        draft.code = page.stated(code.value, low, low + code.end)
        low += code.end
    money = [c for c in block.columns if c in PHASES or c == "money.other"]
    tail = _trailing_sums(page.text, low, high, len(money))
    if len(tail) == len(money):
        for concept, one in zip(money, tail, strict=True):
            if concept in PHASES:
                draft.sums.append((PHASES[concept], one))
        high = tail[0].start if tail else high
    period = next(iter(periods(page.text[low:high])), None)
    if period and "project.period" in block.columns:
        _take_period(page, draft, low, high)
        high = low + period.span[0]
    _divide(page, draft, low, high, block.columns)
    return draft if draft.name else None


_GROUPS = re.compile(r"(?<![\w.,/–-])\d{1,3}(?:[ \u00a0\u202f]\d{3})*(?:,\d{1,2})?(?:[ \u00a0\u202f]+\d{1,3}(?:[ \u00a0\u202f]\d{3})*(?:,\d{1,2})?|[ ]?€)*\s*$")


def _trailing_sums(text: str, low: int, high: int, count: int) -> list[Sum]:
    """The last ``count`` amounts of a row whose cells are joined by blanks.

    ``412 000 329 600`` can be one number or two: of the ways to divide the groups of digits into ``count`` numbers the one
    with the most equal numbers is taken.
    """
    tail = _GROUPS.search(text, low, high)
    if tail is None or not count:
        return []
    groups = [match.span() for match in re.finditer(r"\d+(?:,\d+)?", text[: tail.end()][tail.start() :])]
    groups = [(tail.start() + start, tail.start() + end) for start, end in groups]
    best: tuple[float, list[tuple[int, int]]] | None = None
    for first in range(len(groups)):
        for cuts in combinations(range(first + 1, len(groups)), count - 1):
            bounds = [first, *cuts, len(groups)]
            spans = [groups[a:b] for a, b in pairwise(bounds)]
            if not all(_one_number(text, span) for span in spans):
                continue
            values = [float(_value(text, span[0][0], span[-1][1])) + 1 for span in spans]
            worth = max(values) / min(values) + 10.0 * first
            if best is None or worth < best[0]:
                best = (worth, [(span[0][0], span[-1][1]) for span in spans])
    if best is None:
        return []
    return [
        Sum(Amount(_value(text, start, end), Decimal(1), text[start:end], 0, end - start), None, start, end) for start, end in best[1]
    ]


def _one_number(text: str, groups: list[tuple[int, int]]) -> bool:
    words = [text[start:end] for start, end in groups]
    return all(re.fullmatch(r"\d{3}(?:,\d+)?", word) for word in words[1:]) and (words[0][0] != "0" or len(words) == 1)


def _value(text: str, start: int, end: int) -> Decimal:
    return Decimal(re.sub(r"[^\d,]", "", text[start:end]).replace(",", "."))


def _divide(page: Page, draft: Draft, low: int, high: int, columns: tuple[str | None, ...]) -> None:
    """Divide a row's words into the project's name and its organisations, whichever stands first."""
    words = page.text[low:high]
    named = columns.index("project.name") if "project.name" in columns else 0
    body = next((n for n, c in enumerate(columns) if c in ("body.applicant", "body.lead", "body.implementers")), None)
    if body is None or body < named:
        draft.name = _trimmed(page.text, low, high)
        return
    cut = _body_begins(words)
    if cut:
        draft.name = _trimmed(page.text, low, low + cut)
        for one in bodies.organisations(page.text, low + cut, high):
            _add_body(draft, one)
        return
    pieces = organisations_at_end(words)
    if pieces and pieces[0].start > 3:
        draft.name = _trimmed(page.text, low, low + pieces[0].start)
        for piece in pieces:
            _add_body(draft, bodies.Body(piece.name, low + piece.start, low + piece.end))
    else:
        draft.name = _trimmed(page.text, low, high)


def _body_begins(words: str) -> int | None:
    """Where the organisation begins that ends some words: one the registry knows, else a capital behind a low word."""
    cuts = [m.end() for m in re.finditer(r"\s+(?=[A-ZÅÄÖ])", words) if words[: m.end()].strip()]
    known = [cut for cut in cuts if Registry.load().organisation(words[cut:].strip())]
    if known:
        return known[0]
    likely = [cut for cut in cuts if bodies.is_organisation(words[cut:].strip())]
    low = [cut for cut in likely if not words[:cut].split()[-1][0].isupper()]
    return low[-1] if low else (likely[0] if likely else None)


def _trimmed(text: str, low: int, high: int) -> Bounds | None:
    while low < high and text[low] in " \n,;:•–-\"”“'":
        low += 1
    while high > low and text[high - 1] in " \n,;:–-\"”“'":
        high -= 1
    return (low, high) if high - low > 2 else None


# lists


def _from_lists(page: Page) -> Iterator[Draft]:
    """Items and lines that name a project with its organisations or money, where what stands above speaks of projects."""
    for number, block in enumerate(page.blocks):
        if block.kind not in ("item", "line") or number in page.menu or page.related(number) or block.end - block.start > 260:
            continue
        words = page.words(block)
        if re.search(r"[.!?]$", words) and not re.search(r"\b(?:ry|oy|milj|r\.y)\.$", words, re.IGNORECASE):
            continue
        if block.kind == "line" and not (codes(words) or _has_sum(page, block)) and not _coordination_line(words):
            continue
        lead = page.before(number)
        if not (phrases.says("noun.project", lead) or any(phrases.says(f"status.{s}", lead) for s in ("funded", "selected", "application")) or _coordination_line(words)):
            continue
        draft = _listed(page, block, number)
        if draft is not None:
            yield draft


def _coordination_line(words: str) -> bool:
    return bool(re.match(r"(?:koordinaatiohanke|samordningsprojektet|coordination project)\s+[A-ZÅÄÖ]", words, re.IGNORECASE)) and len(words) < 120


def _has_sum(page: Page, block: Block) -> bool:
    return any(True for _ in sums(page.text, block.start, block.end))


def _listed(page: Page, block: Block, number: int) -> Draft | None:
    draft, low, high = Draft(block=number), block.start, block.end
    if phrases.says("noun.call", page.words(block)) or mentions.themes(page.text, low, high) or re.search(r"@|\(at\)|puh\.|tfn", page.words(block)):
        return None
    code = next(iter(codes(page.text[low:high])), None)
    if code:
        draft.code = page.stated(code.value, low + code.start, low + code.end)
        if code.start == 0:
            low += code.end
        else:
            high = low + code.start
    for number_of, one in enumerate(list(sums(page.text, block.start, block.end))):
        phase = _CUES.get(one.cue or "") or (_phase_above(page, number) if not number_of else None)
        if phase and one.cue not in ("share", "minimum"):
            draft.sums.append((phase, one))
        high = min(high, one.start)
    period = next(iter(periods(page.text[block.start : block.end])), None) or _year_span(page.words(block))
    if period:
        _take_period(page, draft, block.start, block.end)
        high = min(high, block.start + period.span[0])
    _name_and_bodies(page, draft, low, high)
    if draft.name is None or (not draft.bodies and not draft.code and not (draft.sums and draft.start)):
        return None
    name = page.words(draft.name)
    return draft if name[0].isupper() or name[0].isdigit() else None


def _phase_above(page: Page, number: int) -> str | None:
    """What the sums of a list are, by what stands above it: the nearest words win."""
    lead = page.before(number)
    found = [(cue.end, phase) for phase in ("applied", "granted", "cost") for cue in phrases.find(f"money.{phase}", lead)]
    found += [(cue.end, "granted") for cue in phrases.find("status.funded", lead)]
    if not found:
        return None
    end, phase = max(found)
    if phase == "granted" and any(0 <= end - at < 30 for at, other in found if other == "applied"):
        return "applied"
    return _CUES[phase]


_IN_BRACKETS = re.compile(r"\s*\((?P<list>[^()]{3,300})\)\s*[,;:.]?\s*$")


def _name_and_bodies(page: Page, draft: Draft, low: int, high: int) -> None:
    while high > low and page.text[high - 1] in " \n,;:(–-":
        high -= 1
    words = page.text[low:high]
    lead = re.match(r"(?:koordinaatiohanke|samordningsprojektet|coordination project|hanke|projektet)\s+(?=[A-ZÅÄÖ\"”])", words, re.IGNORECASE)
    if lead:
        if phrases.says("noun.coordination", lead.group()):
            draft.coordination = Stated(True, page.origin(low, low + lead.end()))
        low, words = low + lead.end(), words[lead.end() :]
    bracket = _IN_BRACKETS.search(words)
    if bracket and any(bodies.is_organisation(b.name) for b in bodies.organisations(words, *bracket.span("list"))):
        for one in bodies.organisations(page.text, low + bracket.start("list"), low + bracket.end("list")):
            _add_body(draft, one)
        high, words = low + bracket.start(), words[: bracket.start()]
    colon = re.match(r"(?P<body>[^:]{3,120}):\s+(?P<name>\S.*)$", words, re.DOTALL)
    if colon and bodies.is_organisation(colon["body"]):
        for one in bodies.organisations(page.text, low, low + colon.end("body")):
            _add_body(draft, one)
        draft.name = _trimmed(page.text, low + colon.start("name"), high)
        return
    for cut in re.finditer(r",\s+|\s+[–—-]\s+|:\s+", words):
        rest = words[cut.end() :]
        named = list(bodies.organisations(page.text, low + cut.end(), high))
        if named and all(bodies.is_organisation(one.name) for one in named) and rest:
            draft.name = _trimmed(page.text, low, low + cut.start())
            for one in named:
                _add_body(draft, one)
            return
    draft.name = _trimmed(page.text, low, high) if len(words) < 140 else None


def _from_cards(page: Page) -> Iterator[Draft]:
    """A project a few lines: its name, its organisations, then money or dates, a line each."""
    blocks = page.blocks
    for number in range(1, len(blocks) - 1):
        block = blocks[number]
        if block.kind not in ("line", "item") or page.related(number) or number in page.menu:
            continue
        above, below = blocks[number - 1], blocks[number + 1]
        named = list(bodies.organisations(page.text, block.start, block.end))
        if not named or not all(bodies.is_organisation(one.name) for one in named) or above.kind in ("field", "row"):
            continue
        name = _name_above(page, number)
        dated = [b for b in (below, *blocks[number + 2 : number + 3]) if b.kind == "line" and (_year_span(page.words(b)) or periods(page.words(b)))]
        money = below.kind == "line" and below.end - below.start < 40 and bool(re.match(r"[\d ,.]+\S*\s?(?:milj|€|euro|kronor|kr|EUR)", page.words(below)))
        if name is None or not (dated or money) or bodies.is_organisation(page.words(name)):
            continue
        draft = Draft(name, number)
        for one in named:
            _add_body(draft, one)
        if dated:
            _take_period(page, draft, dated[0].start, dated[0].end)
        if money:
            phase = _phase_above(page, number) or "granted"
            draft.sums += [(phase, one) for one in list(sums(page.text, below.start, below.end))[:1]]
        yield draft


# sentences

_QUOTED = re.compile(r"[\"”“»](?P<name>[A-ZÅÄÖ0-9][^\"”“»\n]{2,120})[\"”“»]\s*-?\s*(?=hanke|hankke|projekt|koordinaatio)", re.IGNORECASE)
_SUFFIXED = re.compile(r"(?P<name>[A-ZÅÄÖ][^.!?:;()\"”“\n]{1,110}?)\s-(?:koordinaatio)?(?:hanke|hankke\w*|hanketta|projekti\w*|ryhmähank\w*)(?!\w)")
_GLUED = re.compile(r"(?<![\w-])(?P<name>[A-ZÅÄÖ][\w+]{2,30})-(?:hanke|hankke\w*|hanketta|projekti\w*)(?!\w)")
_CODED = re.compile(r"(?P<name>[A-ZÅÄÖ][^.!?:;()\"”“\n]{2,110}?)\s+\((?:hanke(?:koodi|numero)?:?\s*)?(?P<code>[A-Z]\d{5})\)")
_NAMED = re.compile(r"(?:[Hh]anke(?:tta|en)?|[Pp]rojekte?[tn]?|[Pp]rojekti|[Pp]roject)\s+[\"”“»](?P<name>[A-ZÅÄÖ0-9][^\"”“»\n]{2,120})[\"”“»]")
_BARE = re.compile(r"(?:[Pp]rojektet|[Tt]he\s+project)\s+(?P<name>[A-ZÅÄÖ][\w-]+(?:\s+[a-zåäö][\w-]+)?)(?=\s[^.]{0,200}\.\s[^\n]{0,200}\([A-Z]\d{5}\))")
_COORDINATION = re.compile(r"(?P<name>[A-ZÅÄÖ][^.!?:;()\"”“\n]{2,80}?\s-koordinaatio)(?=n?\b)")


def _from_sentences(page: Page, known: list[Draft]) -> list[Draft]:
    """Projects that only running text names, in quotes, before ``-hanke`` or before a code in brackets."""
    names = {_folded(page.words(d.name)) for d in known if d.name}
    described = len(known) == 1 and len(known[0].fields) >= 3
    found: dict[str, Draft] = {}
    for number, block in enumerate(page.blocks):
        if block.kind not in ("line", "item", "heading") or number in page.menu or page.related(number):
            continue
        current: Draft | None = None
        for start, end in page.sentences(block):
            named = list(_names_in(page.text, start, end))
            if not named and current is not None and phrases.says("noun.project", page.text, start, end):
                _enrich(page, current, start, end, block, number)
            for low, high in named:
                key = _folded(page.text[low:high])
                whole = next((one for one in names if key and (one == key or one.startswith(key) or key in one)), None)
                if whole or len(key) < 3 or described:
                    current = next((d for d in known if d.name and _folded(page.words(d.name)) == whole), None)
                else:
                    current = found.setdefault(key, Draft((low, high), number, sure=False))
                _enrich(page, current, start, end, block, number)
    single = [d for d in [*known, *found.values()] if d.name]
    if len(single) == 1:
        _enrich_from_page(page, single[0])
    return [d for d in found.values() if d.bodies or d.sums or d.start or d.code or d.theme or d.coordination]


def _folded(words: str) -> str:
    return re.sub(r"[^\w]+", "", words.casefold())


def _names_in(text: str, start: int, end: int) -> Iterator[Bounds]:
    for pattern in (_QUOTED, _NAMED, _BARE, _CODED, _SUFFIXED, _COORDINATION, _GLUED):
        for match in pattern.finditer(text, start, end):
            low, high = match.span("name")
            if pattern in (_SUFFIXED, _CODED, _COORDINATION):
                low = _first_of_name(text, low, high)
            words = text[low:high]
            if _may_be_name(words):
                yield low, high


def _first_of_name(text: str, low: int, high: int) -> int:
    """Where a name begins in the words before its noun: at the last capital that no dash joins to an earlier one."""
    capitals = [low + m.start() for m in re.finditer(r"(?<![\w-])[A-ZÅÄÖ0-9]", text[low:high])]
    best = capitals[-1] if capitals else low
    while True:
        joined = re.search(r"(?:[A-ZÅÄÖ]\w*\s)?[A-ZÅÄÖ][\w+]*\s+[–—-]\s+$|[A-ZÅÄÖ][\w+-]*\s+$", text[low:best])
        if joined is None or (joined.group().rstrip()[-1] not in "–—-" and not _same_name(text[low + joined.start() : best])):
            return best
        best = low + joined.start()


def _same_name(words: str) -> bool:
    """Two capitalised words in a row belong together, unless the first is a genitive or begins the sentence as a noun."""
    return not re.search(r"(?:n|lla|ssa|lle|ltä|lta|ssä|llä|een)\s*$", words)


def _may_be_name(words: str) -> bool:
    bare = words.strip()
    return len(bare) > 2 and not phrases.says("noun.theme", bare) and not phrases.says("noun.project", bare) and not re.match(r"(?:ESR|EAKR|JTF|EU|ESF|ERUF|Tämä|Uusi|Hank|Valtakunnalli|Rakennerahasto|Kehittämis|Koordinaatio)\S*$", bare) and bare.count(" ") < 14


def _enrich(page: Page, draft: Draft | None, start: int, end: int, block: Block, number: int) -> None:
    """Add what the sentence of a project says of it: code, dates, money, organisations with a role."""
    if draft is None:
        return
    code = next((c for c in codes(page.text[start:end]) if c.kind == "project"), None)
    if draft.code is None and code and draft.name:
        draft.code = page.stated(code.value, start + code.start, start + code.end)
    for one in sums(page.text, start, end):
        phase = _CUES.get(one.cue or "")
        if phase and phase not in {p for p, _ in draft.sums}:
            draft.sums.append((phase, one))
    if draft.start is None and not phrases.says("noun.call", page.text, start, end):
        for period in mentions.times(page.text, start, end):
            if not period.single and f"{period.opens}-{period.closes}" != page.period:
                _take_period(page, draft, period.start, period.end)
                break
    _roles_of_sentence(page, draft, start, end)
    theme = mentions.themes(page.text, start, end)
    if draft.theme is None and theme:
        draft.theme = theme[0]


_ROLE = re.compile(
    r"(?:(?P<lead>päätoteuttaja\w*|koordinaattori\w*|projektägare|huvudgenomförare|main implementer|lead partner|koordinoi|hallinnoi|johtaa)|(?P<partner>osatoteuttaj\w*|delgenomförare|co-implementers?|partners?))"
    r"(?:[ \n]+(?-i:[a-zåäö]\S*)){0,3}?[ \n]*:?[ \n]*(?=(?-i:[A-ZÅÄÖ]))",
    re.IGNORECASE,
)


def _roles_of_sentence(page: Page, draft: Draft, start: int, end: int) -> None:
    """``Hankkeen päätoteuttajana on Suomen Setlementtiliitto ry ja osatoteuttajana Diakonissalaitos.``"""
    marks = list(_ROLE.finditer(page.text, start, end))
    for number, mark in enumerate(marks):
        limit = marks[number + 1].start() if number + 1 < len(marks) else end
        role: bodies.Role = "lead" if mark["lead"] else "partner"
        words = page.text[mark.end() : limit]
        stop = re.search(r"\s(?:ja|och|and|sekä)\s*$|[.]\s*$|,?\s+(?:joka|jotka|som|which)\s", words)
        high = mark.end() + (stop.start() if stop else len(words))
        for body in bodies.organisations(page.text, mark.end(), high, role=role):
            if bodies.is_organisation(body.name) or (body.name[:1].isupper() and body.name.count(" ") < 4 and body.name[0].isalpha()):
                _add_body(draft, body)


def _enrich_from_page(page: Page, draft: Draft) -> None:
    """A page of one project: what its sentences say without naming it is said of it."""
    for number, block in enumerate(page.blocks):
        if block.kind not in ("line", "item") or number in page.menu or page.related(number):
            continue
        for start, end in page.sentences(block):
            about = phrases.says("noun.project", page.text, start, end) or phrases.says("noun.coordination", page.text, start, end)
            if about or _ROLE.search(page.text, start, end):
                _roles_of_sentence(page, draft, start, end)
            if about and not phrases.says("noun.call", page.text, start, end):
                _started(page, draft, start, end)
    named = page.themes
    if draft.theme is None and len({one.value.casefold() for one in named}) == 1:
        draft.theme = named[0]


_STARTED = re.compile(r"(?:käynnisty\w+|alkoi|alkaa|alkanut|starta\w+|inled\w+|började|börjar|started|began|launched)", re.IGNORECASE)
_ENDED = re.compile(r"(?:päätty\w+|loppuu|avsluta\w+|slutade|ended|ends)", re.IGNORECASE)


def _started(page: Page, draft: Draft, start: int, end: int) -> None:
    """The day a sentence says the project began or ended."""
    for one in mentions.times(page.text, start, end):
        near = page.text[max(start, one.start - 40) : min(end, one.end + 25)]
        if not one.single or phrases.says("event", near) or len(one.opens or "") < 7:
            continue
        if draft.start is None and draft.end is None and _STARTED.search(near):
            draft.start = page.stated(one.opens or "", one.start, one.end)
        elif draft.end is None and _ENDED.search(near):
            draft.end = page.stated(one.opens or "", one.start, one.end)


# what other blocks say


def _coordination(page: Page, drafts: Iterable[Draft]) -> None:
    """Mark the coordination projects: their name or the sentence and title beside it says so."""
    named = [draft for draft in drafts if draft.name]
    for draft in named:
        if draft.coordination or draft.name is None:
            continue
        low, high = draft.name
        around = (low, min(len(page.text), high + 60))
        cue = next(iter(phrases.find("noun.coordination", page.text, *around)), None)
        if cue is None and len(named) == 1:
            cue = next(iter(phrases.find("noun.coordination", page.text, 0, min(len(page.text), 1500))), None)
        if cue:
            draft.coordination = Stated(True, page.origin(cue.start, cue.end))


_GROUP = re.compile(r"(?P<list>[A-Z]\d{5}(?:(?:,\s*|\s+(?:ja|och|and|sekä)\s+)[A-Z]\d{5})+)[^.]{0,80}?(?P<group>R-\d{5})")


def _group_codes(page: Page, drafts: Iterable[Draft]) -> None:
    """``S30751 ja S30752 muodostavat ryhmähankkeen R-00874.``"""
    held = list(drafts)
    for match in _GROUP.finditer(page.text):
        members = set(re.findall(r"[A-Z]\d{5}", match["list"]))
        for draft in held:
            if draft.code and draft.code.value in members:
                draft.group_code = page.stated(match["group"], *match.span("group"))


# records


def _records(page: Page, draft: Draft) -> Iterator[Record]:
    assert draft.name is not None
    name, span = _clean_name(page, draft)
    fund = draft.fund or page.fund(draft.block)
    key = draft.code.value if draft.code else name
    theme = draft.theme or _theme_of_section(page, draft)
    authority = draft.authority or _authority_above(page, draft)
    yield Project(
        key=key,
        name=Stated(Text(name, page.language), page.origin(*span)),
        theme=theme.value if theme else None,
        acronym=draft.acronym,
        project_code=draft.code,
        group_code=draft.group_code,
        coordination=draft.coordination,
        start=draft.start,
        end=draft.end,
        status=draft.status or _status_above(page, draft),
        programme=None,
        fund=page.state(fund) if fund else None,
        objectives=tuple(Stated(Objective(one.value), page.origin(one.start, one.end)) for one in draft.objectives),
        authority=authority,
    )
    yield from _participations(page, draft, key)
    for phase, one in draft.sums:
        yield Money(
            about=About("project", key),
            phase=phase,
            amount=one.amount.value,
            as_stated=one.amount.words,
            precision=one.amount.precision,
            origin=page.origin(one.start, one.end),
            date=page.reference_date,
            approximate=one.amount.approximate,
            maximum=one.amount.maximum,
        )


def _participations(page: Page, draft: Draft, key: str) -> Iterator[Participation]:
    partners = any(one.role == "partner" for one in draft.bodies)
    applicant = draft.fields.get("body.applicant")
    for body in draft.bodies:
        role = body.role
        if role is None and partners and applicant and applicant.start <= body.start < applicant.end:
            role = "lead"
        origin = page.origin(body.start, body.end)
        yield Participation(
            project=key,
            organisation=Stated(body.name, origin),
            role=Stated(role, origin) if role else None,
            business_id=page.stated(body.business_id, *body.id_span) if body.business_id and body.id_span else None,
        )


_ACRONYM_BEHIND = re.compile(r"\s*\((?P<acronym>[A-ZÅÄÖ][\w+&-]{1,19})\)\s*$")
_ACRONYM_BEFORE = re.compile(r"(?P<acronym>[A-ZÅÄÖ][A-ZÅÄÖa-z0-9+]*[A-ZÅÄÖ0-9][A-ZÅÄÖa-z0-9+]*)\s+[–—-]\s+\S")
_FUND_BEHIND = re.compile(r"\s*[,(]?\s*(?:ESR|ESF|EAKR|JTF|ERDF)\+?\)?\s*(?P<years>(?:19|20)\d\d\s?[–-]\s?(?:19|20)\d\d)?\s*$")


def _clean_name(page: Page, draft: Draft) -> tuple[str, Bounds]:
    """The name without the acronym, fund or noun behind it, and the span of what is left."""
    assert draft.name is not None
    low, high = draft.name
    words = page.text[low:high]
    acronym = _ACRONYM_BEHIND.search(words)
    if acronym and any(c.isupper() for c in acronym["acronym"][1:]):
        if draft.acronym is None:
            draft.acronym = page.stated(acronym["acronym"], low + acronym.start("acronym"), low + acronym.end("acronym"))
        words = words[: acronym.start()]
    elif draft.acronym is None and (before := _ACRONYM_BEFORE.match(words)) and len(before["acronym"]) > 2:
        draft.acronym = page.stated(before["acronym"], low, low + before.end("acronym"))
    words = _FUND_BEHIND.sub("", words)
    words = re.sub(r"\s+-(?:hanke|projekti)$|^(?:Hanke|Projekti|Projekt|Project):\s+", "", words)
    words = words.strip(" \"”“,;:–-")
    start = page.text.find(words, low, high)
    return " ".join(words.split()), (start, start + len(words)) if start >= 0 else (low, high)


def _theme_of_section(page: Page, draft: Draft) -> Mention | None:
    """The theme that a project's section or the page's head names."""
    low, high = page.section(draft.block)
    near = mentions.themes(page.text, low, high)
    if len({one.value.casefold() for one in near}) == 1:
        return near[0]
    head = page.blocks[min(len(page.blocks) - 1, 8)].end
    top = [one for one in page.themes if one.start < head]
    return top[0] if top and len({one.value.casefold() for one in page.themes}) == 1 else None


def _authority_above(page: Page, draft: Draft) -> Stated[str] | None:
    """The authority that a list's heading or the sentence of a single project names as the one that funds."""
    low = page.section(draft.block)[0]
    found = mentions.authorities(page.text, low, page.blocks[draft.block].end)
    if not found and draft.block:
        found = mentions.authorities(page.text, 0, min(300, page.blocks[draft.block].start))
    return page.stated(found[-1].name, found[-1].start, found[-1].end) if len({b.name for b in found}) == 1 else None


def _status_above(page: Page, draft: Draft) -> Stated[str] | None:
    """The status that a project's own sums, or the heading of its list, say."""
    for phase, one in draft.sums:
        if phase == "granted":
            return page.stated("funded", one.start, one.end)
    low = page.section(draft.block)[0]
    high = page.blocks[draft.block].start
    if low < high:
        for status in ("ended", "application", "selected", "funded"):
            cue = next(iter(phrases.find(f"status.{status}", page.text, low, high)), None)
            if cue:
                return page.stated(status, cue.start, cue.end)
    return None
