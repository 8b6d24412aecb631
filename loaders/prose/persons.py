"""Words that name a person, a job or a body: what a line of a contact card is."""

from __future__ import annotations

import re
from typing import Literal, NamedTuple

from loaders.names import Registry, repair

_JOB = re.compile(
    r"(?:asiantuntija|päällikkö|johtaja|virkamies|neuvos|koordinaattori|suunnittelija|sihteeri|tarkastaja|esittelijä|"
    r"insinööri|tutkija|opettaja|lehtori|rehtori|avustaja|assistentti|professori|kehittäjä|vastaava|konsultti|agentti|"
    r"harjoittelija|ohjaaja|juristi|controller|specialist|expert|manager|director|officer|coordinator|advis[eo]r|"
    r"counsellor|planner|secretary|chef|sakkunnig|handläggare|direktör|råd|inspektör|planerare|koordinator|sekreterare|"
    r"tjänsteman)$",
    re.IGNORECASE,
)
_ACTING = re.compile(r"(?:vs|vt|ma|tf|t\.f)\.$", re.IGNORECASE)
_NAME = re.compile(r"[A-ZÅÄÖÉÜŠŽ][^\W\d_]*(?:['’-][^\W\d_]+)*(?:['’-][A-ZÅÄÖ][^\W\d_]*)*$")
_PARTICLE = re.compile(r"(?:von|af|de|van|di)$")
_ACRONYM = re.compile(r"[A-ZÅÄÖ]{2,6}$")
_BODY = re.compile(
    r"ELY-?\s?kesku|ministeri(?:ö|et)|ministry|keskus\b|centre\b|centralen|kaupunki|kunta\b|liitto\b|yliopisto|koulu\b|"
    r"säätiö|laitos\b|virasto\b|hallitus\b|\b(?:oy|ab|ry|rf|sr|oyj)\b|akatemia|instituutti|stiftelse|förbund|university|"
    r"institute|foundation",
    re.IGNORECASE,
)
_PROJECT = re.compile(r"koordinaatio|koordin[oi]|hanke\b|projekti\b|samordning|coordination", re.IGNORECASE)

Kind = Literal["person", "job", "body", "other"]


class Words(NamedTuple):
    """One part of a contact card, understood: a person (perhaps with job and body), a job, a body or other words."""

    kind: Kind
    name: str = ""
    job: str | None = None
    body: str | None = None


def understand(text: str) -> Words:
    """Say what the words of one line (or one comma-separated part) of a contact card are."""
    words = repair(text).strip(" ,;:–-")
    tokens = words.split()
    if not tokens:
        return Words("other")
    if is_body(words) and not _person_length(tokens):
        return Words("body", body=words)
    length = _person_length(tokens)
    if length:
        return _person(tokens, length)
    if _JOB.search(_bare(tokens[-1])) or any(_JOB.search(_bare(token)) for token in tokens):
        return Words("job", job=words)
    return Words("other", name=words)


def _person(tokens: list[str], length: int) -> Words:
    body = None
    for cut in range(2, len(tokens)):
        known = Registry.load().organisation(" ".join(tokens[cut:]))
        if known and len(tokens) - cut > 1 and _person_length(tokens[:cut]) == cut:
            return Words("person", " ".join(tokens[:cut]), None, " ".join(tokens[cut:]))
    if len(tokens) > 1 and _ACRONYM.match(tokens[-1]) and Registry.load().organisation(tokens[-1]):
        body, tokens = tokens[-1], tokens[:-1]
    cut = len(tokens) - length
    return Words("person", " ".join(tokens[cut:]), " ".join(tokens[:cut]).rstrip(" ,:") or None, body)


def _person_length(tokens: list[str]) -> int:
    """How many of the last tokens are a person's name; 0 where they are none."""
    if len(tokens) > 2 and _ACRONYM.match(tokens[-1]) and Registry.load().organisation(tokens[-1]):
        tokens = tokens[:-1]
    length = 0
    for token in reversed(tokens):
        if not (_NAME.match(token) and not _JOB.search(token)) and not (length and _PARTICLE.match(token)):
            break
        length += 1
    rest = tokens[: len(tokens) - length]
    if not 2 <= length <= 4 or (rest and not _is_job(rest)) or is_body(" ".join(tokens[-length:])):
        return 0
    return length


def _is_job(tokens: list[str]) -> bool:
    return bool(_JOB.search(_bare(tokens[-1]))) or all(_ACTING.match(token) for token in tokens)


def _bare(token: str) -> str:
    return token.strip(" ,;:()")


def is_body(words: str) -> bool:
    """Whether words name an organisation: by its registry entry or by a noun that only bodies have."""
    return bool(_BODY.search(words)) or Registry.load().organisation(words) is not None


def is_project(words: str) -> bool:
    """Whether words name a project that coordinates (``… koordinaatio``)."""
    return bool(_PROJECT.search(words)) and not _BODY.search(words)
