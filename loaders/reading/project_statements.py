"""What a sentence says of a project: its code, days and money, and the organisations with a part in it."""

import re
from collections.abc import Iterator
from dataclasses import replace

from loaders import mentions, phrases
from loaders.names.parts import several
from loaders.names.text import WORDS
from loaders.reading import bodies, persons
from loaders.reading.named_bodies import Group, besides, bodies_of, groups, is_noun, take_named
from loaders.reading.page import Page
from loaders.reading.project_drafts import PHASE_OF_CUE, Draft, add_bodies, add_body, phase_above, take_period
from loaders.reading.project_names import DOES, NOUNS, ROLES, folded, in_name
from loaders.reading.sums import Sum, is_support, sums
from loaders.values.marks import codes


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
    _take_bodies(page, draft, start, end, at)
    if not phrases.says("noun.call", page.text, start, end):
        _started(page, draft, start, end)
    own = draft.name or (0, 0)
    theme = [one for one in page.themes_in(start, end) if not own[0] <= one.start < own[1]]
    if draft.theme is None and theme:
        draft.theme = theme[0]


def _take_bodies(page: Page, draft: Draft, start: int, end: int, at: int | None) -> None:
    """Add the organisations of a sentence; where an official form has named the applicants, others only help."""
    applicants = len(draft.bodies) if draft.code and "body.applicant" in draft.fields else None
    take_roles(page, draft, start, end)
    if at is not None and (beside := _IN_BRACKET.match(page.text, (draft.name or (at, at))[1], end)):
        named = list(bodies.organisations(page.text, *beside.span("list")))
        add_bodies(draft, named if all(bodies.is_organisation(one.name) for one in named) else [])
    take_named(page, draft, start, end, at if at is not None else draft.name[0] if draft.name else -1)
    del draft.bodies[len(draft.bodies) if applicants is None else applicants :]


def _money(page: Page, draft: Draft, start: int, end: int) -> None:
    if phrases.says("time.for_year", page.text, start, end):
        return  # what one year of the project costs
    stated = sums(page.text, start, end)
    if phrases.says("projects.given", page.text, start, end):
        return  # what several projects got
    if sum(_TO_BODY.search(page.text, max(start, one.start - _NEAR), one.start) is not None for one in stated) > 1:
        return  # what each of its bodies got
    for one in stated:
        phase = PHASE_OF_CUE.get(one.cue or "") or ("granted" if _is_funding(page, draft, start, one) else None)
        phase = phase or of_line(page, start, one, end)
        if phase and phase not in {p for p, _ in draft.sums}:
            draft.sums.append((phase, one))


def is_fund(words: str) -> bool:
    """Tell whether words are a fund's name and no more: ``Euroopan sosiaalirahasto (ESR)``, not ``Polku (ESR)``."""
    for one in reversed(mentions.funds(words)):
        words = words[: one.start] + words[one.end :]
    return not phrases.pattern("cues", "fund.of_union").sub("", words).strip(" ()+")


def of_line(page: Page, start: int, one: Sum, end: int) -> str | None:
    """What the sum of a line is by its only words, a fund's name or a word for all: ``ERDF: 9 000 €``, ``Total 12 000 €``."""
    bracket = page.text.rfind("(", start, one.start)  # ``300 000 euroa (EAKR 200 000 €)``
    if bracket > 0 and page.text[one.end : one.end + 1] == ")":
        return "granted" if is_fund(page.text[bracket + 1 : one.start].strip()) else None
    before = page.text[start : one.start].strip(" :\n€")
    if one.cue or not before or page.text[one.end : end].strip(" .,€"):
        return None
    return "granted" if is_fund(before) else "costEstimate" if _WHOLE.fullmatch(before) else None


_WHOLE = re.compile(rf"(?:{phrases.source('row.total')})", re.IGNORECASE)
_TO_BODY = re.compile(r"\w+lle\s+$")
_NEAR = 60
"""The word right before a sum stands within so many letters."""
_GIVEN = re.compile(rf"-{NOUNS}(?<=lle)\s+$")
"""``Polku -hankkeelle 266 936 euroa``."""
_BESIDE = re.compile(rf"-{NOUNS}\s+\(\D{{0,20}}$")
"""``Polku-hanke (rahoitus 200 000 €)``."""
_RELATIVE = phrases.whole_words("cues", "cue.relative")
_VERB = phrases.whole_words("cues", "theme.verb")
_WHICH = re.compile(rf",\s{_RELATIVE}\s")
_FUNDING = re.compile(rf"{phrases.whole_words('cues', 'noun.funding')}(?:\s\([^()]*\))?$")
"""``rahoituksella (AKKE), jota Kainuun liitto hallinnoi``: no part in the project."""


def _is_funding(page: Page, draft: Draft, start: int, one: Sum) -> bool:
    """Tell whether a sum without a cue is what a project got: ``rahoitus on 9 000 euroa``."""
    if one.cue is None and _GIVEN.search(page.text, start, one.start):
        return not phrases.says("status.selected", page.before(draft.block))
    block = page.blocks[draft.block]
    if one.cue is None and block.kind == "item" and block.start <= start < block.end:
        return phase_above(page, draft.block) == "granted"
    if one.cue is None and _BESIDE.search(
        page.text, start, one.start
    ):  # of a list below ``… myönsi rahoitusta kolmelle``
        return phrases.says("status.funded", page.title or "") or phrases.says("money.grants", page.text, 0, start)
    whole = page.sentence_at(start)[0]
    granted = one.cue is None and phrases.find("money.grants", page.text, whole, one.start)
    return bool(granted) or is_support(page.text, start, one) or (whole < start and _goes_on(page, draft, whole, one))


def _goes_on(page: Page, draft: Draft, whole: int, one: Sum) -> bool:
    """Tell whether a sum says of the next project what the one before it in the sentence said: ``…, Polku-hankkeen 9 000 €``."""
    before = [other for other in sums(page.text, whole, one.start)][-1:]
    return one.cue is None and any(other.cue == "granted" or _is_funding(page, draft, whole, other) for other in before)


_BETWEEN = re.compile(rf"\s(?:{phrases.AND}\s)?")
_FIRST_NAME = re.compile(
    rf"(?:,(?!\s{_RELATIVE}))?(?:[ \n]+[a-zåäö]\S*){{0,5}}?[ \n]*(?::[ \n]*)?(?=\d?[A-ZÅÄÖ])|"
    r"(?:[ \n]+[a-zåäö][^\s:]*){6,12}?:[ \n]*(?=[A-ZÅÄÖ])"
)
_IN_BRACKET = re.compile(rf"[\"”“»]?\s?-?{NOUNS}\s+\((?P<list>[A-ZÅÄÖ][^()]{{3,200}})\)")
"""``Polku-hankkeelle (Väylä Oy) esitetään …``."""
_IS = re.compile(rf"[^,.;:\n]{{1,40}}?\s{phrases.whole_words('cues', 'verb.be')}(?=\s)")
_ABLATIVE = re.compile(r"(?:lt|ss)[aä]$")
_SENTENCE = re.compile(r"[a-zåäö]+\s")
"""``… ja sitä rahoittaa Satakuntaliitto``: no name begins with a word in small letters."""
_POINTER = phrases.whole_words("cues", "cue.pointer")
_IN_PROJECT = re.compile(r"\s[^.,\n]{1,80}\s?-(?:hankkeessa|projektissa)(?=\s)")
_LIST_END = re.compile(
    rf"\s{phrases.AND}(?:\s+{_POINTER})?\s*$|[.]\s*$|(?:,|(?<!\s))\s+{_RELATIVE}\s|,\s+{phrases.AND}\s+(?=[a-zåäö])|"
    rf"\skanssa(?!\w)|\s{phrases.AND}\s+(?:{_VERB}|{_POINTER}|{_RELATIVE}|{phrases.whole_words('cues', 'noun.one')})(?!\w)"
)
_ROLE_BEHIND = re.compile(r"\s?\([^()\n]{4,40}\)")
_LEADS_WITH = re.compile(rf"{_LIST_END.pattern}|\s{phrases.whole_words('cues', 'name.joint')}")
"""Those with whom a body leads a project do not lead it."""


def role_cues(page: Page, start: int, end: int) -> list[tuple[int, int, bodies.Role | None]]:
    """The words of a sentence that give organisations a part in a project: where they begin and end, and the role.

    A role in brackets is that of the name before it alone.
    """
    found = [
        (cue.start, cue.end, role)
        for name, role in ROLES
        for cue in phrases.find(name, page.text, start, end)
        if not (page.text[cue.start - 1] == "(" and page.text[cue.end : cue.end + 1] == ")")
        and not _of_other_task(page.text, start, cue.start)
        and not any(by.start <= cue.start < by.end for by in phrases.find("role.granted_by", page.text, start, end))
    ]
    if any(role == "partner" for _, _, role in found):  # the applicant beside partners leads
        applicants = {(cue.start, cue.end) for cue in phrases.find("role.applicant", page.text, start, end)}
        found = [(low, high, "lead" if (low, high) in applicants else role) for low, high, role in found]
    kept: list[tuple[int, int, bodies.Role | None]] = []
    for one in sorted(found, key=lambda one: one[0]):
        if page.text[start : one[0]].endswith("who ") or (kept and one[0] < kept[-1][1]):
            continue
        if kept and kept[-1][2] and _BETWEEN.fullmatch(page.text, kept[-1][1], one[0]):  # ``som partner medverkar``
            one = (kept[-1][0], one[1], kept[-1][2] or one[2])
            kept.pop()
        kept.append(one)
    return kept


def _in_own_name(page: Page, draft: Draft, low: int, high: int) -> bool:
    """Tell whether the words of a role belong to the project's name: ``Kumppanina kotimaassa on …``."""
    name = page.text[slice(*draft.name)] if draft.name else ""
    at = name.find(page.text[low:high])
    return at >= 0 and page.text[low - at : low - at + len(name)] == name


def _of_other_task(text: str, start: int, verb: int) -> bool:
    """Tell whether a verb says who does something else than the project: ``Hankkeen arvioinnin toteuttaa Väylä Oy``."""
    low = max((one.end() for one in _CLAUSE.finditer(text, start, verb)), default=start)
    return phrases.says("task.other", text, low, verb)


_CLAUSE = re.compile(rf",\s|\s{phrases.AND}\s")


def _with_role_behind(page: Page, start: int, end: int) -> Iterator[bodies.Body]:
    """The organisations with their role in brackets: ``Oulun kaupunki (osatoteuttaja)``."""
    for group in groups(page.text, start, end):
        bracket = _ROLE_BEHIND.match(page.text, group.end, end)
        if bracket:
            yield from (one for one in bodies_of(page.text, replace(group, end=bracket.end())) if one.role)


def take_roles(page: Page, draft: Draft, start: int, end: int) -> None:
    """Take the organisations to which a sentence gives a part in a project.

    ``Hankkeen päätoteuttajana on Suomen Setlementtiliitto ry ja osatoteuttajana Diakonissalaitos.``
    """
    add_bodies(draft, _with_role_behind(page, start, end))
    cues = [one for one in role_cues(page, start, end) if not _in_own_name(page, draft, *one[:2])]
    listed = False  # the last words of a role stood before the names
    for number, (low, high, role) in enumerate(cues):
        along = bool(phrases.find("role.with", page.text, low, high))
        behind = cues[number - 1][1] if number else start
        if _is_one(page, draft, behind, low, role, only=not number) or (
            not (listed or along) and _doer(page, draft, behind, low, role)
        ):
            continue
        listed = False
        active = phrases.pattern("cues", "role.active").fullmatch(page.text, low, high)
        if active and DOES.fullmatch(page.text, start, low):
            continue
        limit = cues[number + 1][0] if number + 1 < len(cues) else end
        be = _IS.match(page.text, high, limit)  # ``Kumppaneita Suomen ulkopuolella ovat …``
        high = be.end() if be else high
        within = _IN_PROJECT.match(page.text, high, limit)
        first = _FIRST_NAME.match(page.text, within.end() if within else high, limit)
        if first is None:
            continue
        first = (None if along else besides(page, first.end(), limit)) or first
        limit = _ends_before(page, first.end(), limit)
        alliance = _members(page, first.end(), limit)
        stop = (_LEADS_WITH if role == "lead" else _LIST_END).search(page.text, alliance, limit)
        if along and any(one.role == "lead" for one in draft.bodies):
            role = "partner"
        limit = stop.start() if stop else limit
        together = (one.start for one in several(page.text, high, limit) if one.start < first.end())
        begins = min([first.end(), *together]) if alliance == first.end() else alliance
        head = _HEAD_BEFORE.search(page.text, high, begins)
        begins = head.start() if head else begins
        known = _end_of_known(page, begins, limit)
        dash = _DASH.search(page.text, begins, known) if alliance != first.end() else None
        members = bodies_of(page.text, Group(begins, dash.start(), True, False), role) if dash else ()
        for body in _one_lead(list(members or bodies.organisations(page.text, begins, known, role=role))):
            if _is_no_body(page, draft, body):
                continue
            short = body.name.count(" ") < 4 or any(
                bodies.is_owner(body.name[: gap.start()]) for gap in re.finditer(r"(?<!\s)\s", body.name)
            )
            likely = (role or listed) and short and (listed or persons.understand(body.name).kind != "person")
            if _ABLATIVE.search(page.text, body.start, body.end) or _SENTENCE.match(body.name):
                continue  # the funder
            if bodies.is_organisation(body.name) or (likely and body.name[0].isalpha()):
                add_body(draft, replace(body, role_span=body.role_span or (low, body.end)))
                listed = True


def _one_lead(named: list[bodies.Body]) -> list[bodies.Body]:
    """Bodies of a list, of which none leads where several are said to: a project has one lead."""
    several_lead = sum(one.role == "lead" for one in named) > 1
    return [replace(one, role=None) for one in named] if several_lead else named


def _before(page: Page, time: mentions.Time) -> int:
    """Where the words end before a time: ``vuosina 2024–2026`` and ``under åren 2024–2026`` begin with words for years."""
    at = time.start
    for cue in reversed(phrases.find("time.years", page.text, max(0, at - 16), at)):
        at = at if page.text[cue.end : at].strip() else cue.start
    return at


def _ends_before(page: Page, start: int, end: int) -> int:
    """Where a list of bodies ends: before the first time or word for beginning (``A, started in January 2024``)."""
    begins = (cue.start for cue in phrases.find("project.starts", page.text, start, end))
    return min([end, *begins, *(_before(page, time) for time in mentions.times(page.text, start, end))])


def _end_of_known(page: Page, start: int, end: int) -> int:
    """Where a list ends of which each name is known: behind the last one, if other words go on (``A:n ja B:n kustannuksiin``)."""
    known = next(iter(groups(page.text, start, end)), None)
    other = _OTHER_WORD.match(page.text, known.end, end) if known and known.start == start else None
    return known.end if known and other and not is_noun(other["word"]) else end


_OTHER_WORD = re.compile(rf"\s+(?!(?:{phrases.AND}|{'|'.join(WORDS.prepositions)})\s)(?P<word>[a-zåäö]\w*)")


def _members(page: Page, start: int, end: int) -> int:
    """Where the members of an alliance begin, behind a dash: ``by 3A, an alliance of schools – A, B and C``; else the start."""
    for dash in _APPOSITION.finditer(page.text, start, end):
        named = [one.name for one in bodies.organisations(page.text, dash.end(), end)]
        if len(named) > 1 and any(map(bodies.is_organisation, named)):
            return dash.end()
    return start


_HEAD_BEFORE = re.compile(rf"(?:{phrases.source('name.headed')})\s$")
"""``the wellbeing services county of Lapland``: a name that begins in small letters."""
_APPOSITION = re.compile(r"\s[–—]\s(?=[A-ZÅÄÖ])")
_DASH = re.compile(r"\s[–—]\s")


def _is_one(page: Page, draft: Draft, start: int, verb: int, role: bodies.Role | None, *, only: bool) -> bool:
    """Take the body right before "is a partner": the last of those that a sentence has named, all where ``only`` they are."""
    named = groups(page.text, start, verb)[-1:] if _BE.match(page.text, verb) else ()
    if not named or named[0].genitive or page.text[named[0].end : verb].strip():
        return False
    add_bodies(draft, bodies_of(page.text, named[0], role)[0 if only else -1 :])
    return True


_BE = re.compile(rf"(?:{phrases.source('verb.be')})\s")
_PAID = re.compile(rf"\s+{phrases.whole_words('cues', 'owner.funds')}")


def _is_no_body(page: Page, draft: Draft, body: bodies.Body) -> bool:
    """Tell whether words behind a role name the project itself, another one, a theme or a fund."""
    theme = any(cue.words[0] == "-" for cue in phrases.find("theme.noun", body.name))  # ``Hyvä arki -kokonaisuutta``
    own = draft.name is not None and folded(body.name) == folded(page.words(draft.name))
    other = persons.is_project(body.name) or _PROJECT_BEFORE.search(body.name)
    pays = _PAID.match(page.text, body.end)  # ``ministeriön myöntämän rahoituksen``
    return bool(own or theme or other or pays or mentions.funds(body.name))


def _doer(page: Page, draft: Draft, start: int, verb: int, role: bodies.Role | None) -> bool:
    """``Oulun kaupunki johtaa ja Oulun yliopisto toteuttaa``: the body that stands right before the verb."""
    joint = re.match(rf"[\s,]*{phrases.AND}\s+", page.text[start:verb])
    which = list(_WHICH.finditer(page.text, start, verb))
    low = which[-1].end() if which else start + joint.end() if joint else start
    if which and _FUNDING.search(page.text, start, which[-1].start()):
        return True
    if role is None and _PAYS.match(page.text, verb):
        return True
    words = page.text[low:verb].strip()
    said = phrases.pattern("jobs", "person.gives").search(words)  # a sentence: ``Novia on pyytänyt Kemin kaupunkia``
    if which and any(words and one.name.startswith(words) for one in draft.bodies):
        draft.bodies = [
            replace(one, role=role or one.role) if one.name.startswith(words) else one for one in draft.bodies
        ]
        return True
    named = groups(page.text, low, verb)[-1:]
    if not named or said or phrases.says("money.grants", words) or not _ADVERB.fullmatch(page.text, named[0].end, verb):
        return False
    led = any(body.role == "lead" for body in draft.bodies)
    add_bodies(draft, bodies_of(page.text, named[0], role or ("partner" if led else None)))
    return True


_PAYS = re.compile(rf"\S+\s+(?:\S+\s+)?{phrases.whole_words('cues', 'noun.funding')}", re.IGNORECASE)
"""``osallistuvat hankkeen rahoitukseen``."""
_ADVERB = re.compile(rf"\s*(?:{phrases.AND}\s+[a-zåäö]+\s+)?(?:[a-zåäö]+\s+)?")
"""What may stand between a body and what it does: ``Oulun kaupunki (ja sen kumppanit) myös toteuttaa``."""


_PROJECT_BEFORE = re.compile(r"-(?:hank|projekt)\w*")


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
