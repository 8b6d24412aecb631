"""Projects in tables, lists and cards of a few lines."""

import re
from collections.abc import Iterator
from dataclasses import replace

from loaders import mentions, phrases
from loaders.blocks import Block, Bounds
from loaders.names.parts import organisations_at_end
from loaders.reading import bodies, persons
from loaders.reading.named_bodies import bodies_of, groups, owners_of
from loaders.reading.page import Page
from loaders.reading.project_drafts import PHASE_OF_CUE, Draft, add_bodies, headings_above, phase_above, take_period
from loaders.reading.project_fields import CALLS, EVIDENCE
from loaders.reading.project_names import behind_noun
from loaders.reading.project_values import take_field
from loaders.reading.segments import is_parted, take_owner, take_segments
from loaders.reading.sums import holds_sum, sums
from loaders.reading.theme_names import BRACKET
from loaders.records import Stated
from loaders.text import trimmed
from loaders.values.dates import dates, periods
from loaders.values.marks import codes, emails, phones

_LINE = 120


def from_rows(page: Page) -> Iterator[Draft]:
    """Read the projects of tables, ruled or with cells joined by blanks."""
    for number, block in enumerate(page.blocks):
        if block.kind != "row" or block.label == "header" or not _is_project_table(block.columns):
            continue
        draft = _row(page, block)
        if draft is not None:
            draft.block = number
            yield draft


def add_partners(page: Page, draft: Draft) -> None:
    """Read the table of a project's partners (``Osapuoli | Rooli | Budjetti``); what each has to spend is left alone."""
    for block in page.blocks:
        own = next((c for c in block.columns if c in _PARTNER_COLUMNS), None)
        if block.kind != "row" or block.label == "header" or own is None or not block.values:
            continue
        cells = dict(zip(block.columns, block.values, strict=False))
        low, high = cells[own]
        said = cells.get("body.own_role")
        role = _PARTNER_COLUMNS[own] or (bodies.role_of(page.words(said)) if said else None)
        if not _is_total(page.text[low:high]):
            _add_bodies(page, draft, low, high, role)


_PARTNER_COLUMNS: dict[str | None, bodies.Role | None] = {
    "body.lead": "lead",
    "body.partner": "partner",
    "body.implementers": None,
    "body.applicant": None,
}


def _is_project_table(columns: tuple[str | None, ...]) -> bool:
    held = set(columns)
    if held & CALLS or "theme.name" in held:
        return False
    return "project.name" in held or ("project.code" in held and bool(held & EVIDENCE - {"project.code"}))


def _row(page: Page, block: Block) -> Draft | None:
    draft = Draft()
    for concept, (low, high) in zip(block.columns, block.values, strict=False):
        if concept is None or low >= high:
            continue
        cell = Block("field", low, high, concept, ((low, high),))
        take_field(page, draft, cell)
    if draft.name is None:  # more of a project that the text names beside this code
        return draft if draft.code and page.text.count(draft.code.value) > 1 else None
    if not any(c.isalpha() for c in page.words(draft.name)) or _is_total(page.words(draft.name)):
        return None
    return draft if (draft.bodies or draft.sums or draft.code or draft.start) else None


def _is_total(words: str) -> bool:
    return phrases.pattern("cues", "row.total").match(words.strip()) is not None


def _trimmed(text: str, low: int, high: int) -> Bounds | None:
    low, high = trimmed(text, low, high, " \n,;:•–-\"”“'", " \n,;:–-\"”“'")
    return (low, high) if high - low > 2 else None


# lists


def from_lists(page: Page) -> Iterator[Draft]:
    """Items and lines that name a project with its organisations or money, where what stands above speaks of projects.

    Below headings of another kind (a theme, an authority, an implementer) the page's other headings may say so, of an item
    that has organisations beside its money or code.
    """
    for number, block in enumerate(page.blocks):
        if (
            block.kind not in ("item", "line", "heading")
            or number in page.menu
            or page.related(number)
            or block.end - block.start > 260
        ):
            continue
        words = page.words(block)
        label = phrases.label_at_start(words)
        if label and label[0].startswith("person."):
            continue
        stop = re.search(r"[.!?]$", words) and not (
            re.search(r"\b(?:ry|oy|milj|r\.y)\.$", words, re.IGNORECASE) and len(list(page.sentences(block))) == 1
        )
        if stop and not _ends_list(page, number) and not is_parted(page, block):
            continue
        near = _is_marked(page, number) and (_announces(page.before(number)) or _coordination_line(words))
        if not near and not _may_be_whole(page, number):
            continue
        draft = _listed(page, block, number)
        if draft is not None and (near or _is_whole(draft)) and not _heads_card(page, number):
            _take_below(page, draft, number)
            yield draft


def _is_marked(page: Page, number: int) -> bool:
    """Tell whether a block looks like one of a list: an item, a line among others, or one with a sum or code."""
    block = page.blocks[number]
    words = page.words(block)
    marked = codes(words) or holds_sum(page.text, block.start, block.end) or _coordination_line(words)
    return block.kind == "item" or (block.kind == "line" and (bool(marked) or _in_run(page, number)))


def _may_be_whole(page: Page, number: int) -> bool:
    """Tell whether a block with a sum, code or period stands on a page whose headings speak of projects."""
    block = page.blocks[number]
    words = page.words(block)
    if not (codes(words) or periods(words) or holds_sum(page.text, block.start, block.end)):
        return False
    above = headings_above(page, number)
    return _announces(above) or phrases.says("trace.project", above)


def _announces(lead: str) -> bool:
    """Tell whether words above a list say that it holds projects."""
    concepts = ("noun.project", "heading.projects", "status.funded", "status.selected", "status.application")
    return any(phrases.says(one, lead) for one in concepts)


def _is_whole(draft: Draft) -> bool:
    """Tell whether an item holds organisations beside the money, days or code of its project."""
    return bool(draft.bodies) and bool(draft.sums or draft.start or draft.code or draft.group_code)


def _ends_list(page: Page, number: int) -> bool:
    """Tell whether the stop behind an item ends no sentence but a sum, or the whole list, as the item above has none."""
    own, above = page.blocks[number], page.blocks[number - 1]
    last = max((one.end for one in sums(page.text, own.start, own.end)), default=0)
    return own.kind == "item" and (
        last >= own.end - 1 or (above.kind == "item" and page.text[above.end - 1] not in ".!?")
    )


def _take_below(page: Page, draft: Draft, number: int) -> None:
    """The fields right below a listed project."""
    for below in page.blocks[number + 1 : number + 5]:
        if below.gap or below.kind != "field" or below.label not in EVIDENCE:
            return
        take_field(page, draft, below)


def _heads_card(page: Page, number: int) -> bool:
    """Tell whether an address or number stands right below a line: it names a person."""
    below = page.words(page.blocks[number + 1]) if number + 1 < len(page.blocks) else ""
    return len(below) < 80 and bool(emails(below) or phones(below))


def _in_run(page: Page, number: int) -> bool:
    """Tell whether a line stands in a list of lines: its neighbour above or below is a short line too, without a gap."""
    below = page.blocks[number + 1] if number + 1 < len(page.blocks) else None
    after = below is not None and below.kind == "line" and not below.gap and below.end - below.start < 260
    before = page.blocks[number - 1]
    return after or (not page.blocks[number].gap and before.kind == "line" and before.end - before.start < 260)


def _coordination_line(words: str) -> bool:
    first = phrases.pattern("lists", "coordination").match(words) if len(words) < _LINE else None
    return first is not None and re.match(r"\s+[A-ZÅÄÖ]", words[first.end() :]) is not None


def _listed(page: Page, block: Block, number: int) -> Draft | None:
    draft, low, high = Draft(block=number), block.start, block.end - page.words(block).endswith(").")
    if (
        phrases.says("noun.call", page.words(block))
        or page.themes_in(low, high)
        or ((bracket := BRACKET.search(page.words(block))) and mentions.ministries(bracket["words"]))
        or re.search(r"@|\(at\)|puh\.|tfn", page.words(block))
    ):
        return None
    code = next(iter(codes(page.text[low:high])), None)
    if code:
        stated = page.stated(code.value, low + code.start, low + code.end)
        draft.code, draft.group_code = (None, stated) if code.kind == "group" else (stated, None)
        if code.start == 0:
            low += code.end
        else:
            _bodies_behind(page, draft, low + code.end, high)
            high = low + code.start
    high = _figures(page, draft, number, high)
    label = _LABEL_BEHIND.search(page.text, low, high)
    if label and phrases.label(label["label"]):  # ``Luonto kuntouttaa / tuki 256 000 €``
        high = label.start()
    name_and_bodies(page, draft, low, high)
    coded = draft.code or draft.group_code
    take_owner(page, draft)
    if draft.sums or draft.start or coded or holds_sum(page.text, block.start, block.end):
        take_segments(page, draft, block)
        add_bodies(draft, [] if draft.bodies or not (draft.sums or coded) else _owners_above(page, number))
    funded = draft.sums or mentions.funds(page.text, block.start, block.end)
    told = draft.bodies or coded or (funded and draft.start) or _is_of_names(page, number)
    if draft.name is None or not told or phrases.pattern("cues", "name.programme").match(page.words(draft.name)):
        return None
    name = page.words(draft.name)
    if not coded and bodies.is_organisation(name):  # a line of organisations only
        return None
    return draft if name[0].isupper() or name[0].isdigit() else None


def _owners_above(page: Page, number: int) -> list[bodies.Body]:
    """The organisations that the line above a list names as those of all its projects."""
    for block in reversed(page.blocks[max(0, number - _LIST) : number]):
        alone = groups(page.text, block.start, block.end) if block.kind != "item" else []
        if [(one.start, one.end) for one in alone] == [(block.start, block.end)]:
            granting = mentions.authorities(page.text, block.start, block.end)
            return [] if granting else list(bodies_of(page.text, alone[0]))
        if block.kind == "heading" or (block.kind == "line" and (page.text[block.end - 1] == ":" or block.gap)):
            return owners_of(page, block.start, block.end)
    return []


_LIST = 30
"""At most so many items stand below the line that says whose projects they are."""


def _figures(page: Page, draft: Draft, number: int, high: int) -> int:
    """Take the sums and days of an item; where the words before the first of them end."""
    block = page.blocks[number]
    stated = sums(page.text, block.start, block.end)
    given = phrases.says("money.grants", page.text, 0, block.start) and not page.of_call
    whole = len(stated) == 1 and not phrases.says("money.share", page.words(block))  # a region in the name is no share
    for number_of, one in enumerate(stated):
        phase = PHASE_OF_CUE.get(one.cue or "") or (phase_above(page, number) if not number_of else None)
        phase = phase or ("granted" if given and whole and block.kind == "item" else None)
        if phase and (one.cue not in ("share", "minimum") or (whole and one.cue == "share")):
            draft.sums.append((phase, one))
        high = min(high, one.start)
    period = next(iter(periods(page.text[block.start : block.end])), None)
    if period:
        take_period(page, draft, block.start, block.end)
        high = min(high, block.start + period.span[0])
    return high


def _is_of_names(page: Page, number: int) -> bool:
    """Tell whether an item stands in a list of names alone, right below a line that heads projects chosen or funded."""
    near = [page.blocks[n] for n in (number - 1, number + 1) if 0 <= n < len(page.blocks)]
    line = page.before(number).rstrip(" \n•▪●➢*–-").rpartition("\n")[2]
    chosen = phrases.says("status.funded", line) or phrases.says("status.selected", line)
    return (
        page.blocks[number].kind == "item"
        and not dates(page.words(page.blocks[number]))
        and not phrases.says("noun.project", page.words(page.blocks[number]))
        and any(one.kind == "item" for one in near)
        and len(line) < _LINE
        and line[-1:] not in ".!?"
        and chosen
        and phrases.says("noun.project", line)
    )


_LABEL_BEHIND = re.compile(r"[\n,;:]\s*(?P<label>[a-zåäö][^\n,;:]{2,40}?)\s*$")


def _bodies_behind(page: Page, draft: Draft, low: int, high: int) -> None:
    """The organisations behind a project's code, where nothing else stands there: ``Name (S12345), A ja B``."""
    first = next(iter(sums(page.text, low, high)), None)
    low, high = trimmed(page.text, low, first.start if first else high, " ,;:)(–-")
    named = list(bodies.organisations(page.text, low, high))
    if named and all(bodies.is_organisation(one.name) for one in named):
        _add_bodies(page, draft, low, high)


_IN_BRACKETS = re.compile(r"(?:(?<!\s)\s+)?\((?P<list>[^()]{3,300})\)\s*(?:[,;:.]\s*)?$")
_BODY = re.compile(r"[A-ZÅÄÖ0-9](?:[^:]|:\S)*$")
"""How the name of a body in a list looks: it begins with a capital and holds no colon before a blank."""


def name_and_bodies(page: Page, draft: Draft, low: int, high: int) -> None:
    """Divide the words of a listed project: ``Name (A, B)``, ``A: Name`` or ``Name, A ja B``."""
    high = trimmed(page.text, low, high, " \n,;:(–-")[1]
    noun, low = low, behind_noun(page.text, low, high)
    if phrases.says("noun.coordination", page.text, noun, low):
        draft.coordination = Stated(True, page.origin(noun, low))
    words = page.text[low:high]
    bracket = _IN_BRACKETS.search(words)
    lead: bodies.Role | None = None
    if bracket:
        first, role = _role_before(words, *bracket.span("list"))
        if any(bodies.is_organisation(b.name) for b in bodies.organisations(words, first, bracket.end("list"))):
            _add_bodies(page, draft, low + first, low + bracket.end("list"), role)
            high, words = low + bracket.start(), words[: bracket.start()]
            lead = "lead" if role == "partner" else None
    colon = re.match(r"(?P<body>[^:]{3,120}):\s+(?P<name>\S.*)$", words, re.DOTALL)
    if colon and bodies.is_organisation(colon["body"]):
        _add_bodies(page, draft, low, low + colon.end("body"), lead)
        draft.name = _trimmed(page.text, low + colon.start("name"), high)
        return
    if behind := _behind_semicolon(page, low, high):
        draft.name = _trimmed(page.text, low, behind[0])
        add_bodies(draft, behind[1])
        return
    dashes = [match.span() for match in _DASH.finditer(words)]
    marks = [
        match.span()
        for mark in (r"\s/\s+(?=[A-ZÅÄÖ0-9])", r":\s+", r",\s+(?=[A-ZÅÄÖ])")
        for match in re.finditer(mark, words)
    ]
    early = [span for span in dashes if span < min(marks, default=span)]
    for number, (start, end) in enumerate([*early, *marks, *dashes]):
        named = list(bodies.organisations(page.text, low + end, high))
        coded = bool(draft.code or draft.group_code) and _ends_in_bodies(words[start:end], words[end:], named)
        whole = bool(named) and (
            coded or all(bodies.is_organisation(one.name) and _BODY.match(one.name) for one in named)
        )
        if number < len(early):
            lead_in = page.text[low + end : named[0].start].strip() if named else "-"
            parts = [part for one in named for part in one.name.split(", ")]
            whole = whole and (not lead_in or phrases.label(lead_in) is not None) and all(map(is_body, parts))
        if whole and (number >= len(early) or bodies.is_certain(named[0].name.split(", ")[0])):
            draft.name = _trimmed(page.text, low, low + start)
            _add_bodies(page, draft, low + end, high, lead)
            return
    draft.name = _trimmed(page.text, low, high) if len(words) < 140 else None


def _behind_semicolon(page: Page, low: int, high: int) -> tuple[int, list[bodies.Body]] | None:
    """Where a name ends and the bodies behind its semicolon: ``Name; A, muut toteuttajat B ja C``, where A then leads."""
    mark = page.text.find("; ", low, high)
    named = list(bodies.organisations(page.text, mark + 1, high)) if mark > 0 else []
    if not named or not bodies.is_organisation(named[0].name):
        return None
    parted = any(one.role == "partner" for one in named)
    if not parted and not all(bodies.is_organisation(one.name) for one in named):
        return None
    first = replace(named[0], role=named[0].role or ("lead" if parted else None))
    return mark, [first, *named[1:]]


def _ends_in_bodies(mark: str, rest: str, named: list[bodies.Body]) -> bool:
    """Tell whether the words behind a mark in a list with codes are organisations, also such as nobody knows."""
    ending = organisations_at_end(rest.strip())
    capitals = "," in mark and all(one.name[:1].isupper() for one in named)
    slash = "/" in mark and all(one.name[:1].isupper() for one in named)
    return slash or (not _DASH.search(mark) and bool(ending) and (capitals or len(ending) == len(named)))


_DASH = re.compile(r"\s+[–—-]\s+")


def is_body(words: str) -> bool:
    """Tell whether words name an organisation, begin with a capital and hold no dash that would part a title from it."""
    return bodies.is_organisation(words) and words[0].isupper() and not _DASH.search(words)


def _role_before(words: str, low: int, high: int) -> tuple[int, bodies.Role | None]:
    """Where the organisations of a bracket begin behind a word for their role, and the role."""
    roles: tuple[tuple[str, bodies.Role], ...] = (("role.partner", "partner"), ("role.lead", "lead"))
    for concept, role in roles:
        cue = next(iter(phrases.find(concept, words, low, high)), None)
        if cue and not words[low : cue.start].strip():
            return cue.end + len(words[cue.end : high]) - len(words[cue.end : high].lstrip(" :,")), role
    return low, None


def _add_bodies(page: Page, draft: Draft, low: int, high: int, role: bodies.Role | None = None) -> None:
    add_bodies(draft, bodies.organisations(page.text, low, high, role=role, refused=page.refuse_body))


def from_contacts(page: Page) -> Iterator[Draft]:
    """Coordination projects whose names head the cards of their people, or stand before a person behind a label."""
    for number, block in enumerate(page.blocks):
        if block.label == "contact.coordination" and block.values:
            low = block.values[0][0]
            words = page.text[low : block.values[-1][1]].partition(",")[0]
            if persons.is_project(words):
                span = (low, low + len(words))
                yield Draft(span, number, coordination=Stated(True, page.origin(*span)))
        elif _heads_cards(page, number):
            yield Draft((block.start, block.end), number)


def _heads_cards(page: Page, number: int) -> bool:
    """Tell whether a line is the name of a coordination project above a person."""
    block = page.blocks[number]
    below = page.blocks[number + 1] if number + 1 < len(page.blocks) else None
    if block.kind not in ("heading", "line") or below is None or number in page.menu or page.related(number):
        return False
    words = page.words(block)
    return (
        " " in words
        and len(words) < 120
        and words[-1] != "."
        and persons.is_project(words)
        and persons.understand(words).kind == "other"
        and phrases.says("noun.coordination", words)
        and below.kind == "line"
        and persons.understand(page.words(below).split(",")[0]).kind == "person"
    )
