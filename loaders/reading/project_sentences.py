"""Projects that running text names, and what sentences say of a project."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise

from loaders import mentions, phrases
from loaders.blocks import Block, Bounds
from loaders.names import Registry
from loaders.reading import bodies, persons
from loaders.reading.page import TITLE_END, Page
from loaders.reading.project_fields import CUES, Draft, add_bodies, add_body, take_field, take_period
from loaders.reading.project_names import (
    BESIDE,
    DOES,
    NOUNS,
    ROLES,
    folded,
    fund_behind,
    goes_on,
    heads_part,
    heads_prose,
    in_name,
    in_title,
    is_heading,
    names_in,
    stands_in_list,
    take_heading,
    window,
)
from loaders.reading.sums import Sum, is_support, sums
from loaders.records import Stated
from loaders.values.marks import codes

_ABOUT = ("noun.project", "noun.coordination", "project.joint_of", "noun.implementer")
"""What a sentence holds that is about a project."""


def from_sentences(page: Page, known: list[Draft], *, divided: bool = False, bare: bool = False) -> list[Draft]:
    """Projects that only running text names, in quotes, before ``-hanke`` or before a code in brackets.

    Something has to be said of them besides the name, unless ``bare``.
    """
    names = dict.fromkeys(folded(page.words(d.name)) for d in known if d.name)
    described = len(known) == 1 and len(known[0].fields) >= 3
    found: dict[str, Draft] = {}
    current: Draft | None = None
    head: int | None = None
    for number, block in enumerate(page.blocks):
        if not _runs(page, number, block):
            continue
        below_item = number > 0 and page.blocks[number - 1].kind == "item" and not block.gap
        continues = block.kind == "line" and not block.level and (below_item or goes_on(page, block, current))
        continues = continues or (head is not None and page.outline.sections[number] == head)
        current = current if continues else None
        for start, end in page.sentences(block):
            _carried(page, current, start, end)
            coordinating = _named_whole(page, start, end)
            named = list(names_in(page.text, start, end)) or heads_prose(page, number, start)
            named = [one for one in named if not BESIDE.match(page.text, one[1])]
            if coordinating and coordinating.name:
                named = [coordinating.name]
            if not named and current is not None and not _of_other(page, start, end):
                enrich(page, current, start, end)
            for low, high in named:
                key = folded(page.text[low:high])
                title = in_title(page, key)
                own = next((folded(page.words(d.name)) for d in known if d.name and d.name == title), None)
                whole = own or next((one for one in names if key and (one.startswith(key) or key in one)), None)
                if whole or len(key) < 3 or described:
                    current = next((d for d in known if d.name and folded(page.words(d.name)) == whole), None)
                else:
                    longer = key if key in found else next((one for one in found if _is_short(key, one)), key)
                    current = found.setdefault(longer, Draft(title or (low, high), number))
                    head = number if current.block == number and stands_in_list(page, current) else head
                    current.fund = current.fund or fund_behind(page, high)
                if coordinating and current:
                    _coordinates(current, coordinating)
                enrich(page, current, *window(page.text, (low, high), named, start, end), at=low)
    drafts = [*found.values()] if known or found else list(_titled(page))
    told = [d for d in drafts if _is_told(page, d)] or drafts
    single = [d for d in [*known, *told] if d.name]
    if len(single) == 1 and not divided:
        head = page.blocks[page.title_block] if page.title_block is not None else None
        low = single[0].name[0] if single[0].name else 0
        titled = not found or (head is not None and head.start <= low < head.end)
        _enrich_from_page(page, single[0], whole=not known and titled)
    return [d for d in drafts if bare or _is_told(page, d)]


def _is_told(page: Page, draft: Draft) -> bool:
    """Tell whether something is said of a project besides its name."""
    facts = (draft.bodies, draft.sums, draft.start, draft.end, draft.code, draft.theme, draft.fund, draft.coordination)
    return any(facts) or is_heading(page, draft) or stands_in_list(page, draft) or _is_granted(page, draft)


def _is_short(key: str, name: str) -> bool:
    """Tell whether a folded name begins another one, or ends it as an acronym in brackets does."""
    return name.startswith(key) or (len(key) < _ACRONYM and name.endswith(key))


_ACRONYM = 9


def _runs(page: Page, number: int, block: Block) -> bool:
    """Tell whether a block is running text of the page's own, and no job of a contact (``Asiantuntija / Suon koordinaatio``)."""
    if block.kind not in ("line", "item", "heading") or number in page.menu or page.related(number):
        return False
    return persons.understand(page.words(block).partition("/")[0]).kind != "job"


def _titled(page: Page) -> Iterator[Draft]:
    """The project that is a page's title: a sentence says that it is one (``X on hanke …``), or who leads "the project"."""
    number = page.title_block
    if number is None:
        return
    block = page.blocks[number]
    name = TITLE_END.sub("", page.words(block))
    if bodies.is_organisation(name) or phrases.label(name) or name.endswith((".", "?", "!")):
        return
    repeated = name.count(" ") < _SHORT and re.search(rf"(?<!\w){re.escape(name)}", page.text[block.end :]) is not None
    begins = re.compile(rf"{re.escape(name)}(?:\s+\([^()]*\))?\s+(?:on|oli|är|var|is|was)\s")
    funded = any(one.kind == "field" and one.label == "money.funding" for one in page.blocks) and bool(page.funds)
    spans = (span for other in page.blocks[number + 1 :] for span in page.sentences(other))
    for start, end in spans:
        first = begins.match(page.text, start, end)
        limit = end if repeated else min(end, start + _SUBJECT)
        led = phrases.says("noun.project", page.text, start, limit) and any(
            role == "lead" or repeated for _, _, role in _role_cues(page, start, end)
        )
        timed = phrases.says("project.lasts", page.text, start, end) and any(
            not one.single for one in mentions.times(page.text, start, end)
        )
        aimed = bool(page.funds) and name.count(" ") < _NAME and phrases.says("project.aim", page.text, start, end)
        said = next(iter(phrases.find("noun.listed", page.text, start, min(end, start + _SUBJECT))), None)
        aimed |= funded and said is not None and page.text[start : said.start].strip() in ("", "The")
        if led or timed or aimed or (first and any(phrases.says(cue, page.text, first.end(), end) for cue in _ABOUT)):
            draft = Draft((block.start, block.end), number, unsure=not first)
            below = page.blocks[number + 1]
            if bodies.is_organisation(page.words(below)) and not mentions.authorities(page.words(below)):
                add_bodies(draft, bodies.organisations(page.text, below.start, below.end))
            yield draft
            return


_WORD = re.compile(r"\S+")
_SHORT = 4
"""A title of fewer blanks that the text below repeats is a name, and no headline."""
_NAME = 10
"""A title of so many blanks is a headline."""
_SUBJECT = 14
"""The first letters of a sentence: the word for project among them is what the sentence is about."""


def _of_other(page: Page, start: int, end: int) -> bool:
    """Tell whether a sentence is about another project than the page's: an earlier one, or one of another programme."""
    said = phrases.says("project.other", page.text, start, end)
    return said and bool(page.funds) and not any(start <= one.start < end for one in page.funds)


def _named_whole(page: Page, start: int, end: int) -> Draft | None:
    """The coordination project that a whole sentence names, with those who carry it out (``phrases/sentences.toml``)."""
    for match in phrases.sentences("coordination.named", page.text, start, end):
        groups = match.groupdict()
        low, high = match.span("first" if "first" in groups else "name")
        if "first" in groups:  # the name ends with the word behind these
            high = _WORD.search(page.text, high).end()  # type: ignore[union-attr]
        before = list(phrases.find("coordination.before", page.text, low, high))
        low = before[-1].end + 1 if before and page.text[before[-1].end + 1].isupper() else low
        words = page.text[low:high]
        if " " not in words and phrases.says("noun.theme", words):  # ``Teemassa on yksi koordinaatiohanke``
            continue
        if (
            not re.search(r"[a-zåäö]{3}|[A-ZÅÄÖ]{6}", words)
            or Registry.load().organisation(words)
            or not words[0].isupper()
        ):
            continue
        draft = Draft((low, high), coordination=Stated(True, page.origin(*match.span())))
        draft.joint = phrases.says("coordination.joint", page.text, max(_opening(page, start), low - 20), low)
        if "who" in groups:
            add_bodies(draft, bodies.organisations(page.text, *match.span("who")))
        return draft
    return None


def _opening(page: Page, start: int) -> int:
    """Where the sentence begins that stands at the start of a line: in the block above it, if that ends in no stop."""
    for above, own in pairwise(page.blocks):
        if own.start == start and own.kind == "line" and not own.gap and page.text[above.end - 1].islower():
            return above.start
    return start


def _carried(page: Page, draft: Draft | None, start: int, end: int) -> None:
    """The sentence behind the one that names a coordination project may say who carries it out."""
    if draft is None or not draft.coordination or draft.bodies:
        return
    for match in phrases.sentences("coordination.carried", page.text, start, end):
        if not page.text[start : match.start()].strip():
            add_bodies(draft, bodies.organisations(page.text, *match.span("who")))


def _coordinates(draft: Draft, found: Draft) -> None:
    """Add to a project what a sentence says of it as a coordination project."""
    draft.coordination, draft.joint = draft.coordination or found.coordination, draft.joint or found.joint
    add_bodies(draft, found.bodies)


def enrich(page: Page, draft: Draft | None, start: int, end: int, *, at: int | None = None) -> None:
    """Add what the sentence of a project says of it: code, dates, money, organisations with a role; ``at`` its name stands."""
    if draft is None:
        return
    code = next((c for c in codes(page.text[start:end]) if c.kind == "project"), None)
    if draft.code is None and code and draft.name:
        draft.code = page.stated(code.value, start + code.start, start + code.end)
    _money(page, draft, start, end)
    if draft.start is None and not phrases.says("noun.call", page.text, start, end):
        for period in mentions.times(page.text, start, end):
            if not (period.single or in_name(page, draft, period)) and f"{period.opens}-{period.closes}" != page.period:
                take_period(page, draft, period.start, period.end)
                break
    take_roles(page, draft, start, end)
    _owner(page, draft, start, at if at is not None else draft.name[0] if draft.name else -1)
    if not phrases.says("noun.call", page.text, start, end):
        _started(page, draft, start, end)
    own = draft.name or (0, 0)
    theme = [one for one in page.themes_in(start, end) if not own[0] <= one.start < own[1]]
    if draft.theme is None and theme:
        draft.theme = theme[0]


def _money(page: Page, draft: Draft, start: int, end: int) -> None:
    if phrases.says("time.for_year", page.text, start, end):
        return  # what one year of the project costs
    for one in sums(page.text, start, end):
        phase = CUES.get(one.cue or "") or ("granted" if _is_funding(page, draft, start, one) else None)
        if phase and phase not in {p for p, _ in draft.sums}:
            draft.sums.append((phase, one))


_GIVEN = re.compile(rf"-{NOUNS}(?<=lle)\s+$")
"""``Polku -hankkeelle 266 936 euroa``."""
_RELATIVE = phrases.pattern("cues", "cue.relative").pattern
_VERB = phrases.pattern("cues", "theme.verb").pattern
_WHICH = re.compile(rf",\s{_RELATIVE}\s")
_FUNDING = re.compile(rf"{phrases.pattern('cues', 'noun.funding').pattern}(?:\s\([^()]*\))?$")
"""``rahoituksella (AKKE), jota Kainuun liitto hallinnoi``: no part in the project."""
_BEHIND_CODE = re.compile(r"\([A-Z]\d{5},\s*$")


def _is_funding(page: Page, draft: Draft, start: int, one: Sum) -> bool:
    """Tell whether a sum without a cue is what a project got: ``rahoitus on 9 000 euroa``, or behind the code of one funded."""
    if one.cue is None and _BEHIND_CODE.search(page.text, max(0, one.start - 12), one.start):
        return phrases.says("status.funded", page.text, *page.sentence_at(one.start))
    if one.cue is None and _GIVEN.search(page.text, start, one.start):
        return not phrases.says("status.selected", page.before(draft.block))
    granted = one.cue is None and phrases.find("money.grants", page.text, start, one.start)
    return bool(granted) or is_support(page.text, start, one)


_FIRST_NAME = re.compile(
    r"(?:[ \n]+[a-zåäö]\S*){0,5}?[ \n]*(?::[ \n]*)?(?=[A-ZÅÄÖ])|(?:[ \n]+[a-zåäö][^\s:]*){6,12}?:[ \n]*(?=[A-ZÅÄÖ])"
)
_ABLATIVE = re.compile(r"lt[aä]$")
_IN_PROJECT = re.compile(r"\s[^.,\n]{1,80}\s?-(?:hankkeessa|projektissa)(?=\s)")
_LIST_END = re.compile(
    rf"\s{phrases.AND}\s*$|[.]\s*$|(?:,|(?<!\s))\s+{_RELATIVE}\s|,\s+{phrases.AND}\s+(?=[a-zåäö])|"
    rf"\skanssa(?!\w)|\s{phrases.AND}\s+(?:{_VERB}|{phrases.pattern('cues', 'cue.pointer').pattern})"
)


def _role_cues(page: Page, start: int, end: int) -> list[tuple[int, int, bodies.Role | None]]:
    """The words of a sentence that give organisations a part in a project: where they begin and end, and the role.

    A role in brackets is that of the name before it alone.
    """
    found = [
        (cue.start, cue.end, role)
        for name, role in ROLES
        for cue in phrases.find(name, page.text, start, end)
        if not (page.text[cue.start - 1] == "(" and page.text[cue.end : cue.end + 1] == ")")
        and not any(by.start <= cue.start < by.end for by in phrases.find("role.granted_by", page.text, start, end))
    ]
    if any(role == "partner" for _, _, role in found):  # the applicant beside partners leads
        applicants = {(cue.start, cue.end) for cue in phrases.find("role.applicant", page.text, start, end)}
        found = [(low, high, "lead" if (low, high) in applicants else role) for low, high, role in found]
    kept: list[tuple[int, int, bodies.Role | None]] = []
    for one in sorted(found, key=lambda one: one[0]):
        if not page.text[start : one[0]].endswith("who ") and (not kept or one[0] >= kept[-1][1]):
            kept.append(one)
    return kept


def take_roles(page: Page, draft: Draft, start: int, end: int) -> None:
    """Take the organisations to which a sentence gives a part in a project.

    ``Hankkeen päätoteuttajana on Suomen Setlementtiliitto ry ja osatoteuttajana Diakonissalaitos.``
    """
    _joint(page, draft, start, end)
    _together(page, draft, start, end)
    add_bodies(draft, bodies.granted_to(page.text, start, end))
    cues = _role_cues(page, start, end)
    listed = False  # the last words of a role stood before the names
    for number, (low, high, role) in enumerate(cues):
        along = bool(phrases.find("role.with", page.text, low, high))
        if not (listed or along) and _doer(page, draft, cues[number - 1][1] if number else start, low, role):
            continue
        listed = False
        active = phrases.pattern("cues", "role.active").fullmatch(page.text, low, high)
        if active and DOES.fullmatch(page.text, start, low):
            continue
        limit = cues[number + 1][0] if number + 1 < len(cues) else end
        within = _IN_PROJECT.match(page.text, high, limit)
        first = _FIRST_NAME.match(page.text, within.end() if within else high, limit)
        if first is None:
            continue
        limit = min([limit, *(time.start for time in mentions.times(page.text, first.end(), limit))])
        stop = _LIST_END.search(page.text, first.end(), limit)
        if along and any(one.role == "lead" for one in draft.bodies):
            role = "partner"
        for body in bodies.organisations(page.text, first.end(), stop.start() if stop else limit, role=role):
            if _is_no_body(page, draft, body):
                continue
            short = body.name.count(" ") < 4 or _begins_with_owner(body.name)
            likely = (role or listed) and short and persons.understand(body.name).kind != "person"
            if _ABLATIVE.search(page.text, body.start, body.end):
                continue  # the funder
            if bodies.is_organisation(body.name) or (likely and body.name[0].isalpha()):
                add_body(draft, replace(body, role_span=body.role_span or (low, body.end)))
                listed = True


def _begins_with_owner(name: str) -> bool:
    """Tell whether a name begins with the organisation that it is a part of: ``Porin kaupungin työllisyys- ja kasvupalvelut``."""
    return any(bodies.is_owner(name[: gap.start()]) for gap in re.finditer(r"(?<!\s)\s", name))


def _is_no_body(page: Page, draft: Draft, body: bodies.Body) -> bool:
    """Tell whether words behind a role name the project itself, another one or a fund."""
    own = draft.name is not None and folded(body.name) == folded(page.words(draft.name))
    other = persons.is_project(body.name) or _PROJECT_BEFORE.search(body.name)
    return own or bool(other) or bool(mentions.funds(body.name))


def _doer(page: Page, draft: Draft, start: int, verb: int, role: bodies.Role | None) -> bool:
    """``Oulun kaupunki johtaa ja Oulun yliopisto toteuttaa``: the body that stands right before the verb."""
    joint = re.match(rf"[\s,]*{phrases.AND}\s+", page.text[start:verb])
    which = list(_WHICH.finditer(page.text, start, verb))
    low = which[-1].end() if which else start + joint.end() if joint else start
    if which and _FUNDING.search(page.text, start, which[-1].start()):
        return True
    words = page.text[low:verb].strip()
    copula = next(
        (one for one in phrases.pattern("jobs", "person.gives").finditer(words) if one.end() == len(words)), None
    )
    if copula:  # ``Säätiö on osatoteuttajana``: the page's publisher, by its noun
        noun = words[: copula.start()].strip().casefold()
        if page.publisher and noun.isalpha() and len(noun) > 3 and noun in page.publisher.name.casefold():
            add_body(draft, replace(page.publisher, role=role, role_span=(low, verb + 1)))
            return True
        words = ""
    said = phrases.pattern("jobs", "person.gives").search(words)  # a sentence: ``Novia on pyytänyt Kemin kaupunkia``
    if which and any(words and one.name.startswith(words) for one in draft.bodies):
        draft.bodies = [
            replace(one, role=role or one.role) if one.name.startswith(words) else one for one in draft.bodies
        ]
        return True
    if not words or said or not bodies.is_organisation(words):
        return False
    led = any(body.role == "lead" for body in draft.bodies)
    add_bodies(draft, bodies.organisations(page.text, low, verb, role=role or ("partner" if led else None)))
    return True


def _joint(page: Page, draft: Draft, start: int, end: int) -> None:
    """``… on A ry:n, B Oy:n ja C:n kaupungin yhteishanke``: bodies in the genitive before the word for a joint project."""
    cue = next(iter(phrases.find("project.joint_of", page.text, start, end)), None)
    own = _OF_BODIES.search(page.text, start, end)
    if cue is None and own is None:
        return
    limit = cue.start if cue else own.end("who")  # type: ignore[union-attr]
    verb = list(re.finditer(r"(?<!\w)(?:on|oli|ovat)\s+", page.text[start:limit]))
    low = start + verb[-1].end() if verb else start
    found = False
    for body in bodies.organisations(page.text, low, limit):
        if bodies.is_organisation(body.name) or (found and body.name != page.words((body.start, body.end))):
            add_body(draft, body)
            found = True


def _together(page: Page, draft: Draft, start: int, end: int) -> None:
    """``In this project A, B and C combine …``: the bodies that do something together in the project."""
    lead = _IN_THIS.match(page.text, start, end)
    verb = _DO.search(page.text, lead.end(), end) if lead else None
    named = list(bodies.organisations(page.text, lead.end(), verb.start())) if lead and verb else []
    known = [one for one in named if bodies.is_organisation(one.name)]
    if len(named) > 1 and len(known) * 3 > len(named) * 2:
        add_bodies(draft, named)


_IN_THIS = re.compile(rf"\s*{phrases.pattern('cues', 'project.within').pattern},?\s+(?=[A-ZÅÄÖ])")
_DO = re.compile(rf"\s(?!{phrases.AND}\s)(?=[a-zåäö]{{4,}}\s[a-zåäö])")
_PROJECT = phrases.pattern("cues", "noun.project").pattern
_OF_BODIES = re.compile(
    rf"\s(?:on|oli)\s+(?P<who>[A-ZÅÄÖ][^.,;:]{{5,120}}?n)\s+(?:[a-zåäö]+\s+){{0,2}}{_PROJECT}(?!\w)"
)
"""``Pajatso on A:n ja B:n kaksivuotinen hanke``."""
_PROJECT_BEFORE = re.compile(r"-(?:hank|projekt)\w*")
_AND = re.compile(rf"^[\s,]*{phrases.AND}\s+")


def _is_granted(page: Page, draft: Draft) -> bool:
    """Tell whether the sentence that names a project says that it was selected or granted money."""
    name = page.words(draft.name or (0, 0))
    spans = (page.sentence_at(one.start()) for one in re.finditer(re.escape(name), page.text))
    return (
        not any(folded(one.value) == folded(name) for one in page.themes)
        and not Registry.load().theme(name)
        and any(phrases.says(cue, page.text, *s) for s in spans for cue in ("status.funded", "status.selected"))
    )


def _owner(page: Page, draft: Draft, start: int, at: int) -> None:
    """``Kuopion kaupungin hallinnoima Kotoa kouluun -hanke``: bodies in the genitive right before a project's name."""
    if at < start:
        return
    start = max([start, *(one.end() for one in _PROJECT_BEFORE.finditer(page.text, start, at))])
    start += len(page.text[start:at]) - len(_AND.sub("", page.text[start:at]))
    end = start + len(page.text[start:at].rstrip(' "”“\n'))
    noun = phrases.find("noun.project", page.text, max(start, end - 30), end)[-1:]
    if noun and noun[0].end == end:  # ``Oulun kaupungin hanketta Polku``
        end = start + len(page.text[start : noun[0].start].rstrip())
    role: bodies.Role | None = None
    for concept in ("role.led_by", "owner.joint"):
        cue = phrases.find(concept, page.text, max(start, end - 30), end)[-1:]
        if cue and cue[0].end == end:
            role = "lead" if concept == "role.led_by" else None
            end = start + len(page.text[start : cue[0].start].rstrip())
    starts = [start, *(start + m.start() for m in re.finditer(r"(?<=\s)[A-ZÅÄÖ]", page.text[start:end]))]
    own = next((low for low in starts if bodies.is_owner(page.text[low:end])), None)
    if own is None:
        return
    start = own
    for number, body in enumerate(bodies.organisations(page.text, start, end, role=role)):
        known = Registry.load().organisation(body.name) is not None
        first = 0 if number or known else bodies.begins_at(body.name) or 0
        if bodies.is_organisation(body.name[first:]):
            add_body(draft, replace(body, name=body.name[first:], start=body.start + first))


def _enrich_from_page(page: Page, draft: Draft, *, whole: bool) -> None:
    """A page of one project: what its sentences say of it without naming it, and those behind them; ``whole`` where all are.

    Of a page whose title does not name it, only the section that does.
    """
    name = folded(page.words(draft.name or (0, 0)))
    own = whole or page.title is None or name in folded(page.title) or len(draft.fields) > 1
    low, high = (0, len(page.text)) if own else page.section(draft.block)
    headed = False
    for number, block in enumerate(page.blocks):
        if not low <= block.start < high:
            continue
        headed = heads_part(page, block, headed)
        if block.kind == "heading" and draft.start is None:
            take_heading(page, draft, block)
        if block.kind not in ("line", "item", "field") or number in page.menu or page.related(number):
            continue
        if block.kind == "field":
            if whole and block.values:
                take_field(page, draft, block)
            continue
        for start, end in _sentences_about(page, draft, block, whole=whole or headed):
            enrich(page, draft, start, end)
    printed = {one.value: one for one in codes(page.text) if one.kind == "project"}
    if draft.code is None and len(printed) == 1:
        code = next(iter(printed.values()))
        draft.code = page.stated(code.value, code.start, code.end)
    named = page.themes
    if draft.theme is None and len({one.value.casefold() for one in named}) == 1:
        draft.theme = named[0]


def _sentences_about(page: Page, draft: Draft, block: Block, *, whole: bool) -> Iterator[Bounds]:
    """The sentences of a block that are about the page's project: those that say so or begin with its name, and what goes on."""
    about, name = whole, page.words(draft.name) if draft.name else None
    for start, end in page.sentences(block):
        named = name is not None and page.text.startswith(f"{name} ", start)
        said = named or any(phrases.says(cue, page.text, start, end) for cue in _ABOUT)
        others = any(phrases.says(f"noun.{noun}", page.text, start, end) for noun in ("call", "theme"))
        about = whole or said or (about and not others)
        if about and not _of_other(page, start, end):
            yield start, end


def _cue_of(page: Page, time: mentions.Time, low: int, high: int) -> str | None:
    """Which words say what a day is: the nearest before it (``low`` to the day), else right behind it, up to ``high``."""
    found = [
        (cue.end, cue)
        for name in _TURNS
        for cue in phrases.find(name, page.text, max(low, time.start - 40), time.start)
    ]
    if not found:
        behind = min(high, time.end + 25)
        found = [(-cue.start, cue) for name in _TURNS for cue in phrases.find(name, page.text, time.end, behind)]
    last = max(found, key=lambda one: one[0], default=None)
    if last is None:
        return None
    season = len(time.opens or "") < 7  # a year or a season: right behind the word for beginning
    return None if season and page.text[last[1].end : time.start].strip() else last[1].concept


_TURNS = ("project.starts", "project.ends", "project.extended")


def _started(page: Page, draft: Draft, start: int, end: int) -> None:
    """The day a sentence says the project began or ended; an extension replaces an earlier end."""
    single = mentions.times(page.text, start, end, near=page.day.value if page.day else None)
    bounds = [start, *(one.end for one in single)]
    for number, one in enumerate(single):
        after = single[number + 1].start if number + 1 < len(single) else end
        if not one.single or phrases.says("event", page.text[max(start, one.start - 40) : min(end, one.end + 25)]):
            continue
        cue = _cue_of(page, one, bounds[number], after)
        stated = page.day_of(one, one.opens)
        if cue == "project.starts" and draft.start is None and draft.end is None:
            draft.start = stated
        elif cue == "project.extended" or (cue == "project.ends" and draft.end is None):
            draft.end = stated
