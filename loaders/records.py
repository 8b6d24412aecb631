"""What a loader found: plain records, each fact with the place it was read from.

A loader turns a document into one :class:`Reading`. Nothing here knows RDF, files or layouts; nothing here imports ours.
References between records are the names and codes *of the document itself* (``Project.key``, a theme's printed name);
``loaders.rdf.documents`` turns them into IRIs.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Generic, Literal, TypeVar

T = TypeVar("T")

PartialDate = str
"""ISO 8601, as precise as the source and never padded: ``2024``, ``2024-10`` or ``2024-10-31``."""


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a fact stands: a line range (or table row) of its document and the very words.

    ``words`` is a substring of the lines ``first`` to ``last`` (1-based, inclusive) joined by a blank, once white space is
    collapsed. ``private`` marks words that name or address a person: they never leave the contact graphs.
    """

    first: int
    last: int
    words: str
    page: int | None = None
    row: int | None = None
    private: bool = False
    certainty: Literal["certain", "likely"] = "certain"
    """``likely`` where the reader had to guess which thing, phase or role the words are about."""


@dataclass(frozen=True, slots=True)
class Stated(Generic[T]):
    """A value together with the passage that states it."""

    value: T
    origin: Origin


@dataclass(frozen=True, slots=True)
class Text:
    """A string in a language (BCP 47 tag)."""

    text: str
    lang: str = "fi"


@dataclass(frozen=True, slots=True)
class Objective:
    """A specific objective as printed: its notation (``4.1.7``, ``4.h``, ``5.1``) and, where given, its name."""

    notation: str | None
    name: str | None = None


@dataclass(frozen=True, slots=True)
class MinistryRole:
    """A ministry (name or abbreviation as printed) that is responsible for or funds a theme."""

    name: str
    lead: bool = False


@dataclass(frozen=True, slots=True)
class Theme:
    """A national theme (valtakunnallinen teema) as one document presents it."""

    name: Stated[Text]
    names: tuple[Stated[Text], ...] = ()
    programme: Stated[str] | None = None
    """The programme's period, ``2021-2027``."""
    group: Stated[str] | None = None
    fund: Stated[str] | None = None
    """Notation of ``code/fund/``: ``ESR+``, ``EAKR``, ``JTF``, ``ESR``."""
    priority: Stated[str] | None = None
    objectives: tuple[Stated[Objective], ...] = ()
    ministries: tuple[Stated[MinistryRole], ...] = ()
    intermediate_bodies: tuple[Stated[str], ...] = ()
    start: Stated[PartialDate] | None = None
    end: Stated[PartialDate] | None = None
    sub_themes: tuple[Stated[str], ...] = ()
    target_groups: tuple[Stated[str], ...] = ()
    web_pages: tuple[Stated[str], ...] = ()
    coordinated_by: tuple[Stated[str], ...] = ()
    """Keys (or names) of the coordination projects that serve the theme, listed in it or not."""


@dataclass(frozen=True, slots=True)
class Project:
    """A project as one undertaking (hanke): a single project or a whole group project."""

    key: str
    """What other records of this reading call it: the group code, else its own code, else its name."""
    name: Stated[Text]
    theme: str | None = None
    """The theme's printed name (``Theme.name.value.text``) it is listed under."""
    acronym: Stated[str] | None = None
    project_code: Stated[str] | None = None
    """A single project's own code; a member's code of a group project stands on its participation."""
    group_code: Stated[str] | None = None
    group: bool = False
    coordination: Stated[bool] | None = None
    start: Stated[PartialDate] | None = None
    end: Stated[PartialDate] | None = None
    sub_theme: Stated[str] | None = None
    call: str | None = None
    """Key of the call it was funded from."""
    status: Stated[str] | None = None
    web_pages: tuple[Stated[str], ...] = ()
    programme: Stated[str] | None = None
    """The programme's period, where the document gives it for the project itself; so too fund, priority, objectives."""
    fund: Stated[str] | None = None
    priority: Stated[str] | None = None
    objectives: tuple[Stated[Objective], ...] = ()
    authority: Stated[str] | None = None
    """The body that funds and supervises the project (vastuuviranomainen), as printed."""


@dataclass(frozen=True, slots=True)
class Participation:
    """One implementer's part of a project; ``organisation`` is the name as printed, line-break hyphens repaired."""

    project: str
    organisation: Stated[str]
    role: Stated[Literal["lead", "partner"]] | None = None
    project_code: Stated[str] | None = None
    business_id: Stated[str] | None = None


AboutKind = Literal["theme", "project", "participation", "call", "area", "document"]


@dataclass(frozen=True, slots=True)
class About:
    """What an amount, a count or a contact is about: a theme's printed name, a project's or call's key, an area's code.

    An area is named by its code list and code: ``municipality/091``, ``region/01``. The document itself, of a fact whose
    subject it does not say, has the key ``""``.
    """

    kind: AboutKind
    key: str


@dataclass(frozen=True, slots=True)
class Money:
    """One amount in euros: of what, which phase, at which date, whose money.

    ``phase`` and ``scope`` are notations of ``code/phase/`` and ``code/scope/``. ``precision`` is the size of the last
    printed unit in euros (``13 M€`` → 1000000, ``9,9 M€`` → 100000, ``914 526 e`` → 1, ``0,40 €`` → 0.01). Without a ``date``
    it holds at the date of its document. With a ``ministry``, or about a participation, it is a share of an amount.
    """

    about: About
    phase: str
    amount: Decimal
    as_stated: str
    precision: Decimal
    origin: Origin
    date: PartialDate | None = None
    scope: str | None = None
    ministry: str | None = None
    approximate: bool = False
    """``n.``, ``noin``, ``lähes``."""
    maximum: bool = False
    """``enintään``, ``maks.``: a cap, not a total."""


@dataclass(frozen=True, slots=True)
class Call:
    """A call for proposals (hankehaku). ``key`` names it within the reading."""

    key: str
    label: Stated[Text]
    theme: str | None = None
    opens: Stated[PartialDate] | None = None
    closes: Stated[PartialDate] | None = None
    places: tuple[Stated[str], ...] = ()
    coordination: bool = False
    """The call seeks the theme's coordination project."""
    objectives: tuple[Stated[Objective], ...] = ()
    authorities: tuple[Stated[str], ...] = ()
    """The body that opens the call and funds from it, as printed; several open one together."""
    fund: Stated[str] | None = None


Side = Literal["funder", "coordination", "ministry", "other"]


@dataclass(frozen=True, slots=True)
class Contact:
    """A contact person of a theme or call. Its origin is private."""

    about: About
    side: Side
    name: str
    origin: Origin
    organisation: str | None = None
    job_title: str | None = None
    emails: tuple[str, ...] = ()
    telephones: tuple[str, ...] = ()
    """As printed, white space collapsed."""
    valid_from: PartialDate | None = None
    valid_until: PartialDate | None = None


@dataclass(frozen=True, slots=True)
class Count:
    """One stated number of things; ``measure`` is a notation of ``code/measure/``.

    ``basis`` says what was counted where the source tells (``with-coordination``, ``without-coordination``).
    """

    about: About
    measure: str
    value: Decimal
    origin: Origin
    date: PartialDate | None = None
    basis: str | None = None
    approximate: bool = False


Record = Theme | Project | Participation | Money | Call | Contact | Count


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Words that were recognised and deliberately not read, or not understood, with the reason.

    ``reason`` is a key of ``engine/words/reasons.toml``, with what it names behind a colon: ``again-at-line: 12``.
    ``understood`` False means: a person should look at this line.
    """

    first: int
    last: int
    words: str
    reason: str
    understood: bool = True
    private: bool = False


@dataclass(frozen=True, slots=True)
class Reading:
    """Everything one loader read from one document. Order of records follows the document."""

    layout: str
    records: tuple[Record, ...]
    title: str | None = None
    programme: str | None = None
    """Period of the programme the document speaks of, ``2021-2027``."""
    reference_date: PartialDate | None = None
    """The date the figures are of."""
    issued: PartialDate | None = None
    language: str = "fi"
    publisher: str | None = None
    left_out: tuple[LeftOut, ...] = field(default=())
