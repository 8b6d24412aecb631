"""Link sets as files: read strictly, written the same every time, all or none."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from links import sssom
from links.sets import read_sets
from links.sssom import Link, LinkSet, compact, expand, read, text_of, write_all
from loaders.errors import SourceError
from tests.cases import each

HEAD = """#curie_map:
#  a: https://example.org/a/
#  ab: https://example.org/a/b/
#  semapv: https://w3id.org/semapv/vocab/
#mapping_set_id: https://example.org/set
#mapping_set_title: "Ones: and others"
#other: "accepted=1|candidates=7"
"""
COLUMNS = (
    "subject_id\tpredicate_id\tpredicate_modifier\tobject_id\tmapping_justification\t"
    "mapping_date\tconfidence\tother\tcomment"
)
ROW = "a:1\ta:p\t\tab:2\tsemapv:LexicalMatching\t2026-11-22\t0.95\tfrom=2026-01-01|sv=Ö\tseen"


def written(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "one.sssom.tsv"
    path.write_bytes(text.encode("utf-8"))
    return path


def test_a_set_reads_with_prefixes_metadata_and_facts(tmp_path: Path) -> None:
    links = read(written(tmp_path, f"{HEAD}{COLUMNS}\n{ROW}\n"))
    assert links.metadata["mapping_set_title"] == "Ones: and others"
    assert links.number("candidates") == 7
    link = links.links[0]
    assert link.pair == ("https://example.org/a/1", "https://example.org/a/p", "https://example.org/a/b/2")
    assert (link.confidence, link.facts, link.line) == (Decimal("0.95"), {"from": "2026-01-01", "sv": "Ö"}, 9)


def test_what_a_spreadsheet_does_to_a_file_does_not_matter(tmp_path: Path) -> None:
    plain = read(written(tmp_path, f"{HEAD}{COLUMNS}\n{ROW}\n"))
    header = "".join(f'"{line}"\t\t\r\n' for line in HEAD.replace('"', '""').splitlines())
    rows = "".join("\t".join(f'"{cell}"' for cell in line.split("\t")) + "\t\t\r\n" for line in (COLUMNS, ROW))
    edited = read(written(tmp_path, f"\ufeff{header}{rows}\t\t\r\n"))
    assert edited == plain


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "one.sssom.tsv: holds no table"),
        (HEAD, "one.sssom.tsv: holds no table"),
        (f"{HEAD}{COLUMNS.replace(chr(9), ';')}\n", "one.sssom.tsv:8: columns are not separated by tabs"),
        (f"{HEAD}subject_id\tobject_id\n", "one.sssom.tsv:8: column predicate_id, mapping_justification is missing"),
        (f"{HEAD}{COLUMNS}\tcomment\n", "one.sssom.tsv:8: column comment stands twice"),
        (f"{HEAD}{COLUMNS}\n{ROW}\n{ROW}\n", "one.sssom.tsv:10: repeats the pair of line 9"),
        (
            f"{HEAD}{COLUMNS}\n{ROW}\n{ROW.replace(chr(9) * 2, chr(9) + 'Not' + chr(9))}\n",
            "one.sssom.tsv:10: accepts and rejects one pair",
        ),
        (f"{HEAD}{COLUMNS}\n{ROW.replace('a:1', 'z:1')}\n", 'one.sssom.tsv:9: "z:1" has no prefix'),
        (f"{HEAD}{COLUMNS}\n{ROW.replace('a:1', '')}\n", "one.sssom.tsv:9: subject_id is empty"),
        (
            f"{HEAD}{COLUMNS}\n{ROW.replace('2026-11-22', '22.11.2026')}\n",
            'one.sssom.tsv:9: mapping_date is "22.11.2026"',
        ),
        (f"{HEAD}{COLUMNS}\n{ROW.replace('0.95', '95')}\n", 'one.sssom.tsv:9: confidence is "95"'),
        (f"{HEAD}{COLUMNS}\n{ROW.replace('0.95', 'high')}\n", 'one.sssom.tsv:9: confidence is "high"'),
        (
            f"{HEAD}{COLUMNS}\n{ROW.replace(chr(9) * 2, chr(9) + 'no' + chr(9))}\n",
            'one.sssom.tsv:9: predicate_modifier is "no"',
        ),
        (f"{HEAD}{COLUMNS}\n{ROW}\tmore\n", "one.sssom.tsv:9: has 10 cells where the table has 9 columns"),
    ],
)
def test_a_bad_file_is_refused_by_line(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(SourceError) as error:
        read(written(tmp_path, text))
    assert error.value.format_message().startswith(message)


def test_a_file_that_is_not_utf_8_is_named(tmp_path: Path) -> None:
    path = tmp_path / "one.sssom.tsv"
    path.write_bytes(f"{HEAD}{COLUMNS}\n{ROW}\n".encode("cp1252"))
    with pytest.raises(SourceError, match=r"one\.sssom\.tsv: is not UTF-8"):
        read(path)


@each("links", read_sets(), ids=lambda links: links.name)
def test_a_shipped_set_is_written_as_it_stands(links: LinkSet) -> None:
    path = Path(__file__).resolve().parents[2] / "links" / f"{links.name}.sssom.tsv"
    assert text_of(links) == path.read_text(encoding="utf-8")


def test_prefixes_expand_and_compact() -> None:
    prefixes = {"a": "https://example.org/a/", "ab": "https://example.org/a/b/"}
    assert compact("https://example.org/a/b/2", prefixes) == "ab:2"
    assert compact("https://elsewhere.org/1", prefixes) == "https://elsewhere.org/1"
    assert expand("ab:2", prefixes, "x", 1) == "https://example.org/a/b/2"
    assert expand("https://elsewhere.org/1", prefixes, "x", 1) == "https://elsewhere.org/1"


def test_sets_are_written_all_or_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    link = Link("https://a/1", "", "https://a/p", "https://a/2", "", "semapv:LexicalMatching")
    good = LinkSet("good", {"a": "https://a/"}, {}, (link,))
    write_all(tmp_path, [good])
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    bad = LinkSet("bad", {}, {}, (link, replace(link, rejected=True)))
    with pytest.raises(SourceError, match=r"bad\.sssom\.tsv: accepts and rejects one pair"):
        write_all(tmp_path, [replace(good, metadata={"comment": "new"}), bad])
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == before

    def full(links: LinkSet) -> str:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(sssom, "text_of", full)
    with pytest.raises(OSError, match="No space left"):
        write_all(tmp_path, [replace(good, metadata={"comment": "new"})])
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == before
