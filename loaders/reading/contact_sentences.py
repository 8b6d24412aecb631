"""Persons whom running text names with a job and a body."""

import re
from collections.abc import Iterator

from loaders import mentions, phrases
from loaders.blocks import Bounds
from loaders.names import nominative
from loaders.reading import persons
from loaders.reading.page import Page

CAPITAL = r"[A-ZÅÄÖÉÜ][^\W\d_]+(?:-[A-ZÅÄÖ]?[^\W\d_]+)*"
_NAME = re.compile(rf"(?<![\w-]){CAPITAL}(?:\s+(?:von|af|de))?\s+{CAPITAL}(?:\s+{CAPITAL})?(?![\w-])")
_AND = re.compile(rf"(?:,|\s{phrases.AND})(?:\s+[a-zåäö]+){{0,3}}\s+$")


def in_sentences(page: Page) -> Iterator[tuple[str, str, str | None, Bounds, int]]:
    """Find persons named with a job and a body (``vastaa kumppanuuspäällikkö Aino Malli``): name, job, body, span, block."""
    for number, block in enumerate(page.blocks):
        if block.kind not in ("line", "item") or number in page.menu or page.related(number):
            continue
        body: tuple[str, int] | None = None
        for start, end in page.sentences(block):
            words = page.text[start:end]
            if end - start < 30 or phrases.says("person.other", words, file="jobs"):
                continue
            there = phrases.says("person.there", words, file="jobs")
            named = list(_persons(page.text, start, end))
            own = list(_bodies_of(page.text, start, end, [(low, high) for low, high, _ in named]))
            for low, high, job in named:
                near = min(own, key=lambda one: abs(one[1] - low), default=None) or (body if there else None)
                if near is None and not phrases.pattern("jobs", "job.project").match(job):
                    continue
                name = " ".join(page.text[low:high].split())
                yield name, job, near[0] if near else None, (low, high), number
            body = own[-1] if own else body


def _persons(text: str, start: int, end: int) -> Iterator[tuple[int, int, str]]:
    """The persons of a sentence whose job stands right before the name or a few small words before it."""
    job: str | None = None
    at = start
    for match in _NAME.finditer(text, start, end):
        low, high = match.span()  # a body may follow: ``Aino Malli Hämeen ELY-keskuksesta``
        high = min([high, *(one.start - 1 for one in mentions.authorities(text, low + 1, end))])
        tokens = text[low:high].split()
        if persons.is_job(tokens[0]) or phrases.means("job.inflected", tokens[0], file="jobs"):
            found = _NAME.match(text, low + len(tokens[0]) + 1, end)
            job_here: str | None = tokens[0]
            if found is None:
                continue
            low, high, tokens = found.start(), found.end(), found.group().split()
        else:
            job_here = persons.job_before(text, start, low)
        if len(tokens) > 2 and persons.is_body(nominative(tokens[-1])):  # ``Aino Malli Kotisäätiöstä kertoo``
            high -= len(tokens.pop())
            high = low + len(text[low:high].rstrip())
        if persons.person_length(tokens) != len(tokens) or phrases.means("person.inflected", tokens[-1], file="jobs"):
            job = None
            continue
        job = job_here or (job if _AND.fullmatch(text, at, low) else None)
        at = high
        if job:
            yield low, high, job


_RUN = re.compile(rf"(?<![\w-]){CAPITAL}(?:\s+(?:{CAPITAL}|ja|och|of|for|the|i))*(?:\s+[a-zåäö-]+)?")


def _bodies_of(text: str, start: int, end: int, persons_at: list[Bounds]) -> Iterator[tuple[str, int]]:
    """The bodies that a sentence names, in any case: authorities, ministries, and words with a noun that bodies have."""
    for one in [*mentions.authorities(text, start, end), *mentions.ministries(text, start, end)]:
        yield one.name, one.start
    at = start
    for low, high in [*persons_at, (end, end)]:  # a person's name is no part of a body's
        for match in _RUN.finditer(text, at, low):
            tokens = match.group().split()
            for cut in range(len(tokens), 0, -1):
                name = nominative(" ".join(tokens[:cut]))
                last = name.rpartition(" ")[2]
                if (
                    persons.is_body(name)
                    and (last[0].isupper() or persons.is_body(last))
                    and not persons.is_project(name)
                ):
                    yield name, match.start()
                    break
        at = high
