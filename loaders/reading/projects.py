"""Projects with their implementers and money, from fields, tables, lists and sentences."""

import re
from collections.abc import Container, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from loaders import mentions, phrases
from loaders.blocks import Bounds
from loaders.mentions import Mention
from loaders.names.tongues import guess
from loaders.reading.bodies import Body
from loaders.reading.page import TITLE_END, Page
from loaders.reading.project_drafts import Draft, acronym, add_bodies, take_period
from loaders.reading.project_fields import from_fields, of_item
from loaders.reading.project_items import from_cards, from_definitions
from loaders.reading.project_names import NOUN_BEHIND, folded, is_headline
from loaders.reading.project_rows import add_partners, from_contacts, from_lists, from_rows
from loaders.reading.project_sentences import from_sentences
from loaders.reading.theme_names import key_of
from loaders.reading.theme_parts import Part, of_block
from loaders.records import About, Participation, Project, Record, Stated, Text
from loaders.values.marks import codes


@dataclass(frozen=True, slots=True)
class Projects:
    """The projects of a page: their records, and the words of each name for the readers that follow."""

    records: list[Record]
    joint: dict[str, frozenset[str]]
    """For each coordination project of several themes, by its key, the keys of the themes that its sentence names."""
    names: tuple[Bounds, ...]
    """Where the names of the coordination projects stand."""


def read(page: Page, divided: Sequence[Part] = (), *, bare: bool = False) -> Projects:
    """Read every project of a page ``divided`` among themes; a project in a theme's part is the theme's.

    ``bare`` where the page holds nothing else: then a project of which only its name is said counts too.
    """
    drafts = [*from_fields(page), *from_rows(page), *from_lists(page), *from_cards(page), *from_contacts(page)]
    drafts += [one for one in from_definitions(page) if all(one.name != other.name for other in drafts)]
    drafts = _told_once(page, drafts)
    said = from_sentences(page, drafts, divided=bool(divided), bare=bare)
    if not said and [draft.name for draft in drafts] == [None]:  # the form may be of the one that the text only names
        only = from_sentences(page, drafts, bare=True)
        said = only if len(only) == 1 else []
    drafts = _told_once(page, [*drafts, *said])
    drafts = _all_named(page, drafts)
    _coordination(page, drafts)
    _group_codes(page, drafts)
    records: list[Record] = []
    joint: dict[str, frozenset[str]] = {}
    seen: set[str] = set()
    for draft in drafts:
        part = of_block(divided, draft.block)
        draft.theme = _bracketed(page, draft) or (part.name if part and not draft.joint else draft.theme)
        made = list(_records(page, draft, divided=bool(divided))) if _is_named(page, draft) else []
        key = made[0].key if made and isinstance(made[0], Project) else ""
        if made and key not in seen:
            seen.add(key)
            records += made
            if draft.joint:
                joint[key] = _themes_beside(page, draft)
    names = tuple(draft.name for draft in drafts if draft.name and draft.coordination)
    return Projects(records, joint, names)


def _all_named(page: Page, drafts: list[Draft]) -> list[Draft]:
    """The drafts with a name; a form beside a piece of news is of the only project that the news names, else of its title."""
    named = [draft for draft in drafts if draft.name]
    unnamed = [draft for draft in drafts if draft.name is None and not of_item(page, draft)]
    title = page.blocks[page.title_block] if page.title_block is not None else None
    if len(unnamed) == 1 and title and not named and is_headline(page.words(title)):
        unnamed[0].name, unnamed[0].unsure, unnamed, named = (title.start, title.end), True, [], unnamed
    elif len(unnamed) == len(named) == 1:
        unnamed[0].name, unnamed = named[0].name, []
        named = _told_once(page, [draft for draft in drafts if draft.name])
    if len(unnamed) == 1 and not named and "project.code" in unnamed[0].fields and unnamed[0].code:
        # a form without a name has its code
        unnamed[0].name = page.outline.value(unnamed[0].fields["project.code"])
        unnamed, named = [], unnamed
    for draft in unnamed:
        for block in draft.fields.values():
            page.leave_out(block.start, block.end, "implementers-without-project")
    if len(named) == 1:
        add_partners(page, named[0])
    return named


def _told_once(page: Page, drafts: Iterable[Draft]) -> list[Draft]:
    """Join what several parts of a page say of a project of one name, unless their codes or days differ."""
    kept: list[Draft] = []
    first: dict[tuple[str, str | bool], Draft] = {}
    for draft in drafts:
        alike = ((first.get(key), key) for key in _keys(page, draft, other=True))
        same = next((one for one, key in alike if one and key in _keys(page, one)), None)
        if same is None or _differ(same, draft):
            kept.append(draft)
            same = draft
        else:
            _join(same, draft)
        for key in _keys(page, same):
            first.setdefault(key, same)
    return kept


def _join(same: Draft, draft: Draft) -> None:
    """Add to a project what another part of the page says of it."""
    same.name, same.block = (same.name, same.block) if same.name else (draft.name, draft.block)
    same.code, same.start, same.end = same.code or draft.code, same.start or draft.start, same.end or draft.end
    same.theme, same.fund = same.theme or draft.theme, same.fund or draft.fund
    same.coordination, same.joint = same.coordination or draft.coordination, same.joint or draft.joint
    same.sums += [(phase, one) for phase, one in draft.sums if phase not in {known for known, _ in same.sums}]
    add_bodies(same, draft.bodies)


def _keys(page: Page, draft: Draft, *, other: bool = False) -> Iterator[tuple[str, str | bool]]:
    """By what a project is known again: its name; its code, where of two only one, as in a table of codes, has no name."""
    if name := _folded_name(page, draft):
        yield name, ""
    if draft.code:
        yield draft.code.value, (draft.name is None) is not other


def _folded_name(page: Page, draft: Draft) -> str:
    return folded(TITLE_END.sub("", page.words(draft.name))) if draft.name else ""


def _differ(one: Draft, other: Draft) -> bool:
    """Tell whether two projects of one name are two: each has a code, a day or organisations of its own."""
    pairs = ((one.code, other.code), (one.group_code, other.group_code), (one.start, other.start), (one.end, other.end))
    return any(a and b and a.value != b.value for a, b in pairs)


_BRACKET = re.compile(r"[\"”’]?\s*-?\w*\s*\(")


def _bracketed(page: Page, draft: Draft) -> Mention | None:
    """The theme in the bracket behind a project's name: ``Virta-hanke (valtakunnallisen Suomalainen suo -teeman hanke)``."""
    low = draft.name[1] if draft.name else 0
    bracket = _BRACKET.match(page.text, low) if low else None
    end = page.text.find(")", bracket.end()) if bracket else -1
    return next(iter(page.themes_in(bracket.end(), end)), None) if bracket and end > 0 else None


def _themes_beside(page: Page, draft: Draft) -> frozenset[str]:
    """The keys of the themes that the sentence of a project names."""
    low = draft.name[0] if draft.name else 0
    start, end = next((s for s in page.sentences(page.blocks[draft.block]) if s[0] <= low < s[1]), (low, low))
    return frozenset(key_of(one.value) for one in page.themes_in(start, end))


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
            before = phrases.find("coordination.joint", page.text, max(0, low - 20), low)
            draft.joint = bool(before) and not page.text[before[-1].end : low].strip(' "”“\n')


_GROUP = re.compile(
    rf"(?P<list>[A-Z]\d{{5}}(?:(?:,\s*|\s+{phrases.AND}\s+)[A-Z]\d{{5}}){{1,20}})[^.]{{0,80}}?(?P<group>R-\d{{5}})"
)


def _group_codes(page: Page, drafts: Iterable[Draft]) -> None:
    """``S30751 ja S30752 muodostavat ryhmähankkeen R-00874.``"""
    held = list(drafts)
    for match in _GROUP.finditer(page.text):
        members = set(re.findall(r"[A-Z]\d{5}", match["list"]))
        for draft in held:
            if draft.code and draft.code.value in members:
                draft.group_code = page.stated(match["group"], *match.span("group"))


# records


def of_draft(page: Page, draft: Draft, theme: str | None = None, taken: Container[str] = ()) -> Iterator[Record]:
    """Give the records of a project of a list: its name as printed, nothing of what stands around the list.

    Where another theme has a project of its key (``taken``), its own names the theme.
    """
    assert draft.name is not None
    name = Stated(Text(" ".join(page.words(draft.name).split()), page.language), page.origin(*draft.name))
    key = _key(draft, name.value.text)
    yield from _project(page, draft, Project(f"{key} ({theme})" if key in taken else key, name, theme))


def _is_named(page: Page, draft: Draft) -> bool:
    """Tell whether a project's name is more than its fund (``EAKR, Pohjanmaan liitto | 2031–2033`` below a name)."""
    low, high = draft.name or (0, 0)
    return any(c.isalpha() for c in _without_fund(page, draft, low, page.text[low:high]))


def _key(draft: Draft, name: str) -> str:
    code = draft.code or draft.group_code
    return code.value if code else name


def _records(page: Page, draft: Draft, *, divided: bool) -> Iterator[Record]:
    assert draft.name is not None
    name, span = _clean_name(page, draft)
    theme = None if draft.joint else draft.theme or _theme_of_section(page, draft)
    origin = replace(page.origin(*span), certainty="likely") if draft.unsure else page.origin(*span)
    yield from _project(
        page,
        draft,
        Project(
            key=_key(draft, name),
            name=Stated(Text(name, page.language), origin),
            theme=theme.value if theme else None,
            status=draft.status or _status_above(page, draft),
            programme=_likely(_programme(page, draft)),
            fund=_fund_of(page, draft, divided=divided),
            authority=draft.authority or (None if draft.coordination else _likely(_authority_above(page, draft))),
        ),
    )


def _likely(stated: Stated[str] | None) -> Stated[str] | None:
    """A fact that stands above or beside what it is said of, or follows from another."""
    return replace(stated, origin=replace(stated.origin, certainty="likely")) if stated else None


def _fund_of(page: Page, draft: Draft, *, divided: bool) -> Stated[str] | None:
    """The fund that a project's own words name, else the one of its section or page."""
    fund = draft.fund or (None if draft.coordination else page.fund(draft.block, divided=divided))
    if fund is None:
        return None
    block = page.blocks[draft.block]
    own = draft.fund is not None or block.start <= fund.start < block.end
    return page.from_mention(fund) if own else _likely(page.from_mention(fund))


def _project(page: Page, draft: Draft, project: Project) -> Iterator[Record]:
    """Complete a project by what its own words say, then give its participations and sums."""
    yield replace(
        project,
        acronym=draft.acronym,
        project_code=draft.code,
        group_code=draft.group_code,
        group=draft.group,
        coordination=draft.coordination,
        start=draft.start,
        end=draft.end,
        sub_theme=draft.sub_theme,
        priority=page.from_mention(draft.priority) if draft.priority else None,
        objectives=page.objectives(draft.objectives),
        web_pages=tuple(draft.pages),
    )
    yield from _participations(page, draft, project.key)
    yield from (page.money(About("project", project.key), phase, one) for phase, one in draft.sums)


def _programme(page: Page, draft: Draft) -> Stated[str] | None:
    """The period of a project whose page prints none: that in which the project begins, where only one can be meant."""
    if page.programme or draft.start is None:
        return None
    year = int(draft.start.value[:4])
    if not (2007 <= year <= 2020 or year >= 2024):
        return None
    period = "2007-2013" if year < 2014 else "2014-2020" if year < 2021 else "2021-2027"
    return Stated(period, draft.start.origin)


def _participations(page: Page, draft: Draft, key: str) -> Iterator[Participation]:
    field = draft.fields.get("body.applicant") or draft.fields.get("body.implementers")
    bare = [one for one in draft.bodies if one.role is None]
    leads = [one for one in bare if field and field.start <= one.start < field.end]
    joint = [one for one in draft.bodies if one.role == "partner" and _is_co_implementer(page, one)]
    if (joint or leads) and len(bare) == 1 and all(one.role != "lead" for one in draft.bodies):
        leads = bare  # one beside co-implementers leads
    apart = all(one.role != "partner" for one in draft.bodies) and not _apply_several(page, draft)
    if apart or (len(leads) > 1 and "body.applicant" not in draft.fields):
        leads = []
    for body in draft.bodies:
        role = body.role or ("lead" if body in leads else None)
        origin = page.origin(body.start, body.end)
        yield Participation(
            project=key,
            organisation=Stated(body.name, origin),
            role=Stated(role, page.origin(*body.role_span) if body.role_span else origin) if role else None,
            project_code=body.code,
            business_id=page.stated(body.business_id, *body.id_span) if body.business_id and body.id_span else None,
        )


def _apply_several(page: Page, draft: Draft) -> bool:
    """Tell whether a form says of its only applicant that others apply with it: ``Hakijoita on useampi kuin yksi``."""
    spans = [one.values[0] for one in page.blocks if one.kind == "field" and one.label == "body.address" and one.values]
    pattern = phrases.pattern("cues", "role.several")
    return "body.applicant" in draft.fields and any(pattern.match(page.text, *span) for span in spans)


def _is_co_implementer(page: Page, body: Body) -> bool:
    return body.role_span is not None and phrases.says("noun.implementer", page.text, *body.role_span)


_ACRONYM_BEHIND = re.compile(r"(?:(?<!\s)\s+)?\((?P<acronym>[A-ZÅÄÖ\d][\w+&-]{1,19})\)\s*$")
_LONG_BEHIND = re.compile(r"(?P<short>[A-ZÅÄÖ][\w+&-]{1,20})\s\((?P<long>[A-ZÅÄÖ]\w+(?:\s[\w,:–-]+){3,20})\)")
"""``SatApps (Satellite applications for everyone)``: a short name before the long one."""
_TAIL = re.compile(r"[\s\d+)/|,.–-]*")
_BEFORE_TAIL = re.compile(r"(?:(?<!\s)\s*[,(.|–-]\s*|\n\s*|(?<!\s)\s+)$")
_YEARS_BEHIND = re.compile(r"(?<!\s)\s+\(?(?:19|20)\d\d\s?[–-]\s?(?:19|20)\d\d\)?$")
_CODE_BEHIND = re.compile(r"\s*[A-Z]?\d{5}")
_AROUND = ' "”“,;:–-('
_NUMBER = re.compile(r"\d{1,2}(?:\.[1-9]\d?\.?|[.)])\s+(?=[A-ZÅÄÖ])")
"""The number of an item of a list or of minutes before a name; ``4.0`` is none."""
_CASE = re.compile(r"(?<=koordinaatio)hank\w+$")
"""The noun of a coordination project in another case: ``… koordinaatiohankkeessa``."""


_TWO = re.compile(r"([^,/]+ [^,/]+)(?:,| /) ([A-ZÅÄÖ][^,/]* [^,/]+)")
"""A name in two languages: ``Kotona Suomessa, At home in Finland``."""


def _in_one_language(words: str, language: str) -> str:
    """The first of two names, where they are in two languages of which one is the page's."""
    two = _TWO.fullmatch(words)
    two = two if two and all(re.search(r"[a-zåäö]{3}\s[\wåäö]|\s[a-zåäö]{3}", one) for one in two.groups()) else None
    pair = [guess(one) for one in two.groups()] if two else []
    return two[1] if two and language in pair and pair[0] != pair[1] else words


_BEFORE = re.compile(
    rf"^(?:{phrases.whole_words('cues', 'noun.project')}|{phrases.whole_words('cues', 'name.example')})"
    r"(?:\s\d\d?)?(?:\s(?-i:[A-ZÅÄÖ]{3,4})\+?)?[:.]\s+|"
    rf"^{phrases.whole_words('cues', 'noun.listed', 'sv')}\s+(?-i:(?=[A-ZÅÄÖ]))",
    re.IGNORECASE,
)
"""What only says that a name follows: ``Hanke 2: …``, ``Esimerkki EAKR: …``, ``Projektet Stigen``."""


def _without_fund(page: Page, draft: Draft, low: int, words: str) -> str:
    """A name without the fund behind it: ``Polku EAKR``, ``Polku (ESF+)``, ``Polku. Euroopan sosiaalirahasto 2031–2033``."""
    fund = next(reversed(page.funds_in(low, low + len(words))), None)
    if fund is None or not _TAIL.fullmatch(words, fund.end - low):
        return words
    at = fund.start - low
    whole = re.search(r"[A-ZÅÄÖ]\w+\s$", words[:at])  # ``Euroopan sosiaalirahasto``
    at = whole.start() if whole and words[at].islower() else at
    before = _BEFORE_TAIL.search(words[:at])
    short = page.text[fund.start : fund.end].rstrip("+").isupper()
    if at and not (before and (short or before.group().strip() or "\n" in before.group())):
        return words
    draft.fund = draft.fund or fund
    take_period(page, draft, fund.end, low + len(words))
    return words[: before.start() if before else 0]


def _clean_name(page: Page, draft: Draft) -> tuple[str, Bounds]:
    """The name without the acronym, fund or noun behind it, and the span of what is left."""
    assert draft.name is not None
    low, high = draft.name
    if number := _NUMBER.match(page.text, low, high):
        low = number.end()
    for noun in phrases.find("noun.before_code", page.text, low, high)[:1]:
        if noun.start == low and _CODE_BEHIND.match(page.text, noun.end):
            low = noun.end + 1
    words = page.text[low:high]
    found = codes(words, applications=True)
    if found and found[0].start == 0 and words[found[0].end :].strip(_AROUND):
        draft.code = draft.code or page.stated(found[0].value, low, low + found[0].end)
        low, words = low + found[0].end, words[found[0].end :]
    elif found and found[-1].kind == "project" and found[-1].start and not words[found[-1].end :].strip(" )"):
        draft.code = draft.code or page.stated(found[-1].value, low + found[-1].start, low + found[-1].end)
        words = words[: found[-1].start].rstrip(" (,–-")
    words = _in_one_language(words, page.language)
    if long := _LONG_BEHIND.fullmatch(words):
        draft.acronym = draft.acronym or page.stated(long["short"], low, low + long.end("short"))
        low, words = low + long.start("long"), long["long"]
    if short := acronym(words):
        draft.acronym = draft.acronym or page.stated(words[slice(*short)], low + short[0], low + short[1])
    behind = _ACRONYM_BEHIND.search(words)
    if behind and not mentions.places(behind["acronym"]):
        words = words[: behind.start()]
    words = _without_fund(page, draft, low, words)
    years = _YEARS_BEHIND.search(words)
    alone = years and (words[-1] == ")" or NOUN_BEHIND.search(words, 0, years.start()))
    if years and (alone or _said_alone(page, words[: years.start()])):
        take_period(page, draft, low + years.start(), low + years.end())
        words = words[: years.start()]
    bare = NOUN_BEHIND.sub("", words)
    words = words if bare == words else _without_fund(page, draft, low, bare)  # ``Polku – ESR+ -hanke``
    words = _BEFORE.sub("", words).strip(_AROUND)
    start = page.text.find(words, low, high)
    name = _CASE.sub("hanke", " ".join(words.split()))
    return name, (start, start + len(words)) if start >= 0 else (low, high)


def _said_alone(page: Page, name: str) -> bool:
    """Tell whether a page also names something without the years behind its name."""
    return re.search(rf"(?<!\w){re.escape(name)}(?!\w|\s*\(?(?:19|20)\d\d)", page.text) is not None


def _inside(mention: Mention, name: Bounds | None) -> bool:
    return name is not None and name[0] <= mention.start < name[1]


def _theme_of_section(page: Page, draft: Draft) -> Mention | None:
    """The theme that a project's section or the page's head names."""
    low = page.section(draft.block)[0]
    near = [one for one in page.themes_in(low, page.blocks[draft.block].end) if not _inside(one, draft.name)]
    if len({one.value.casefold() for one in near}) == 1:
        return near[0]
    title = page.title_block if page.title_block is not None else 1
    head = page.blocks[min(len(page.blocks) - 1, title + 2)].end
    top = [one for one in page.themes if one.start < head]
    return top[0] if top and len({one.value.casefold() for one in page.themes}) == 1 else None


def _authority_above(page: Page, draft: Draft) -> Stated[str] | None:
    """The authority that a list's heading or the sentence of a single project names as the one that funds."""
    if not (draft.fields or draft.bodies or draft.sums or draft.code):
        return None
    above = page.blocks[page.first_of_section(draft.block) : draft.block + 1]
    named = (one for block in above for one in mentions.authorities(page.text, block.start, block.end))
    found = [one for one in named if not _of_theme(page, one.start)]
    if not found and draft.block:
        found = list(mentions.authorities(page.text, 0, min(300, page.blocks[draft.block].start)))
    return page.stated(found[-1].name, found[-1].start, found[-1].end) if len({b.name for b in found}) == 1 else None


def _of_theme(page: Page, at: int) -> bool:
    """Tell whether a place stands in a sentence about a theme's intermediate body."""
    start, end = page.sentence_at(at)
    return phrases.says("theme.body", page.text, start, end) and not phrases.says("noun.project", page.text, start, end)


def _status_above(page: Page, draft: Draft) -> Stated[str] | None:
    """The status that a project's own sums, or the heading of its list, say."""
    for phase, one in draft.sums:
        if phase == "granted":
            return page.stated("funded", one.start, one.end)
    above = page.heading_above(draft.block)
    for low, high in (
        (page.section(draft.block)[0], page.blocks[draft.block].start),
        *([(above.start, above.end)] if above else []),
    ):
        for status in ("ended", "application", "selected", "funded"):
            cue = next(iter(phrases.find(f"status.{status}", page.text, low, high)), None)
            if cue:
                return _likely(page.stated(status, cue.start, cue.end))
    return None
