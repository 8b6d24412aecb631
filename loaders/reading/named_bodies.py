"""Organisations that a sentence names, in whatever place and case, and the part in a project that the words around give them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import NamedTuple

from loaders import mentions, phrases
from loaders.names import Registry, nominative
from loaders.names.keys import FORM_ENDS, english_head, head_of, leading_head
from loaders.names.parts import several
from loaders.names.text import WORDS
from loaders.reading.bodies import WHERE, Body, Role, is_organisation, is_sort, organisations
from loaders.reading.page import Page
from loaders.reading.project_drafts import Draft, add_bodies
from loaders.reading.project_names import NOUN
from loaders.reading.sums import holds_sum

_LONGEST = 8
"""No name of an organisation in running text has more words."""
_FIRST = re.compile(r"(?<![\w-])[A-ZÅÄÖ][\w&+-]*")
_LAST = re.compile(rf"(?<=n)\s+{phrases.whole_words('cues', 'cue.and')}\s+(?=[A-ZÅÄÖ][\w-]+$)")
"""Before the last body of a list in the genitive, which is one word."""
_TOKEN = re.compile(r"\s*(?!EUR\s|€)(?P<word>[^\s,;:()\"”“»]+(?::[a-zåäö]{1,4})?)")
_INSIDE = frozenset({*WORDS.prepositions, *WORDS.swedish_prepositions, *WORDS.joiners, "the"})
"""Small words that may stand within a name."""
_SMALL = _INSIDE | {*phrases.wordings("cues", "name.small")}
_AND = phrases.whole_words("cues", "cue.and")
_JOINT = re.compile(
    rf"(?:\s*\([^()]*\)|\s+[a-zåäö]+[jdi]en)?(?:\s*,\s+(?:{_AND}\s+)?|\s+{_AND}\s+)"
    rf"(?:{phrases.whole_words('cues', 'name.small')}\s+)?"
    rf"(?:[A-ZÅÄÖ][\w-]*(?::n|\s[A-ZÅÄÖ][\w-]*)?(?:\s*,\s+|\s+{_AND}\s+))*"
)
"""What joins two names of a list; a name that nobody knows may stand between them."""


@dataclass(frozen=True, slots=True)
class Group:
    """Organisations that a sentence lists (``A, B ja C``): where they stand, and whether in the genitive."""

    start: int
    end: int
    genitive: bool
    single: bool


@lru_cache(maxsize=8)
def groups(text: str, start: int, end: int) -> tuple[Group, ...]:
    """Find the organisations that a sentence names, those of one list together.

    >>> [(g.genitive, g.single) for g in groups("Polku on Oulun kaupungin ja LAB Oy:n hanke", 0, 42)]
    [(True, False)]
    """
    found: list[Group] = []
    for low, high, genitive in _names(text, start, end):
        if found and found[-1].genitive == genitive and _JOINT.fullmatch(text, found[-1].end, low):
            found[-1] = Group(found[-1].start, high, genitive, single=False)
        elif not found or low >= found[-1].end:
            found.append(Group(low, high, genitive, single=True))
        if genitive and (rest := _REST.match(text, found[-1].end, end)):
            found[-1] = Group(found[-1].start, rest.end(), genitive, single=False)
    return tuple(found)


@lru_cache(maxsize=1024)
def bodies_of(text: str, group: Group, role: Role | None = None) -> tuple[Body, ...]:
    """Give the organisations of a group, their names in the base form."""
    last = _LAST.search(text, group.start, group.end) if group.genitive else None
    spans = [(group.start, group.end)] if last is None else [(group.start, last.start()), (last.end(), group.end)]
    named = [body for span in spans for body in organisations(text, *span, role=role)]
    base = (replace(body, name=(_base(body.name) or (_bare(body.name, group),))[0]) for body in named)
    return tuple(body for body in base if not Registry.load().ministry(body.name))


def _names(text: str, start: int, end: int) -> Iterator[tuple[int, int, bool]]:
    """The names of a sentence, the longest that begins at each capital, and whether each is in the genitive."""
    at, lists = start, list(several(text, start, end))
    while first := _FIRST.search(text, at, end):
        at = first.end()
        if together := next((one for one in lists if one.start <= first.start() < one.end), None):
            at = together.end  # ``Auran ja Liedon kuntien``
            yield together.start, at, text[at - 1] == "n"
            continue
        where = WHERE.search(first.group()) and nominative(first.group()) == first.group()
        if where or first.group().casefold() in _SMALL or _is_no_name(text, first, start, end):
            continue
        named = _longest(text, first.start(), end)
        if named:
            at = named[0]
            yield first.start(), *named


def _is_only_noun(name: str) -> bool:
    """Tell whether a word is a town's name without the word for town, which may be but a place, or only says a sort of body."""
    return " " not in name and (is_sort(nominative(name)) or Registry.load().type_of(name) == "municipality")


def _is_no_name(text: str, first: re.Match[str], start: int, end: int) -> bool:
    """Tell whether a capital begins no name: a project or fund, or a word that only stands first in the sentence."""
    if mentions.funds(first.group()):
        return True
    if first.start() != start or first.group().endswith(("n", "-")) or leading_head(first.group()):
        return phrases.says("trace.project", first.group())
    following = _TOKEN.match(text, first.end(), end)
    genitive = following is not None and following["word"][0].isupper() and following["word"].endswith("n")
    return genitive and following is not None and not FORM_ENDS.match(following["word"].partition(":")[0])


def _longest(text: str, low: int, end: int) -> tuple[int, bool] | None:
    """Where the longest name ends that begins at a word, and whether it is in the genitive."""
    best: tuple[int, bool] | None = None
    high = low
    for _ in range(_LONGEST):
        token = _TOKEN.match(text, high, end)
        word = token["word"].rstrip(".!?") if token else ""
        if token is None or not word:
            break
        in_form = best is None and _FORM_AHEAD.match(text, token.end(), end)
        if not in_form and not _goes_on(word, text[low : best[0]] if best else "", best):
            break
        high = token.start("word") + len(word)
        if (named := _base(text[low:high])) and not _is_only_noun(text[low:high]):
            best = (high, named[1])
        if high < token.end():  # a full stop
            break
    return best


_FORM_AHEAD = re.compile(rf"(?:\s+[a-zåäö][\w-]*){{0,2}}\s+(?:{'|'.join(WORDS.legal_forms)})(?!\w)")
"""Small words before a legal form belong to the name: ``Joutsenten reitti ry``."""


def _goes_on(word: str, name: str, best: tuple[int, bool] | None) -> bool:
    """Tell whether a word may go on a name: a capital, a small word or genitive inside it, the noun that a genitive wants."""
    low = word.casefold()
    if best is None:
        inside = low in _INSIDE or (low.endswith(("n", "-")) and not phrases.says("verb.be", low))
        return word[0].isupper() or inside or is_noun(low)
    if FORM_ENDS.match(word.partition(":")[0]):
        return True
    if best[1]:
        return word[0].islower() and is_noun(low)
    sort = " " not in name and word[0].islower() and is_sort(nominative(low))  # ``LUT yliopiston``
    return word[0].isupper() or sort or (low in _INSIDE and low not in WORDS.joiners)


def is_noun(word: str) -> bool:
    """Tell whether a word in small letters is a noun that only organisations have, in any case and language."""
    finnish = head_of(word) is not None or nominative(word) != word or head_of(word.removesuffix("s")) is not None
    return finnish or any(word in words.split() for words, _ in WORDS.english_heads)


def _base(words: str) -> tuple[str, bool] | None:
    """An organisation's name in its base form, and whether the words are its genitive; None where they are no name."""
    bare = re.sub(r"['’]s$", "s", words)
    if (name := nominative(bare)) != bare:
        return (name, bare.endswith(("n", ":s"))) if is_organisation(name) else None
    last = bare.rpartition(" ")[2]
    if bare.endswith("s") and " " in bare and not english_head(bare) and is_organisation(bare[:-1]):
        return bare[:-1], True
    known = Registry.load().organisation(bare)
    if known is None and last != bare and last[0].isupper() and last.endswith("n") and leading_head(bare):
        return _GENITIVE.sub(_ending, bare), True
    if known is not None and known.how == "inflected" and bare.endswith("n"):
        return _GENITIVE.sub(_ending, bare), True
    return (bare, False) if is_organisation(bare) else None


_GENITIVE = re.compile(r"(?:ks[e])?n$")


def _bare(name: str, group: Group) -> str:
    """A name that nobody knows in the base form, where its list is in the genitive."""
    return _GENITIVE.sub(_ending, name) if group.genitive else name


def _ending(genitive: re.Match[str]) -> str:
    """What stands in the base form for the end of a proper name's genitive: ``Salpauksen``, ``Gradian``."""
    return "s" if len(genitive.group()) > 1 else ""


_REST = re.compile(
    rf"(?:(?:\s*,\s+|\s+{_AND}\s+)[A-ZÅÄÖ][^,.;:()\n]{{2,70}}?n)+"
    rf"(?=\s+(?:{phrases.source('project.joint_of')}|{phrases.source('role.besides')})(?!\w))"
)
"""The rest of a list in the genitive up to the word that it depends on: ``Oulun kaupungin, Haaveen ja Toiveen kesken``."""

# what the words around say


def take_named(page: Page, draft: Draft, start: int, end: int, at: int) -> None:
    """Take the organisations that a sentence names as those of its project; the project's name stands ``at`` or nowhere (-1).

    Owners in the genitive (``A:n ja B:n yhteishanke``, ``A:n hallinnoima Polku-hanke``), those with or besides whom others
    carry it out, and those who do something in it (``A ja B kehittävät hankkeessa …``).
    """
    found = groups(page.text, start, end)
    for number, group in enumerate(found):
        low = found[number - 1].end if number else start
        if group.start <= at < group.end:  # a name with a noun of bodies in it: ``Kotoa kouluun``
            continue
        within = (low, start, end)
        part_of = _part_of_owner if group.genitive else _part_of_doer
        if part := _part_of_receiver(page, group, within, at) or part_of(page, draft, group, within, at):
            add_bodies(draft, bodies_of(page.text, group, part.role))
    for cue in phrases.find("role.led_by", page.text, start, end):
        who = _UNKNOWN.search(page.text, start, cue.start)
        known = who and (_base(who["name"]) or _is_only_noun(who["name"]))
        if who and not phrases.says("trace.project", who["name"]) and not known:
            add_bodies(draft, [Body(_GENITIVE.sub(_ending, who["name"]), *who.span("name"), "lead")])
    for bracket in _BRACKET.finditer(page.text, start, end):
        members = [Body(one.group(), *one.span()) for one in _MEMBER.finditer(page.text, *bracket.span("list"))]
        add_bodies(draft, members if len(members) > 1 else ())


class _Part(NamedTuple):
    """A part in a project: with a role or only as one of those who carry it out."""

    role: Role | None


_Sentence = tuple[int, int, int]
"""Where the words before a group of names begin, and where its sentence begins and ends."""


def _part_of_owner(page: Page, draft: Draft, group: Group, within: _Sentence, at: int) -> _Part | None:
    """The part of organisations in the genitive: of owners, leaders, and those with or besides whom others carry it out."""
    _, start, end = within
    if behind := _OWNED.match(page.text, group.end, end):
        limit = behind.end()
    elif at >= group.end and _TO_NAME.fullmatch(page.text, group.end, at):
        limit = at
    elif _BESIDE.match(page.text, group.end, end) and _is_carried_out(page, start, end):
        return _Part("partner" if any(one.role == "lead" for one in draft.bodies) else None)
    else:
        return None
    return _Part("lead" if phrases.find("role.led_by", page.text, group.end, limit) else None)


def _part_of_receiver(page: Page, group: Group, within: _Sentence, at: int) -> _Part | None:
    """The part of organisations to which money is granted for the project; beside partners they lead.

    ``X:lle myönnettiin``, ``myönsi X:lle``, ``X beviljades``, ``beviljade X 9 000 euro``: all but the one who grants.
    """
    _, start, end = within
    text, whole = page.text, page.sentence_at(group.start)
    if text.endswith("lle", group.start, group.end):
        verb = _granting(text, whole[0], end)
        given = verb is not None and not _RELATIVE.search(text, verb, max(verb, group.start))
        given |= at >= group.end and _FOR_NAME.fullmatch(text, group.end, at) is not None
    else:
        behind = _GIVEN.match(text, group.end, end)
        before = _GRANTS.search(text, whole[0], group.start)
        given = behind is not None or (before is not None and holds_sum(text, group.end, min(end, group.end + _NEAR)))
    about = at >= group.end or holds_sum(text, start, end) or phrases.says("trace.project", text, group.end, end)
    if not given or not about or mentions.authorities(text, group.start, group.end):
        return None
    return _Part("lead" if group.end <= at and phrases.says("role.partner", text, at, end) else None)


@lru_cache(maxsize=8)
def _granting(text: str, start: int, end: int) -> int | None:
    """Where the first word of a sentence ends that says that somebody grants or is granted money."""
    return next((one.end for cue in _GRANTED for one in phrases.find(cue, text, start, end)), None)


def owners_of(page: Page, start: int, end: int) -> list[Body]:
    """Those whose projects follow, by the sentence above them: ``A sai rahoitusta kolmeen hankkeeseen``, ``A:n hankkeet``."""
    found = [one for one in groups(page.text, start, end) if not mentions.authorities(page.text, one.start, one.end)]
    if len(found) != 1 or not phrases.says("trace.project", page.text, start, end):
        return []
    group = found[0]
    gets = _OPENS.fullmatch(page.text, start, group.start) and phrases.says("role.receives", page.text, group.end, end)
    has = group.genitive and _PROJECTS.match(page.text, group.end, end)
    given = gets or has or _part_of_receiver(page, group, (start, start, end), -1)
    return list(bodies_of(page.text, group)) if given else []


def _part_of_doer(page: Page, draft: Draft, group: Group, within: _Sentence, at: int) -> _Part | None:
    """The part of organisations in the nominative: of one among several partners, and those who do something in it."""
    low, start, end = within
    if _ONE_OF.match(page.text, group.end, end) and _is_carried_out(page, start, end):
        return _Part("partner" if phrases.says("role.partner", page.text, start, end) else None)
    does = _opens_clause(page.text[low : group.start]) and _does(page, start, group.end, end)
    return _Part(None) if does else None


_FUNDED = phrases.source("owner.funds")
_ADJECTIVES = rf"(?:(?!(?:\w+-)?(?:{_FUNDED})|\w+ss[aä]\s)[a-zåäö][\w-]*\s+(?:{_AND}\s+)?){{0,4}}?"
_WITH = phrases.whole_words("cues", "role.besides")
_OWNED = re.compile(
    rf"\s+{phrases.whole_words('cues', 'role.led_by')}\s[^.]{{0,80}}?{NOUN}(?!\w|\s+{_WITH})|"
    rf"\s+{_ADJECTIVES}(?:{phrases.whole_words('cues', 'project.joint_of')}|(?:\w+-)?{NOUN}(?!\w|\s+{_WITH}))",
    re.IGNORECASE,
)
"""What stands behind the owners of a project: ``… kaksivuotinen hanke``, ``… hallinnoima ja EU:n rahoittama hanke``."""
_UNKNOWN = re.compile(r"(?<!\w)(?P<name>[A-ZÅÄÖ][\w-]{3,}n)\s+$")
"""A body that nothing but the word behind it shows: ``Haaveen hallinnoima``."""
_GIVEN = re.compile(rf"\s+{phrases.whole_words('cues', 'money.given')}")
"""``Vasa stad beviljades``: who is granted money stands before the verb."""
_GRANTED = ("money.grants", "money.given")
_FOR_NAME = re.compile(rf"(?:\s+[a-zåäö]+){{0,3}}?\s+\S{{0,20}}{NOUN}\s+[\"”“»]?", re.IGNORECASE)
"""``Oulun yliopistolle hankkeelle "Polku"``: to whom, then for what."""
_GRANTS = re.compile(rf"{phrases.whole_words('cues', 'money.grants')}\s+(?:[a-z]{{2,3}}\s+){{0,2}}$")
_RELATIVE = re.compile(rf",\s{phrases.whole_words('cues', 'cue.relative')}\s")
_NEAR = 40
_OPENS = re.compile(r"(?:[Tt]he\s)?")
_PROJECTS = re.compile(rf"(?:\s+[a-zåäö]+){{0,2}}\s+{phrases.whole_words('cues', 'heading.projects')}", re.IGNORECASE)
_ONE_OF = re.compile(rf"\s+{phrases.whole_words('cues', 'role.one_of')}", re.IGNORECASE)
_BRACKET = re.compile(
    rf"\((?P<list>[A-ZÅÄÖ][^()]*)\)\s+(?:{phrases.source('project.joint_of')}|{phrases.source('verb.carries')})(?!\w)",
    re.IGNORECASE,
)
_MEMBER = re.compile(rf"[A-ZÅÄÖ](?:(?!\s{_AND}\s)[^,])+")
"""``neljän kunnan (Hartola, Joutsa, Pertunmaa ja Sysmä) yhteistyönä``."""
_TO_NAME = re.compile(rf"\s+{_ADJECTIVES}(?:{NOUN}\s+)?[\"”“»]?", re.IGNORECASE)
_BESIDE = re.compile(rf"\s+{_WITH}\s*", re.IGNORECASE)
_DOES = re.compile(rf"(?:\s+{_AND}\s+[a-zåäö]+\s+[a-zåäö]+)?\s+(?!{_AND}\s)[a-zåäö]{{2,}}")


def besides(page: Page, start: int, end: int) -> re.Match[str] | None:
    """The words behind those besides whom others are named: ``A:n lisäksi B ja C``."""
    first = groups(page.text, start, end)[:1]
    return (
        _BESIDE.match(page.text, first[0].end, end) if first and first[0].genitive and first[0].start == start else None
    )


def _is_carried_out(page: Page, start: int, end: int) -> bool:
    return any(phrases.says(f"role.{one}", page.text, start, end) for one in ("lead", "partner", "member"))


def _opens_clause(before: str) -> bool:
    words = before.strip()
    within = phrases.pattern("cues", "project.within").match(words)
    inside = (within and within.end() == len(words)) or _IN_NAMED.search(words)  # ``Polku-hankkeessa Oulun kaupunki …``
    return not words or words.endswith(",") or bool(inside)


_WITHIN = re.compile(rf"-{NOUN}(?<=ss[aä])(?!\w)")
_IN_NAMED = re.compile(rf"{_WITHIN.pattern}$")


def _does(page: Page, start: int, low: int, end: int) -> bool:
    """Tell whether a verb stands behind a name that says what its body does in the project, other than to pay for it."""
    verb = _DOES.match(page.text, low, end)
    pays = any(phrases.says(cue, page.text, low, end) for cue in ("money.grants", "owner.funds", "money.share"))
    within = phrases.says("project.within", page.text, start, end) or _WITHIN.search(page.text, start, end)
    return verb is not None and not pays and bool(within)
