"""A project in the making, and the fields that describe one."""

import re
from itertools import pairwise

from loaders import phrases
from loaders.blocks import NUMBERED, VALUE_START, Block, Bounds
from loaders.reading import bodies
from loaders.reading.page import Page
from loaders.reading.project_drafts import Draft, is_only_period, take_period
from loaders.reading.project_names import FEW_WORDS, is_headline
from loaders.reading.project_values import take_field
from loaders.reading.sums import holds_sum
from loaders.values.marks import codes

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
        if b.kind == "field" and b.label in EVIDENCE and b.values and not _of_call(page, n) and not _is_link(page, b)
    ]
    labels = {blocks[n].label for n in evidence}
    if _heads_each(page, evidence):
        return [_card(page, number) for number in evidence]
    ends = any(b.label == "project.end" for b in blocks) and not phrases.says("noun.call", page.text)
    several = labels & {"project.name", "project.code"} or len(labels) > 1 or (ends and "project.start" in labels)
    if not several and not _is_list(page, evidence) and not _is_of_title(page, evidence):
        return []
    repeated = _repeats(page, evidence)
    drafts = _of_fields(page, evidence, repeated=repeated)
    for draft in drafts:
        _name_by_page(page, draft, repeated=repeated)
    return drafts


def _is_link(page: Page, block: Block) -> bool:
    """Tell whether a link only looks like a field: small letters behind a dash (``Hanke – tutustu meihin``)."""
    low = block.values[0][0]
    return page.text[block.start : low].rstrip()[-1:] in ("-", "–") and page.text[low].islower()


def _of_fields(page: Page, evidence: list[int], *, repeated: bool) -> list[Draft]:
    """The projects that the fields of a page describe one behind the other."""
    blocks = page.blocks
    found = frozenset(evidence)
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
    if len(evidence) != 1 or title is None:
        return False
    only = page.blocks[evidence[0]]
    name, below = page.title or "", page.text[page.blocks[title].end :]
    other = any(phrases.says(f"noun.{one}", name) for one in ("call", "theme")) or phrases.says("event", name)
    other = other or ":" in name or any((block.label or "").startswith("theme.") for block in page.blocks)
    sort = only.label in ("project.period", "body.lead") or phrases.says("noun.project", name)
    sort = sort or (only.label == "body.implementers" and len(only.values) > 1 and _lists_bodies(page, only))
    return sort and not other and not bodies.is_organisation(name) and phrases.says("trace.project", below)


def _lists_bodies(page: Page, block: Block) -> bool:
    """Tell whether each value of a field is an organisation."""
    named = [list(bodies.organisations(page.text, *value)) for value in block.values]
    return all(one and all(bodies.is_organisation(body.name) for body in one) for one in named)


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
        if page.title_block is not None and _below_acronym(page):
            short = page.blocks[page.title_block]
            draft.acronym = draft.acronym or page.stated(page.words(short), short.start, short.end)
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
    if block.label == "project.period" and len(block.values) > 1:
        words = [page.words(value) for value in block.values]
        if any(phrases.says("noun.call", one) or phrases.says("event", one) for one in words):
            return True  # what happens when
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
    general = phrases.means("heading.general", words)
    said = general or re.search(r"[.?:]$", words) or phrases.label(words) or _VALUED.search(words)
    return not said and not holds_sum(words, 0, len(words))


def _name_block(page: Page, number: int) -> int | None:
    at = number - 1
    while 0 < at > number - _SENTENCES and not page.blocks[at].gap and _may_stand_between(page, at):
        at -= 1
    above = page.blocks[at] if at >= 0 else None
    if above is None or above.kind not in ("line", "heading", "item") or above.end - above.start > 160:
        return None
    words = page.words(above)
    if not _may_name(words) or at in page.menu or (at < number - 1 and not above.gap and above.kind != "heading"):
        return None
    return at


def _may_stand_between(page: Page, number: int) -> bool:
    """Tell whether a block is a sentence, or a field that begins no project: such stand between a name and its fields."""
    block = page.blocks[number]
    if block.kind == "field":
        return block.label not in EVIDENCE
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
    if len(decided := {one for head, _ in heads if (one := _decided(page, head))}) == 1:
        return decided.pop()
    block = only or _below_acronym(page) or title
    words = page.words(block) if block else ""
    no_name = bodies.is_organisation(words) or is_headline(words) or phrases.says("name.programme", words)
    return None if block is None or no_name else (block.start, block.end)


def _decided(page: Page, head: Block) -> Bounds | None:
    """The name behind the colon of a heading of minutes or a decision: ``EAKR-rahoituspäätös (myönteinen): Polku``."""
    colon = page.text.find(": ", head.start, head.end)
    of_project = phrases.says("heading.decision", page.text, head.start, max(head.start, colon))
    return (colon + 2, head.end) if of_project else None


def _below_acronym(page: Page) -> Block | None:
    """The name in full right below a title that is an acronym: ``TUKKA`` above ``Turvemaiden … hanke``."""
    at, short = page.title_block, page.title or " "
    below = page.blocks[at + 1] if at is not None and at + 1 < len(page.blocks) else None
    if below is None or below.kind != "heading" or " " in short or sum(c.isupper() for c in short) < 2:
        return None
    return below if page.words(below).count(" ") > 1 and _may_name(page.words(below)) else None
