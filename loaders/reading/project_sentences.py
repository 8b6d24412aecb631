"""Projects that running text names, and what sentences say of a project."""

import re
from collections.abc import Iterator
from itertools import pairwise

from loaders import mentions, phrases
from loaders.blocks import NUMBERED, Block, Bounds
from loaders.names import Registry
from loaders.reading import bodies, persons
from loaders.reading.named_bodies import owners_of
from loaders.reading.page import TITLE_END, Page
from loaders.reading.project_drafts import Draft, add_bodies
from loaders.reading.project_names import (
    BESIDE,
    NOUN,
    NOUN_BEHIND,
    folded,
    fund_behind,
    goes_on,
    heads_part,
    heads_prose,
    in_title,
    is_heading,
    is_headline,
    lists_several,
    names_in,
    stands_in_list,
    whole_title,
    window,
)
from loaders.reading.project_statements import enrich, of_line, role_cues
from loaders.reading.project_values import take_field
from loaders.reading.sums import holds_sum, sums
from loaders.records import Stated
from loaders.values.marks import codes

_ABOUT = ("noun.project", "noun.coordination", "project.joint_of", "noun.implementer")
"""What a sentence holds that is about a project."""


def from_sentences(page: Page, known: list[Draft], *, divided: bool = False, bare: bool = False) -> list[Draft]:
    """Projects that only running text names, in quotes, before ``-hanke`` or before a code in brackets.

    Something has to be said of them besides the name, unless ``bare``.
    """
    names = dict.fromkeys(folded(page.words(d.name)) for d in known if d.name)
    described = len(known) == 1 and known[0].name is not None and len(known[0].fields) >= 3
    found: dict[str, Draft] = {}
    current: Draft | None = None
    head: int | None = None
    for number, block in enumerate(page.blocks):
        if not _runs(page, number, block):
            continue
        below_item = number > 0 and page.blocks[number - 1].kind == "item" and not block.gap
        continues = block.kind == "line" and not block.level and (below_item or goes_on(page, block, current))
        continues = continues or (head is not None and page.outline.sections[number] == head)
        headed = _named_by(page, block, known) if block.kind == "heading" else None
        head = number if headed else head
        current = headed or (current if continues else None)
        for start, end in page.sentences(block):
            coordinating = _named_whole(page, start, end)
            named = [whole_title(page, one) for one in names_in(page.text, start, end)]
            named = _whole_line(page, block, named) or heads_prose(page, number, start)
            named = [one for one in named if not BESIDE.match(page.text, one[1])]
            if coordinating and coordinating.name:
                named = [coordinating.name]
            if not named and current is not None and not _of_other(page, start, end):
                enrich(page, current, start, end)
            for low, high in named:
                key = folded(page.text[low:high])
                title = in_title(page, key)
                own = next((folded(page.words(d.name)) for d in known if d.name and _is_named(d, title, key)), None)
                whole = own or next((one for one in names if key and (one.startswith(key) or key in one)), None)
                if whole or len(key) < 3 or described:
                    current = next((d for d in known if d.name and folded(page.words(d.name)) == whole), None)
                else:
                    longer = _known_as(page, found, (low, high))
                    current = found.setdefault(longer, Draft(title or (low, high), number))
                    head = number if current.block == number and stands_in_list(page, current) else head
                    _take_behind(page, current, high)
                if coordinating and current:
                    _coordinates(current, coordinating)
                enrich(page, current, *window(page.text, (low, high), named, start, end), at=low)
                _take_owners(page, current, block, start)
    drafts = [*found.values()] if known or found else list(_titled(page))
    told = [d for d in drafts if _is_told(page, d)] or [d for d in drafts if _heads_page(page, d)] or drafts
    single = [d for d in [*known, *told] if d.name]
    if len(single) == 1 and not divided and not lists_several(page):
        title_at = page.blocks[page.title_block] if page.title_block is not None else None
        low = single[0].name[0] if single[0].name else 0
        titled = not found or (title_at is not None and title_at.start <= low < title_at.end)
        _enrich_from_page(page, single[0], whole=not known and titled)
    titled = any(_heads_page(page, d) for d in [*known, *drafts])
    return [
        d for d in drafts if bare or (_is_told(page, d) and (not titled or _heads_page(page, d) or _is_own(page, d)))
    ]


def _is_own(page: Page, draft: Draft) -> bool:
    """Tell whether more than a fund or theme is said of a project beside the one that the page's title names."""
    facts = (draft.bodies, draft.sums, draft.start, draft.end, draft.code, draft.coordination)
    return any(facts) or is_heading(page, draft) or stands_in_list(page, draft)


def _take_behind(page: Page, draft: Draft, end: int) -> None:
    """Take the fund and the acronym in brackets behind a project's name."""
    draft.fund = draft.fund or fund_behind(page, end)
    if short := _SHORT_BEHIND.match(page.text, end):
        draft.acronym = draft.acronym or page.stated(short["short"], *short.span("short"))


def _named_by(page: Page, block: Block, known: list[Draft]) -> Draft | None:
    """The project, known from a table or a form elsewhere, whose name is a heading: its part tells of it."""
    words = page.words(block)
    number = NUMBERED.match(words)
    key = folded(words[number.end() - 1 :] if number else words)
    return next((d for d in known if d.name and folded(page.words(d.name)) == key), None)


def _take_owners(page: Page, draft: Draft | None, block: Block, start: int) -> None:
    """Give a project without organisations those of the sentence before it in its block: ``A sai rahoitusta hankkeisiin.``"""
    before = [span for span in page.sentences(block) if span[1] <= start] if draft and not draft.bodies else []
    for span in reversed(before):
        if draft and not any(names_in(page.text, *span)) and (owners := owners_of(page, *span)):
            add_bodies(draft, owners)
            return


def _whole_line(page: Page, block: Block, named: list[Bounds]) -> list[Bounds]:
    """The names of a line; a heading that is one name and its noun is the name (``Lapin turvemaat töihin -hanke``)."""
    noun = NOUN_BEHIND.search(page.words(block)) if block.kind == "heading" and len(named) == 1 else None
    if noun is None or named[0][1] != block.start + noun.start():
        return named
    return named if bodies.is_owner(page.text[block.start : named[0][0]].strip()) else [(block.start, named[0][1])]


def _known_as(page: Page, found: dict[str, Draft], name: Bounds) -> str:
    """The key of a project that is named before, the name itself where it is not."""
    key = folded(page.words(name))
    words = page.words(name)
    for one, draft in [*found.items()]:
        other = page.words(draft.name or name)
        if _adds_word(other, words):  # the first name began with a word too many
            found[key] = found.pop(one)
            found[key].name = name
        elif _adds_word(words, other):
            return one
    known = (one for one, draft in found.items() if _is_short(key, one) or _is_named(draft, None, key))
    return key if key in found else next(known, key)


def _adds_word(longer: str, name: str) -> bool:
    """Tell whether words are a name of several words with another word before it: ``Tutustu Uusi polku`` and ``Uusi polku``."""
    first = longer.removesuffix(f" {name}")
    return " " in name and first != longer and first.isalpha()


def _is_told(page: Page, draft: Draft) -> bool:
    """Tell whether something is said of a project besides its name."""
    return bool(draft.theme or draft.fund) or _is_own(page, draft) or _is_granted(page, draft)


def _is_named(draft: Draft, title: Bounds | None, key: str) -> bool:
    """Tell whether a project has the page's title for its name, or this folded name for its acronym."""
    return (title is not None and draft.name == title) or (
        draft.acronym is not None and folded(draft.acronym.value) == key
    )


def _heads_page(page: Page, draft: Draft) -> bool:
    """Tell whether a project's name stands in the page's title."""
    title = page.blocks[page.title_block] if page.title_block is not None else None
    return title is not None and draft.name is not None and folded(page.words(draft.name)) in folded(page.words(title))


def _is_short(key: str, name: str) -> bool:
    """Tell whether a folded name begins another one, or ends it as an acronym in brackets does."""
    return name.startswith(key) or (len(key) < _ACRONYM and name.endswith(key))


_ACRONYM = 9
_SHORT_BEHIND = re.compile(r"[\"”“»]\s*\((?P<short>[A-ZÅÄÖ][A-ZÅÄÖ\d-]{1,9})\)")
"""``"Vind i seglen" (VISE)``."""


def _runs(page: Page, number: int, block: Block) -> bool:
    """Tell whether a block is running text of the page's own, and no job of a contact (``Asiantuntija / Suon koordinaatio``)."""
    if block.kind not in ("line", "item", "heading") or number in page.menu or page.related(number):
        return False
    return persons.understand(page.words(block).partition("/")[0]).kind != "job"


def _titled(page: Page) -> Iterator[Draft]:
    """The project that is a page's title: sentences say that it is one, or tell of "the project" what only projects have."""
    number = page.title_block
    if number is None:
        return
    block = page.blocks[number]
    name = TITLE_END.sub("", page.words(block))
    if bodies.is_organisation(name) or phrases.label(name) or name.endswith((".", "?", "!")) or _tells_of_body(name):
        return
    if phrases.says("document.report", name):
        return
    repeated = name.count(" ") < _SHORT and re.search(rf"(?<!\w){re.escape(name)}", page.text[block.end :]) is not None
    words = r"[\W_]+".join(map(re.escape, re.findall(r"\w+", name)))
    begins = re.compile(rf"{words}(?:{TITLE_END.pattern[:-1]})?[\W_]+(?:{phrases.source('verb.be')})\s")
    news = is_headline(name) or name.count(" ") >= _NAME
    signs = {"fund"} if page.funds and not news and not page.outline.of_themes else set()
    funded = bool(signs) and any(one.kind == "field" and one.label == "money.funding" for one in page.blocks)
    for other in page.blocks[number + 1 :]:
        for start, end in page.sentences(other):
            first = begins.match(page.text, start, end)
            said = {"is"} if first and _is_of_project(page, first.end(), end) else set()
            said |= _signs(page, start, end, named=first is not None, repeated=repeated)
            said |= {"is"} if funded and _OF_PROJECT.match(page.text, start, end) else set()
            signs |= said
            if said and (signs & {"is", "lead", "time"} or len(signs) > 1):
                yield Draft((block.start, block.end), number, unsure=not first)
                return


def _is_of_project(page: Page, start: int, end: int) -> bool:
    """Tell whether the words behind a title and "is" are about a project or say who funds it."""
    about = any(phrases.says(cue, page.text, start, end) for cue in _ABOUT)
    return about or (phrases.says("owner.funds", page.text, start, end) and bool(page.funds_in(start, end)))


def _signs(page: Page, start: int, end: int, *, named: bool, repeated: bool) -> set[str]:
    """What a sentence tells of "the project", or of the title that it is ``named`` by: who, when, for how much, what for."""
    span = (page.text, start, end)
    noun = _ONE_PROJECT.search(page.text, start, end if repeated else min(end, start + _SUBJECT))
    lasts = phrases.says("project.lasts", *span) and any(not one.single for one in mentions.times(*span))
    found = {"time"} if lasts else set()
    found |= {"aim"} if phrases.says("project.aim", *span) else set()
    found |= {"money"} if any(of_line(page, start, one, end) for one in sums(*span)) else set()
    if noun is None and not named:
        return found
    roles = {role for _, _, role in role_cues(page, start, end)}
    found |= {"lead"} if "lead" in roles or (roles and repeated) else {"role"} if roles else set()
    found |= {"money"} if holds_sum(*span) else set()
    turns = any(phrases.says(f"project.{turn}", *span) for turn in ("starts", "ends"))
    return found | ({"turn"} if turns and mentions.times(*span) else set())


def _tells_of_body(title: str) -> bool:
    """Tell whether a title is a headline about an organisation: ``Oulun yliopisto menestyi rahoitushaussa``."""
    cuts = (one.start() for one in re.finditer(r"\s(?=[a-zåäö])", title))
    return any(bodies.is_organisation(title[:cut]) for cut in cuts)


_OF_PROJECT = re.compile(
    rf"(?i:(?:(?:{phrases.source('name.small')})\s)?(?:{phrases.source('noun.listed')})(?!\w))|"
    rf"(?i:{phrases.source('cue.this')})\s(?:{phrases.source('verb.be')})\s(?:\S+\s){{0,3}}{NOUN}(?!\w)"
)
"""``The project …``, ``This is a nationwide project``."""
_ONE_PROJECT = re.compile(rf"(?<![\w-])(?:{phrases.source('noun.one')})(?!\w)", re.IGNORECASE)
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
        led = next((one for one in phrases.find("role.led_by", page.text, low, high) if _is_led(page, low, one)), None)
        owner = (low, led.start if led else low)
        low = led.end + 1 if led else low
        words = page.text[low:high]
        last = words.rpartition(" ")[2]  # ``Teemassa on yksi koordinaatiohanke``
        if phrases.says("noun.theme", last) or Registry.load().theme(page.text[low : match.end()].strip()):
            continue
        if (
            not re.search(r"[a-zåäö]{3}|[A-ZÅÄÖ]{6}", words)
            or Registry.load().organisation(words)
            or not words[0].isupper()
        ):
            continue
        draft = Draft((low, high), coordination=Stated(True, page.origin(*match.span())))
        draft.joint = phrases.says("coordination.joint", page.text, max(_opening(page, start), low - 20), low)
        if led:  # ``koordinaatiohanke on Lapin liiton hallinnoima Polku``
            add_bodies(draft, bodies.organisations(page.text, *owner, role="lead"))
        if "who" in groups:
            add_bodies(draft, bodies.organisations(page.text, *match.span("who")))
        return draft
    return None


def _is_led(page: Page, low: int, cue: phrases.Cue) -> bool:
    """Tell whether the words before a cue for leading are an organisation's name in the genitive, and a name stands behind it."""
    return bodies.is_owner(page.text[low : cue.start].strip()) and page.text[cue.end + 1 : cue.end + 2].isupper()


def _opening(page: Page, start: int) -> int:
    """Where the sentence begins that stands at the start of a line: in the block above it, if that ends in no stop."""
    for above, own in pairwise(page.blocks):
        if own.start == start and own.kind == "line" and not own.gap and page.text[above.end - 1].islower():
            return above.start
    return start


def _coordinates(draft: Draft, found: Draft) -> None:
    """Add to a project what a sentence says of it as a coordination project."""
    draft.coordination, draft.joint = draft.coordination or found.coordination, draft.joint or found.joint
    add_bodies(draft, found.bodies)


def _is_granted(page: Page, draft: Draft) -> bool:
    """Tell whether the sentence that names a project says that it was selected or granted money."""
    name = page.words(draft.name or (0, 0))
    spans = (page.sentence_at(one.start()) for one in re.finditer(re.escape(name), page.text))
    return (
        not any(folded(one.value) == folded(name) for one in page.themes)
        and not Registry.load().theme(name)
        and any(phrases.says(cue, page.text, *s) for s in spans for cue in ("status.funded", "status.selected"))
    )


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
        told = block.kind == "heading" and number != page.title_block and _says_when(page, block)
        told |= block.kind == "heading" and holds_sum(page.text, block.start, block.end)
        if not (told or block.kind in ("line", "item", "field")) or number in page.menu or page.related(number):
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


def _says_when(page: Page, block: Block) -> bool:
    """Tell whether a line between blank lines says of the project when it begins or ends: ``Hankkeen alkamispäivä on …``."""
    span = (page.text, block.start, block.end)
    said = any(phrases.says(cue, *span) for cue in ("project.starts", "project.ends"))
    return said and phrases.says("noun.project", *span) and bool(mentions.times(*span))


def _is_of_theme(page: Page, start: int, end: int) -> bool:
    """Tell whether a sentence begins with the theme and names no one project of it: ``Teeman rahoitus …, hankkeita …``."""
    first = next(iter(phrases.find("noun.theme", page.text, start, end)), None)
    begins = first is not None and not page.text[start : first.start].strip()
    return begins and not phrases.says("noun.coordination", page.text, start, end)


def _sentences_about(page: Page, draft: Draft, block: Block, *, whole: bool) -> Iterator[Bounds]:
    """The sentences of a block that are about the page's project: those that say so or begin with its name, and what goes on."""
    about, name = whole, page.words(draft.name) if draft.name else None
    for start, end in page.sentences(block):
        named = name is not None and page.text.startswith(f"{name} ", start)
        about_it = named or any(phrases.says(cue, page.text, start, end) for cue in _ABOUT)
        said = about_it and not _is_of_theme(page, start, end)
        others = any(phrases.says(f"noun.{noun}", page.text, start, end) for noun in ("call", "theme"))
        about = whole or said or (about and not others)
        if about and not _of_other(page, start, end):
            yield start, end
