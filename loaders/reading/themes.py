"""National themes: named on the page, listed, or what the page is about, with ministries, bodies, fund and money."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from loaders import mentions, phrases
from loaders.blocks import Block, Bounds
from loaders.names import Registry, slug
from loaders.reading import money, topics
from loaders.reading.page import Page
from loaders.reading.project_fields import CALLS
from loaders.reading.projects import Projects
from loaders.reading.sums import sums
from loaders.reading.theme_drafts import (
    Draft,
    Scope,
    Themes,
    add_authorities,
    add_frame_above,
    add_from_list,
    add_funding,
    add_listing,
    add_ministries,
    add_objective_above,
    add_objectives,
    add_pages,
    give_common,
    grouped,
    only,
    priorities,
    statement,
    take,
    take_framework,
)
from loaders.reading.theme_drafts import records as theme_records
from loaders.reading.theme_lists import Entry, entries, is_national, only_authority
from loaders.reading.theme_names import (
    BRACKET,
    OF_PROJECT,
    OWN,
    begins_with_it,
    goes_on,
    heads_fields,
    key_of,
    named,
    names_of,
    of_other,
    of_several,
    titled,
    unnamed,
)
from loaders.reading.theme_parts import Part, is_group
from loaders.reading.theme_sentences import owner, read_paragraph, read_sentence
from loaders.reading.theme_tables import from_rows
from loaders.records import Money, Project
from loaders.values.marks import urls


def read(page: Page, divided: Sequence[Part], projects: Projects) -> Themes:
    """Read the themes of a page ``divided`` among some of them, in the order in which they are first named."""
    drafts = {key_of(one.name.value): Draft(one.name, group=one.group, titled=True) for one in divided}
    listed = entries(page)
    if divided:
        _name_outside(page, projects, drafts, divided, listed)
    else:
        drafts = _drafts(page, projects, listed)
    for number, draft in from_rows(page):
        known = drafts.setdefault(draft.key, draft)
        if known is not draft:
            _merge(known, draft)
        known.blocks.append(number)
    if unprinted := unnamed(page):
        drafts.setdefault(key_of(unprinted.value), Draft(unprinted, unsure=page.only_theme is not None)).titled = True
    for draft in drafts.values():
        _read_near(page, draft, listed)
    _give_owner(page, drafts.values(), listed)
    drafts = grouped(page, drafts)
    for one in divided:
        draft = drafts[key_of(one.name.value)]
        _heads(page, draft, page.blocks[one.heading])
        _read_page(page, draft, projects.names, range(one.heading + 1, one.last + 1), part=True)
    whole = _whole(page, drafts) if not divided else None
    if whole:
        _read_page(page, whole, projects.names, range(len(page.blocks)))
    give_common(page, drafts.values())
    _leave_to_projects(page, drafts.values(), projects)
    records = [record for draft in drafts.values() for record in theme_records(page, draft)]
    scopes = tuple(_scopes(page, drafts, whole))
    for one in divided if not scopes else ():
        first, last = page.blocks[one.heading], page.blocks[one.last]
        lines = page.origin(first.start, first.end).first, page.origin(last.start, last.end).last
        scopes += (Scope(*lines, one.name.value),)
    return Themes(records, scopes)


def _leave_to_projects(page: Page, drafts: Iterable[Draft], projects: Projects) -> None:
    """What a project was granted is none of its theme's money."""
    own = {(one.amount, one.origin.first) for one in projects.records if isinstance(one, Money)}
    for draft in drafts:
        draft.money = [m for m in draft.money if (m.amount.value, page.origin(m.start, m.end).first) not in own]


def _name_outside(
    page: Page, projects: Projects, drafts: dict[str, Draft], divided: Sequence[Part], listed: Mapping[int, Entry]
) -> None:
    """Add the themes that only what stands outside the parts of the page names, and those of projects named within them."""
    inside = {n for one in divided for n in range(one.heading, one.last + 1)}
    of_projects = {key_of(one.theme) for one in projects.records if isinstance(one, Project) and one.theme}
    for key, draft in _drafts(page, projects, listed).items():
        group = is_group(draft.name.value) or any(p.group and p.group.value == draft.name.value for p in divided)
        if draft.blocks and (key in of_projects or inside.isdisjoint(draft.blocks)) and not group:
            drafts.setdefault(key, draft)


def _drafts(page: Page, projects: Projects, listed: Mapping[int, Entry]) -> dict[str, Draft]:
    """The themes that blocks name, by their keys; words of a project's name are none."""
    drafts: dict[str, Draft] = {}
    names = {" ".join(p.name.value.text.casefold().split()) for p in projects.records if isinstance(p, Project)}
    labels = [block.label for block in page.blocks if block.kind == "field"]
    form = labels.count("theme.name") == 1 and not OWN.isdisjoint(labels)
    for number, block in enumerate(page.blocks):
        for mention in named(page, number, block, listed):
            of_project = any(low <= mention.start < mention.end < high for low, high in projects.names)
            if of_project or (mention.value.casefold() in names and Registry.load().theme(mention.value) is None):
                continue
            draft = drafts.setdefault(key_of(mention.value), Draft(mention))
            draft.blocks.append(number)
            draft.titled = draft.titled or number == page.title_block or titled(page, number, block) is not None
            if block.kind == "field" and block.label == "theme.name":
                heads = number == 0 and page.title_block is None and labels.count("theme.name") == 1
                draft.others, draft.titled = names_of(page, block)[1:], draft.titled or form or heads
                if form:  # a form describes the theme it names and no other
                    return {draft.key: draft}
    return drafts


def _give_owner(page: Page, drafts: Iterable[Draft], listed: Mapping[int, Entry]) -> None:
    """``OKM:n valtakunnalliset teemat``: the ministry of a title holds for the themes below it, that of a call for its list.

    So does the only ministry of a page, where a sentence says what themes it has.
    """
    title = page.blocks[page.title_block] if page.title_block is not None else None
    own = owner(page.text, title.start, title.end) if title and phrases.says("theme.plural", page.title or "") else None
    only_one = len({Registry.load().ministry(one.name) for one in mentions.ministries(page.text)}) == 1
    lines = [b for b in page.blocks if b.kind in ("line", "heading")] if only_one and not own else []
    spans = (span for b in lines for span in page.sentences(b))
    said = (one for one in spans if is_national(page.words(one)) and mentions.ministries(page.text, *one))
    own = own or next(said, None)
    for draft in drafts:
        entry = next((listed[n] for n in draft.blocks if n in listed), None)
        head = (0, page.blocks[entry.lead].start) if entry else (0, 0)
        called = phrases.says("noun.call", page.text, *head)
        if not draft.ministries and called and len({one.name for one in mentions.ministries(page.text, *head)}) == 1:
            add_ministries(page, draft, *head)
        elif not draft.ministries and own:
            add_ministries(page, draft, *own)


def _scopes(page: Page, drafts: dict[str, Draft], whole: Draft | None) -> Iterator[Scope]:
    """The whole page is about the theme that heads it; a theme named no later than right below the title does."""
    head = page.blocks[: (page.title_block if page.title_block is not None else 2) + 2]
    if whole and len(drafts) == 1 and head and (whole.titled or whole.name.start < head[-1].end):
        yield Scope(0, page.outline.document.lines[-1].number, whole.name.value)


def _merge(known: Draft, other: Draft) -> None:
    """Add what another place says of a theme; a list or amount already read stays."""
    known.ministries = known.ministries or other.ministries
    known.bodies = known.bodies or other.bodies
    known.objectives = known.objectives or other.objectives
    known.fund = known.fund or other.fund
    known.money += [one for one in other.money if one.phase not in known.phases]


def _whole(page: Page, drafts: dict[str, Draft]) -> Draft | None:
    """The theme that the page is about: the only one of the page, else the only one that heads anything, if its title does."""
    if len(drafts) == 1:
        return next(iter(drafts.values()))
    heads = [one for one in drafts.values() if one.titled or any(page.blocks[n].kind == "heading" for n in one.blocks)]
    return heads[0] if len(heads) == 1 and page.title_block in heads[0].blocks else None


def _read_near(page: Page, draft: Draft, listed: Mapping[int, Entry]) -> None:
    """What stands in the block of a theme's name, and below a heading that is its name, is about it."""
    for number in dict.fromkeys(draft.blocks):
        block = page.blocks[number]
        if block.kind == "row":
            continue
        others = [m for m in page.themes_in(block.start, block.end) if key_of(m.value) != draft.key]
        if heads_fields(page, number):
            _group(page, draft, number)
            add_objective_above(page, draft, number)
        elif (block.kind == "item" or number in listed) and not others:
            add_ministries(page, draft, block.start, block.end)
            add_authorities(page, draft, block.start, block.end)
            add_objectives(draft, mentions.objectives(page.text, block.start, block.end))
            for below in page.blocks[number + 1 : number + 2]:
                if not draft.bodies and not below.gap and only_authority(page, below):
                    add_authorities(page, draft, below.start, below.end)
            if entry := listed.get(number):
                add_from_list(page, draft, entry)
            add_frame_above(page, draft, number)
        elif block.kind == "heading" or number == page.title_block or titled(page, number, block):
            if not others:
                _heads(page, draft, block)
                within = [n for n in range(number, len(page.blocks)) if page.blocks[n].start < page.section(number)[1]]
                _read_page(page, draft, (), within, section=True)
        else:
            read_paragraph(page, draft, block)
            _group(page, draft, number)


def _group(page: Page, draft: Draft, number: int) -> None:
    """Lines right below a line that is the theme's name and nothing else, up to the next blank line."""
    block = page.blocks[number]
    first = page.blocks[number + 1].label if number + 1 < len(page.blocks) else None
    labelled = block.kind == "field" and block.label == "theme.name" and first in OWN
    headed = heads_fields(page, number)
    alone = block.gap and block.kind == "line" and key_of(page.words(block)) == draft.key
    if not (headed or alone or labelled):
        return
    for below in page.blocks[number + 1 :]:
        if (below.gap and not (headed and below is page.blocks[number + 1])) or below.kind in ("heading", "row"):
            return
        if below.kind == "field" and below.values:
            _take_field(page, draft, below)
        for one in sums(page.text, below.start, below.end):
            before = page.text[block.end : one.start]
            if phrases.says("money.framework", before) and "framework" not in draft.phases:
                draft.money.append(statement("framework", one, page.text))


def _heads(page: Page, draft: Draft, block: Block) -> None:
    """The fund that stands in a heading beside the theme's name, the ministries before it or in a bracket behind it."""
    at = page.blocks.index(block)
    below = page.blocks[at + 1] if at + 1 < len(page.blocks) else block
    end = below.end if mentions.subtitle(page.words(below)) else block.end
    found = page.funds_in(block.start, end)
    draft.fund = draft.fund or only([one for one in found if not draft.name.start <= one.start < draft.name.end])
    bracket = BRACKET.search(page.words(block))
    behind = (block.start + bracket.start(), block.end) if bracket else (block.start, block.start)
    for low, high in ((block.start, draft.name.start), behind):
        add_ministries(page, draft, low, high)


def _own_sentence(page: Page, draft: Draft, start: int, end: int) -> None:
    """A sentence in a part that is about one theme: it speaks of the theme, its money or its intermediate body."""
    text = page.text
    if of_several(text, start, end) or of_other(page, start, end):
        return
    if (
        phrases.says("noun.theme", text, start, end)
        or phrases.says("money.framework", text, start, end)
        or goes_on(page, start)
    ):
        read_sentence(page, draft, start, end)
    elif (bodies := phrases.find("theme.body", text, start, end)) and (
        begins_with_it(page, start) or not phrases.says("project.it", text, start, start + 6)
    ):
        beside = mentions.authorities(text, bodies[0].end, min(end, bodies[0].end + _BESIDE))
        other = any(phrases.says(noun, text, start, end) for noun in ("noun.project", "noun.call"))
        if not other or (beside and len(text[bodies[0].end : beside[0].start].split()) < 2):
            add_authorities(page, draft, start, end)


_BESIDE = 60
"""Right behind the word for an intermediate body, at most so far, stands its name: ``välittävälle toimielimelle, …``."""


def _take_field(page: Page, draft: Draft, block: Block) -> None:
    if block.label in ("theme.parts", "theme.groups"):
        add_listing(draft, block.label, [topics.first_sentence(page, *span) for span in block.values])
    elif block.label == "money.framework":
        take_framework(page, draft, block)
        take(page, draft, block.label, *page.outline.value(block))
    elif (
        block.label == "money.cost"
        and draft.titled
        and not page.labels_of_section(page.blocks.index(block)) & {*OF_PROJECT}
    ):
        take(page, draft, "money.framework", *page.outline.value(block))
    elif block.label == "body.authority" and CALLS.isdisjoint(other.label for other in page.blocks) and draft.titled:
        add_authorities(page, draft, *page.outline.value(block))
    elif block.label == "money.funding":
        take(page, draft, block.label, *page.outline.value(block))
        for start, end in page.sentences(block):
            _own_sentence(page, draft, start, end)
    elif block.label not in ("body.authority", "money.granted", "money.realised", "money.paid") or (
        block.label == "money.paid" and draft.phases & {"framework", "reserved", "committed"}
    ):
        take(page, draft, block.label, *page.outline.value(block))


def _own_address(page: Page, block: Block, names: Sequence[Bounds]) -> bool:
    """Tell whether a field for further information holds a web address and nothing else, not that of a project."""
    words = page.words(page.outline.value(block))
    of_project = any(slug(page.words(name)).replace("-", "") in words.replace("-", "") for name in names)
    return len(block.values) == 1 and " " not in words and bool(urls(words)) and not of_project


def _list_below(page: Page, draft: Draft, number: int) -> None:
    """A list below a line that announces sub-themes or target groups."""
    block = page.blocks[number]
    words = page.words(block)
    if topics.announces_parts(page, block):
        add_listing(draft, "theme.parts", topics.parts_below(page, number))
    elif words.endswith(":") and phrases.says("theme.groups", words[-90:]):
        add_listing(draft, "theme.groups", topics.parts_below(page, number))
    elif phrases.label(words) == "theme.groups":
        add_listing(draft, "theme.groups", topics.below_heading(page, number))
    elif parts := topics.listed(page, block.start, block.end):
        add_listing(draft, "theme.parts", parts)


def _read_page(
    page: Page,
    draft: Draft,
    names: Sequence[Bounds],
    numbers: Sequence[int],
    *,
    part: bool = False,
    section: bool = False,
) -> None:
    """A page, or a ``part`` or ``section`` of one, that is of one theme: its fields and its sentences about the theme."""
    of_project = any(page.blocks[n].kind == "field" and page.blocks[n].label in OF_PROJECT for n in numbers)
    whole = (section or draft.titled or page.of_call) and not of_project
    for number in numbers:
        block = page.blocks[number]
        if number in page.menu or page.related(number):
            continue
        if block.kind == "field" and block.values:
            said = block.label in ("theme.parts", "theme.groups") and not of_project  # the theme's, by the label itself
            said = said and phrases.says("noun.theme", page.text, block.start, block.values[0][0])
            own = block.label in OWN or said
            if own or (whole and (section or not _of_call(page, number))):
                _take_field(page, draft, block)
            if whole and not section and block.label == "person.contact" and _own_address(page, block, names):
                add_pages(page, draft, *page.outline.value(block))
        elif block.kind != "row":
            _read_sentences(page, draft, number, of_project=of_project, whole=whole)
    if part:
        _statements(page, draft, numbers)
    elif draft.fund is None and whole:  # a fund in a project's name says nothing of the theme's
        start, end = page.blocks[numbers[0]].start, page.blocks[numbers[-1]].end
        found = [one for one in page.funds if start <= one.start < end]
        draft.fund = only([one for one in found if not any(low <= one.start < high for low, high in names)])
    if whole and not section and draft.priority is None:
        draft.priority = only(
            [one for n in numbers for one in priorities(page, page.blocks[n].start, page.blocks[n].end)]
        )


def _read_sentences(page: Page, draft: Draft, number: int, *, of_project: bool, whole: bool) -> None:
    """Read one block of a page of one theme, sentence by sentence, and the list below it."""
    for start, end in page.sentences(page.blocks[number]):
        if not of_project:
            _own_sentence(page, draft, start, end)
        if whole:
            _steered(page, draft, start, end)
            _opened(page, draft, start, end)
            if page.of_call or not phrases.says("noun.call", page.text, start, end):
                add_objectives(draft, mentions.objectives(page.text, start, end))
    if whole:
        _list_below(page, draft, number)
        for start, end in page.sentences(page.blocks[number]):
            draft.groups += topics.groups_in(page, start, end)


def _statements(page: Page, draft: Draft, numbers: Sequence[int]) -> None:
    """Every amount that the sentences of a theme's part state, and the ministries beside them; calls have their own."""
    blocks = [page.blocks[n] for n in numbers if page.blocks[n].kind in ("line", "item")]
    found = money.statements(page, [span for block in blocks for span in page.sentences(block)])
    draft.money = [one for one in draft.money if not any(other.start <= one.start < other.end for other in found)]
    own = {one.start for one in draft.money}
    draft.money += [one for one in found if one.phase not in (None, "other", "callBudget") and one.start not in own]
    for one in found:
        if one.phase == "other":
            page.leave_out(one.start, one.end, "amount-applied-for", understood=True)
        elif one.phase is None:
            page.leave_out(one.start, one.end, "amount-of-unknown-use")
    add_funding(draft, money.ministries(page, found))


def _steered(page: Page, draft: Draft, start: int, end: int) -> None:
    """Ministries that a sentence of a theme's own page says to steer or fund, without the word for theme; one, if it leads."""
    concept = "theme.steers" if len(mentions.ministries(page.text, start, end)) > 1 else "theme.lead"
    if phrases.says(concept, page.text, start, end):
        add_ministries(page, draft, start, end)


def _opened(page: Page, draft: Draft, start: int, end: int) -> None:
    """The authority that a sentence says to open the call of the page's theme is the theme's intermediate body."""
    if page.of_call and not draft.bodies and phrases.says("noun.call", page.text, start, end):
        named = mentions.authorities(page.text, start, end)
        if named and phrases.says("call.opens", page.text, start, end):
            draft.bodies.append(page.stated(named[0].name, named[0].start, named[0].end))


def _of_call(page: Page, number: int) -> bool:
    """Tell whether a field stands among a call's own fields."""
    near = page.labels_of_section(number)
    return bool(near & {"call.period", "call.opens", "call.closes", "call.budget"}) and page.blocks[number].label in (
        "code.objective",
        "money.funding",
        "theme.groups",
    )
