"""Words that name a person, a job or a body: what one line, or one part of a line, of a contact card is."""

import re
import unicodedata
from functools import lru_cache
from typing import Literal, NamedTuple

from loaders import phrases
from loaders.names import Registry, repair

_NAME = re.compile(r"[A-ZÅÄÖÉÜŠŽÕ][^\W\d_]*(?:['’-][^\W\d_]+)*$")
_PARTICLES = frozenset({"von", "af", "de", "van", "di", "der", "la"})
_INITIAL = re.compile(r"[A-ZÅÄÖ]\.$")
_ACRONYM = re.compile(r"[A-ZÅÄÖ]{2,6}$")
_EDGES = " ,;:.()–-•\t"
CUT = re.compile(r"[,;:](?=\s)|\s[–—-]\s|(?<!\b[A-ZÅÄÖ])[.!?]\s+(?=[A-ZÅÄÖ][a-zåäö]{2,})|\n")
"""What parts a contact card."""
_LONGEST_NAME = 3
_LONGEST_BODY = 90

Kind = Literal["person", "job", "body", "other"]


class Words(NamedTuple):
    """One part of a contact card, understood: a person (perhaps with job and body), a job, a body or other words."""

    kind: Kind
    name: str = ""
    job: str | None = None
    body: str | None = None


@lru_cache(maxsize=4096)
def understand(text: str) -> Words:
    """Say what the words of one line, or of one part between commas, are.

    >>> understand("Lisätietoja antaa rahoituspäällikkö Aino Malli")
    Words(kind='person', name='Aino Malli', job='rahoituspäällikkö', body=None)
    """
    words = _without_labels(repair(text).strip(_EDGES))
    tokens = words.split()
    if not tokens or (phrases.label(words) and not is_job(tokens[-1])):
        return Words("other")
    length = person_length(tokens)
    if length == 0 and (leading := _leading_person(tokens)):
        return leading
    if length:
        body = None
        if _ends_with_acronym(tokens):
            body, tokens = tokens[-1], tokens[:-1]
        if length == len(tokens) > 2 and _ACRONYM.match(tokens[0]) and Registry.load().organisation(tokens[0]):
            return Words("person", " ".join(tokens[1:]), None, tokens[0])
        cut = len(tokens) - length
        return Words("person", " ".join(tokens[cut:]), job_at_end(tokens[:cut]), body)
    if is_body(words):
        return Words("body", body=words)
    if any(is_job(token) for token in tokens) and len(tokens) <= 8:
        return Words("job", job=words)
    return Words("other", name=words)


def _without_labels(words: str) -> str:
    """Take off a label in front, with the verb behind it, and the short label of a number or address at the end."""
    known = phrases.label_at_start(words)
    if known and known[0].startswith("person.") and not is_job(words[: known[1]].split()[-1]):
        words = words[known[1] :].strip(_EDGES)
        gives = phrases.pattern("jobs", "person.gives").match(words)
        words = words[gives.end() :].strip(_EDGES) if gives else words
    if answers := phrases.pattern("jobs", "person.answers").search(words):
        words = words[: answers.start()].strip(_EDGES)
    while _ends_with_label(last := words.rpartition(" ")[2]) and last != words:
        words = words[: -len(last)].strip(_EDGES)
    return words


def _ends_with_label(word: str) -> bool:
    """Tell whether a word is a card's label: ``sähköposti`` in small letters, ``Tel`` in any."""
    label = phrases.label(word) or ""
    return label in ("person.phone", "person.email") or (word[:1].islower() and label.startswith("person."))


def _leading_person(tokens: list[str]) -> Words | None:
    """A name with its job or body behind it and no comma between: ``Aino Malli hankepäällikkö``."""
    for cut in range(2, min(len(tokens), _LONGEST_NAME + 1)):
        rest = " ".join(tokens[cut:])
        if person_length(tokens[:cut]) != cut:
            continue
        if Registry.load().organisation(rest) and len(tokens) - cut > 1:
            return Words("person", " ".join(tokens[:cut]), None, rest)
        one = len(tokens) - cut == 1
        if is_job(tokens[-1]) and (tokens[cut][0].islower() or one) and len(tokens) - cut <= 3:
            return Words("person", " ".join(tokens[:cut]), rest)
    return None


def _ends_with_acronym(tokens: list[str]) -> bool:
    return len(tokens) > 2 and bool(_ACRONYM.match(tokens[-1])) and Registry.load().organisation(tokens[-1]) is not None


def person_length(tokens: list[str]) -> int:
    """Tell how many of the last words are a person's name; 0 where they are none."""
    if _ends_with_acronym(tokens):
        tokens = tokens[:-1]
    length = 0
    for token in reversed(tokens):
        if not _is_name_part(token) and not (length and (token in _PARTICLES or _INITIAL.match(token))):
            break
        length += 1
    rest = tokens[: len(tokens) - length]
    parts = tokens[len(tokens) - length :]
    extra = len([part for part in parts if part not in _PARTICLES and not _INITIAL.match(part)]) - _LONGEST_NAME
    if extra > 0:  # the area of a job stands before the name
        return 2 if extra <= 2 and _is_name(parts[-2:]) else 0
    if length < 2 or not _is_name(parts) or (rest and job_at_end(rest) is None):
        return 0
    return length


def named_by(address: str, name: str) -> str | None:
    """Give the part of some words that an address names (``aino.malli@…``), the surname without the ending of a case.

    >>> named_by("aino.kuusiluoto@example.org", "Asiantuntija Aino Kuusiluodolta")
    'Aino Kuusiluoto'
    """
    given, _, surname = address.partition("@")[0].casefold().partition(".")
    tokens = name.split()
    at = next((n for n, token in enumerate(tokens[:-1]) if _plain(token) == given), None)
    if at is None or not surname:
        return None
    while at and _INITIAL.match(tokens[at - 1]):
        at -= 1
    last = _plain(tokens[-1])
    differ = (n for n, (one, other) in enumerate(zip(last, surname, strict=False)) if one != other)
    same = next(differ, min(len(last), len(surname)))
    if last == surname or "." in surname:
        return " ".join(tokens[at:]) if last == surname.rpartition(".")[2] else None
    if same < max(3, len(surname) - 3) or not phrases.means("person.inflected", tokens[-1], file="jobs"):
        return None
    tail = surname[same:]
    front = any(c in "äöy" for c in tokens[-1]) and not any(c in "aou" for c in tokens[-1])
    tail = tail.translate(str.maketrans("ao", "äö")) if front else tail
    return " ".join([*tokens[at:-1], tokens[-1][:same] + tail])


def _plain(word: str) -> str:
    return unicodedata.normalize("NFD", word.casefold()).encode("ascii", "ignore").decode()


def _is_name(parts: list[str]) -> bool:
    words = " ".join(parts)
    mixed = (
        len(parts) == 2 and not words.isupper() and any(len(one.rstrip(".")) > 1 and one.isupper() for one in parts)
    )  # ``Häme ELY``
    return not (mixed or parts[0] in _PARTICLES or is_body(words) or _modifies(parts[-1]) or phrases.label(words))


def _is_name_part(token: str) -> bool:
    return bool(_NAME.match(token)) and not is_job(token) and len(token) > 1


def is_job(token: str) -> bool:
    """Tell whether a word is a job in its base form."""
    return phrases.means("job.title", token.strip(_EDGES), file="jobs")


def job_at_end(tokens: list[str]) -> str | None:
    """Give the job that ends some words, with what modifies it; None where the last word is no job.

    >>> job_at_end(["Kysy", "lisää:", "neuvotteleva", "virkamies"])
    'neuvotteleva virkamies'
    """
    if not tokens or not (is_job(tokens[-1]) or _modifies(tokens[-1])):
        return None
    first = len(tokens) - 1
    while first and (_modifies(tokens[first - 1]) or (_joins(tokens[first - 1]) and is_job(tokens[-1]))):
        first -= 2 if _joins(tokens[first - 1]) and first > 1 else 1
    return " ".join(tokens[first:]).strip(_EDGES.replace(".", "")) or None


def _modifies(token: str) -> bool:
    return phrases.means("job.modifier", token.strip(" ,;:()"), file="jobs") or token.endswith("-")


def _joins(token: str) -> bool:
    return token in ("ja", "och", "and", "&")


def is_body(words: str) -> bool:
    """Tell whether words name an organisation: by the registry, or by a noun or legal form that only bodies have."""
    if not words or len(words) > _LONGEST_BODY:
        return False
    return phrases.says("body.noun", words, file="jobs") or Registry.load().organisation(words) is not None


def is_project(words: str) -> bool:
    """Tell whether words name a project that coordinates (``… koordinaatio``)."""
    return phrases.says("body.project", words, file="jobs") and not is_body(words)


_NEAR_NAME = 600
"""So far before a name its job begins at most."""
_LOW_WORDS = re.compile(r"(?:(?<!\s)\s+[a-zåäö]{1,40}){0,5}(?<!\s)\s+$")


def job_before(text: str, start: int, low: int) -> str | None:
    """The job before a name: right before it, or with at most five small words between."""
    start = max(start, low - _NEAR_NAME)
    between = _LOW_WORDS.search(text, start, low)
    window = text[between.start() if between else low : low] if between else text[low:low]
    head = re.search(r"(?<![\w-])[\w-]+$", text[start : between.start()]) if between else None
    words = ((head.group() if head else "") + window).split()
    for number in range(len(words) - 1, -1, -1):
        word = words[number]
        if is_job(word):
            return job_at_end(words[: number + 1]) or word
        if phrases.means("job.inflected", word, file="jobs"):
            return word
    return None


def goes_on(above: str, line: str) -> bool:
    """Tell whether a part of a card goes on over the end of a line: a name, a body, a number, a unit."""
    left, right = CUT.split(above)[-1].strip(), CUT.split(line)[0].strip(" ,;:")
    if above[-1] in ",;:" or not left or not right:
        return False
    if left.endswith("-") or right[0] in "-–" or re.search(r"[a-zåäö-] ja$", left):
        return True
    if right[0].isdigit():
        return above[-1].isdigit() or left.rstrip(".").endswith("p")
    if right[0].islower():
        return not re.match(r"\S*(?:@|\(at\))", right) and (understand(right).kind != "job" or left.islower())
    if right.startswith("ELY"):
        return left.endswith("n")
    alone = bool(_WORD.fullmatch(left) and _WORD.fullmatch(right))
    return alone and not is_body(left) and understand(f"{left} {right}").kind == "person"


_WORD = re.compile(r"[A-ZÅÄÖ][a-zåäö]+(?:-[A-ZÅÄÖ][a-zåäö]+)?")
