"""A first guess of the mapping of a list nobody has described yet: headings by the lexicon, checked against the values below.

What the guess decides without proof stands in the mapping as a line with its reason; what nothing decides is an open question.
"""

from __future__ import annotations

import json
import re
import tomllib
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from itertools import combinations, pairwise
from pathlib import Path

from loaders.errors import SourceError
from loaders.names.text import slug
from loaders.tables import Table, open_table
from loaders.tables.dates import DateForm, date
from loaders.tables.forms import CellError, NumberForm, amount, blank, count_signs, number_form, rate, read_amounts
from loaders.tables.funds import fund_of, period_of
from loaders.tables.headings import fold, likeness, roles
from loaders.tables.mapping import Mapping, choose, from_dict, kind_of
from loaders.tables.plan import NAMING, Plan
from loaders.tables.states import LANGUAGES, country_in, country_of, country_speaking, language_of

_SAMPLE = 500
_SEVERAL = ("private", "ignore", "updated")
_ENOUGH = 0.55
_CODE = re.compile(r"^(?=.*[^\W\d_]).*\d|\d[-/.]\d")
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
_MONEY = re.compile(r"[€£]?\s?[-+]?\d[\d.,\s]*[.,]\d\d(?:\s?[^\W\d_]{2,4}|\s?[€£])?")


@dataclass(frozen=True, slots=True)
class Proposal:
    """A guessed mapping as TOML that ``load --mapping`` takes.

    ``doubts``: what was chosen without proof; ``questions``: what has to be answered before the list can be read.
    """

    text: str
    doubts: tuple[str, ...]
    questions: tuple[str, ...] = ()

    @property
    def mapping(self) -> Mapping:
        """The mapping itself; SourceError where a question is open."""
        data = tomllib.loads(self.text)
        if self.questions:
            raise SourceError(str(data["id"]), f"the guess has an open question: {self.questions[0]}")
        return from_dict(data, str(data["id"]))


@dataclass(slots=True)
class _Guess:
    """One table and what its columns are taken for."""

    table: Table
    columns: list[list[str]]
    places: dict[int, str]

    @classmethod
    def of(cls, table: Table) -> _Guess:
        columns = [[r.cells[n] for r in table.sample[:_SAMPLE] if n < len(r.cells)] for n in range(len(table.headings))]
        return cls(table, columns, _assign(table, columns))

    def heading(self, column: int) -> str:
        return " ".join(self.table.headings[column].split())

    @property
    def fund(self) -> str | None:
        """The fund that the sheet's name and titles say."""
        return fund_of(" ".join([self.table.sheet or "", *self.table.titles]))

    def named(self) -> dict[tuple[str, ...], list[str]]:
        """The rows by the fund of their sheet, their code and name."""
        at = [n for role in ("code", "name") for n, said in self.places.items() if said == role]
        rows = [
            r.cells
            for r in self.table.sample
            if len(at) == 2 and len(r.cells) > max(at) and all(r.cells[n] for n in at)
        ]
        return {(self.fund or "", *(cells[n].strip() for n in at)): cells for cells in rows}

    def values(self, *of_roles: str) -> Iterator[str]:
        for n, role in self.places.items():
            if role in of_roles:
                yield from self.columns[n]


def guess(path: Path, identifier: str | None = None) -> Proposal:
    """Propose a mapping for a table; SourceError where the file is no table at all."""
    table = open_table(path, identifier)
    guesses = [_Guess.of(one) for one in (table, *table.others)]
    named = [one for one in guesses if set(NAMING) & set(one.places.values())]
    repeated = [one for one in named[1:] if _repeats(named[0], one)]
    if repeated and len(repeated) == len(named) - 1:
        named = named[:1]
    else:
        repeated = []
    questions = []
    if not named:
        questions.append('which column names the operations? Write it under [columns]: name = "…"')
    head = _head(named or guesses[:1])
    columns = _columns(named or guesses[:1])
    doubts = [f"{words}: not read" for words in table.unread]
    for one in guesses:
        if named and one not in named:
            why = f"repeats the rows of {table.sheet!r}" if one in repeated else "names no operations"
            doubts.append(f"sheet {one.table.sheet!r} {why}: not read")
    if repeated:
        head["sheet"] = str(table.sheet)
    doubts += _doubts(named or guesses[:1], head)
    extra: list[str] = []
    for one in named:
        notes, question = _plan(
            one.table, {**head, "columns": {role: list(said) for role, said in columns.items()}}, extra
        )
        doubts += [note for note in notes if note not in doubts]
        questions += question
    questions += [question for one in named for question in _twins(one)]
    questions += _editions(named)
    text = _write(named or guesses[:1], head, columns, list(dict.fromkeys(extra)), doubts, questions)
    return Proposal(text, tuple(doubts), tuple(questions))


def _twins(one: _Guess) -> Iterator[str]:
    """Columns of money that share their heading with another: which of them is meant, nothing tells."""
    # "Grant (North)" and "Grant (South)" are two parts; "Cost" comes before "Cost (old)"
    folded = [fold(re.sub(r"(?<=\w)\s*\([^()]*\)", "#", heading)).text for heading in one.table.headings]
    for n, role in one.places.items():
        others = [m for m, text in enumerate(folded) if m != n and text == folded[n] and m not in one.places]
        if kind_of(role) == "amount" and any(
            one.columns[m] != one.columns[n] and _suits("amount", one.columns[m]) > 0.75 and any(one.columns[m])
            for m in others
        ):
            yield f"two columns are headed like {one.heading(n)!r} and differ: which is {role}? Rename the other in the file"


def _repeats(first: _Guess, other: _Guess) -> bool:
    """Whether nearly all rows of a sheet stand in another sheet as well, which is of the same fund."""
    known = {tuple(filter(None, map(str.strip, record.cells))) for record in first.table.sample}
    rows = [tuple(filter(None, map(str.strip, record.cells))) for record in other.table.sample]
    return first.fund == other.fund and len(rows) > 1 and sum(row in known for row in rows) * 10 >= 9 * len(rows)


def _editions(sheets: list[_Guess]) -> Iterator[str]:
    """Sheets of one fund that say different amounts of the same operations: of two years, or amounts to be added up?"""
    for first, other in combinations(sheets, 2):
        one, two = first.named(), other.named()
        shared = one.keys() & two.keys()
        if len(shared) * 2 > min(len(one), len(two)) and any(one[key] != two[key] for key in shared):
            yield (
                f"sheets {first.table.sheet!r} and {other.table.sheet!r} hold the same operations with other values: of two "
                f'dates? Then say which one is read: sheet = "…"; if their amounts are to be added up: of = "beneficiary"'
            )


def _plan(table: Table, data: dict[str, object], extra: list[str]) -> tuple[list[str], list[str]]:
    """What laying the mapping over a table decides without proof, and what it cannot decide; ``extra`` gets lines of TOML."""
    try:
        plan = Plan.of(table, from_dict(data, str(data["id"])))
    except SourceError as error:
        return [], [error.message]
    shown = {
        v for n in plan.numbers if plan.numbers[n].sure for r in table.sample[:_SAMPLE] for v in r.cells[n : n + 1]
    }
    if plan.numbers and (any("," in v or "." in v for v in shown) or any(not f.sure for f in plan.numbers.values())):
        forms = {form.decimal for form in plan.numbers.values()}
        extra += [f'decimal = "{forms.pop()}"'] if len(forms) == 1 else []
    orders = {form.order for form in plan.dates.values()}
    extra += [f'dates = "{orders.pop()}"'] if len(orders) == 1 else []
    if any("(of = " in note for note in plan.notes) and not any(line.startswith("of = ") for line in extra):
        money = {role: n for n, role in plan.places.items() if role.startswith("money.")}
        whose = [f'"{role}" = "{"project" if n in plan.wholes else "beneficiary"}"' for role, n in money.items()]
        extra.append(f"of = {{ {', '.join(whose)} }}")
    return [note for note in plan.notes if not note.startswith("columns that the mapping")], []


def _offers(table: Table, columns: list[list[str]]) -> Iterator[tuple[float, int, str]]:
    """How well each column suits the roles that its heading names: the weight, the column's number from 0 down, the role."""
    yearly = _yearly(table.headings)
    # amounts like "1,234.50" that no quotes hold together stand in several cells
    plain = table.dialect is not None and not table.dialect.quoted
    torn = plain and any(len(record.cells) > len(table.headings) for record in table.sample[:_SAMPLE])
    for n, heading in enumerate(table.headings):
        for score, term in roles(heading)[:6] if any(map(str.strip, columns[n])) else ():
            suits = 0.0 if _unlike(term.role, columns[n]) else _suits(term.kind, columns[n])
            if term.kind == "amount" and (
                n in yearly or (not torn and (suits < 0.75 or _no_money(heading, columns[n])))
            ):
                suits = 0.0
            if score * suits >= _ENOUGH:
                # of two columns the one that is right throughout, and of all years
                one_year = term.kind == "amount" and len(_YEAR.findall(heading)) == 1
                yield score * suits**2 - 0.4 * one_year, -n, term.role


def _assign(table: Table, columns: list[list[str]]) -> dict[int, str]:
    """Column → role: the best pairs first, each column and each role once."""
    offers = list(_offers(table, columns))
    places: dict[int, str] = {}
    for _, n, role in sorted(offers, reverse=True):
        if -n not in places and (role not in places.values() or role in _SEVERAL):
            places[-n] = role
    for role in [role for role in places.values() if kind_of(role) == "amount"]:
        rivals = {-n for _, n, said in offers if said == role} - {n for n, said in places.items() if said != role}
        if (whole := _sum_of_others(table, sorted(rivals))) is not None:
            places = {n: said for n, said in places.items() if said != role} | {whole: role}
    if "fund" not in places.values():
        places |= dict.fromkeys(_funds(columns, places), "fund")
    places = {n: role for n, role in places.items() if role != "code" or not _repeating(table, places, n)}
    code = _telling(columns, places) if "code" not in places.values() else None
    if code is not None:
        places[code] = "code"
    return {n: "ignore" if role == "updated" else role for n, role in sorted(places.items())}


def _rows(table: Table, columns: Sequence[int]) -> list[list[str]]:
    """The cells of some columns, row by row."""
    return [[r.cells[n] if n < len(r.cells) else "" for n in columns] for r in table.sample[:_SAMPLE]]


def _sum_of_others(table: Table, columns: list[int]) -> int | None:
    """The column whose amounts are the sums of those of the others, row by row: of parts and their total, the total."""
    cells = _rows(table, columns)
    forms = {n: number_form(count_signs(row[n] for row in cells)) or NumberForm() for n in range(len(columns))}
    rows = [amounts for row in cells if len(amounts := read_amounts(row, list(forms), forms)) > 1]
    for n, column in enumerate(columns if len(columns) > 2 and rows else ()):
        if sum(sum(row.values()) == 2 * row.get(n, 0) for row in rows) * 10 >= 9 * len(rows):
            return column
    return None


def _yearly(headings: Sequence[str]) -> frozenset[int]:
    """Columns whose headings differ in nothing but their year: each holds a part of the money."""
    alike: dict[str, list[int]] = defaultdict(list)
    for n, heading in enumerate(headings):
        if len(years := _YEAR.findall(heading)) == 1:
            alike[heading.replace(years[0], "")].append(n)
    return frozenset(n for columns in alike.values() if len(columns) > 1 for n in columns)


def _unlike(role: str, values: list[str]) -> bool:
    """Whether values cannot be of a role: numbers of rows as codes, numbers as names, sums of money as other texts."""
    filled = [value for value in values if not blank(value)]
    if role in ("name", "beneficiary"):
        return sum(not re.search(r"[^\W\d_]", value) for value in filled) * 2 > len(filled)
    if kind_of(role) == "text":
        return sum(bool(_MONEY.fullmatch(value.strip())) for value in filled) * 2 > len(filled)
    return role == "code" and _numbered(values)


def _no_money(heading: str, values: list[str]) -> bool:
    """Whether a column that reads like money holds years, shares of 1, or like a rate as well nothing above 100."""
    numbers = [
        float(v) for value in values if (v := value.replace(",", ".").strip()) and re.fullmatch(r"\d+(\.\d+)?", v)
    ]
    most = 100 if any(term.kind == "percent" for _, term in roles(heading)) else 1
    years = len(numbers) > 2 and all(1990 <= n <= 2035 and n.is_integer() for n in numbers)
    return years or (bool(numbers) and 0 < max(numbers) <= most)


def _numbered(values: list[str]) -> bool:
    """Whether a column only counts the rows, from 1 or nearly so."""
    filled = [value.strip().rstrip(".") for value in values if value.strip()]
    if not filled or not filled[0].isdecimal() or int(filled[0]) > 2:
        return False
    steps = [int(b) - int(a) for a, b in pairwise(filled) if a.isdecimal() and b.isdecimal()]
    return len(filled) > 2 and len(steps) * 10 >= (len(filled) - 1) * 9 and steps.count(1) * 10 >= len(steps) * 9


def _repeating(table: Table, places: dict[int, str], column: int) -> bool:
    """Whether codes are those of something above the operations: each stands on ten operations of other names."""
    name = next((n for n, role in places.items() if role == "name"), column)
    rows = [row for row in _rows(table, [column, name]) if all(map(str.strip, row))]
    return 10 * len({code for code, _ in rows}) <= len({name for _, name in rows})


def _funds(columns: list[list[str]], places: dict[int, str]) -> list[int]:
    """The first column of no role all values of which name a fund; that of programmes says it beside its own."""
    free = [n for n in range(len(columns)) if n not in places]
    named = ((n, [value for value in columns[n] if not blank(value)]) for n in free)
    return [n for n, filled in named if len(filled) > 1 and all(len(v) < 40 and fund_of(v) for v in filled)][:1]


def _telling(columns: list[list[str]], places: dict[int, str]) -> int | None:
    """The first column of an unknown heading that tells all rows apart, by short words of letters and digits."""
    for n, values in enumerate(columns):
        filled = [value.strip() for value in values if value.strip()]
        telling = n not in places and len(filled) == len(values) == len(set(filled)) > 2
        short = telling and all(len(v) <= 40 and " " not in v and _CODE.search(v) for v in filled)
        # "1.234'56" is a number of a form that is not known, and no code
        short = short and not all(re.fullmatch(r"[\d.,'’€£]+", v) and re.search(r"[,'’€£]", v) for v in filled)
        if short and max(_suits("amount", filled), _suits("date", filled)) < 0.5:
            return n
    return None


def _suits(kind: str, values: list[str]) -> float:
    """How well values are of a kind: the share of those that can be read as one, however they are written."""
    filled = [value for value in values if not blank(value)]
    if not filled or kind in ("text", "private", "ignore"):
        return 1.0
    readers: list[Callable[[str], object]]
    if kind == "date":
        readers = [partial(date, form=DateForm(order)) for order in ("dmy", "mdy", "ymd", "serial", "digits")]
    elif kind == "code":
        readers = [lambda value: len(value) <= 60 and value.count(" ") <= 3]
    elif kind == "percent":
        readers = [partial(_is_rate, form=NumberForm(sign)) for sign in ",."]
    else:
        readers = [partial(_is_amount, form=NumberForm(sign)) for sign in ",."]
    return _share(filled, readers)


def _is_rate(value: str, form: NumberForm) -> bool:
    return rate(value, form) >= 0


def _is_amount(value: str, form: NumberForm) -> bool:
    return amount(value, form).is_finite()


def _share(values: list[str], readers: list[Callable[[str], object]]) -> float:
    good = 0
    for value in values:
        for read in readers:
            with suppress(CellError):
                if read(value):
                    good += 1
                    break
    return good / len(values)


def _head(guesses: list[_Guess]) -> dict[str, object]:
    table = guesses[0].table
    about = " ".join([table.path.stem, *(one.table.sheet or "" for one in guesses), *table.titles])
    country = _country(guesses, about)
    headings = [heading for one in guesses for heading in one.table.headings]
    language = language_of([value for one in guesses for value in one.values("name", "summary")], country)
    if language == "und":
        language = language_of([about, *headings], country)
    head: dict[str, object] = {
        "id": slug(table.path.stem),
        "title": (table.titles[0] if table.titles else table.path.stem)[:120],
    }
    has = {role for one in guesses for role in one.places.values()}
    facts = {"country": country, "language": language, "period": period_of(about), "fund": fund_of(about)}
    head |= {key: value for key, value in facts.items() if value and (key not in has or key == "country")}
    # a row that has its money is not lost for its name or code
    head["required"] = []
    return head


def _country(guesses: list[_Guess], about: str) -> str | None:
    """The state of a list: by its column, the beginning of the file's name, its titles, the regions its rows name."""
    countries = Counter(c for one in guesses for v in one.values("country") if (c := country_of(v)))
    if countries:
        return countries.most_common(1)[0][0]
    # "de-hessen-erdf", "sample-gb-wales"
    for token in re.split(r"[-_ .]", guesses[0].table.path.stem)[:2]:
        if len(token) == 2 and (code := country_of(token)) in LANGUAGES:
            return code
    if said := country_in(about):
        return said
    places = (v for one in guesses for v in one.values("region", "location", "place", "programme"))
    regions = Counter(c for v in places if (c := country_in(v)))
    if regions:
        return regions.most_common(1)[0][0]
    headings = guesses[0].table.headings
    names = [v for one in guesses for v in one.values("name", "summary")]
    return country_in(" ".join(headings)) or country_speaking(language_of([about, *headings, *names]))


def _columns(guesses: list[_Guess]) -> dict[str, dict[str, None]]:
    """Role → headings, of every sheet."""
    columns: dict[str, dict[str, None]] = {}
    for one in guesses:
        for n, role in one.places.items():
            columns.setdefault(role, {})[one.heading(n)] = None
    return columns


def _write(
    guesses: list[_Guess],
    head: dict[str, object],
    columns: dict[str, dict[str, None]],
    extra: list[str],
    doubts: list[str],
    questions: list[str],
) -> str:
    name = guesses[0].table.path.name
    lines = [f"# A first guess for {name}: check each line, then load the list with --mapping and this file."]
    lines += [f"# OPEN QUESTION: {question}" for question in questions]
    lines += [f"# {doubt}" for doubt in doubts]
    lines += [f"{key} = {_toml(value)}" for key, value in head.items()]
    lines += [*extra, "", "[columns]"]
    for role, headings in columns.items():
        one, n = next((g, n) for g in guesses for n, said in g.places.items() if said == role)
        example = next((v for v in one.columns[n] if not blank(v)), "")
        shown = "" if kind_of(role) == "private" else f"  # {' '.join(example.split())[:60]}"
        written = list(headings)
        key = _toml(role) if "." in role else role
        lines.append(f"{key} = {_toml(written if len(written) > 1 else written[0])}{shown}")
    for one in guesses:
        for n, heading in enumerate(one.table.headings):
            if n not in one.places and heading:
                lines.append(f"# not understood, not read: {_toml(one.heading(n))}")
    # a comment repeats cells of the list and the name of its file; TOML allows no control characters there
    return "\n".join(re.sub(r"[\x00-\x1f\x7f]", " ", line) for line in lines) + "\n"


def _doubts(guesses: list[_Guess], head: dict[str, object]) -> Iterator[str]:
    """The doubts that whoever checks the proposal should look at first."""
    with suppress(SourceError):
        yield f"the shipped mapping {choose(guesses[0].table).identifier!r} suits this list: it loads without --mapping"
    has = {role for one in guesses for role in one.places.values()}
    if not {"name", "name_en"} & has and set(NAMING) & has:
        yield "no column reads like the names of projects: operations are named by their purpose or code"
    if not any(kind_of(role) == "amount" for role in has):
        yield "no column of money is understood: no amount will be read"
    if "country" in head and "country" not in has:
        yield f"country {head['country']} is taken by the words of the list"
    for key in ("country", "period", "fund"):
        if key not in head and key not in has and not (key == "fund" and all(one.fund for one in guesses)):
            yield f"{key} is not known: write it here if the list is of one"
    for one in guesses:
        yield from _doubts_of_columns(one)


def _doubts_of_columns(one: _Guess) -> Iterator[str]:
    for n, role in one.places.items():
        heading, named = one.heading(n), {term.role: score for score, term in roles(one.table.headings[n])}
        if role == "code" and "code" not in named:
            yield f"column {heading!r} is taken for the code, as it tells all rows apart"
        like = likeness(one.table.headings[n])
        if like and like[1] < 100 and like[2] == role and named.get(role, 0) < 0.75:
            yield f"column {heading!r} is taken for {role}: it is like a known heading ({like[1]:.0f} of 100)"
    for n, heading in enumerate(one.table.headings):
        if heading and n not in one.places:
            also = next(
                (term.role for score, term in roles(heading) if score >= _ENOUGH and term.kind == "amount"), None
            )
            if n in _yearly(one.table.headings):
                why = "but of one year, as others are"
            elif also in one.places.values():
                why = "which another column is taken for"
            else:
                why = "but its values are no amounts"
            taken = f": it reads like {also}, {why}" if also else ""
            if not also and "code" in {term.role for score, term in roles(heading) if score >= _ENOUGH}:
                taken = ": it reads like code, but each of its values stands on many operations"
            yield f"column {one.heading(n)!r} is not read{taken}"


def _toml(value: object) -> str:
    """A text or a list of texts as TOML writes it: strings of JSON are basic strings of TOML."""
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
