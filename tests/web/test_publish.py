"""The static site: the same every time, whole or not at all, without persons, every link alive."""

from __future__ import annotations

import errno
import hashlib
import json
import posixpath
import re
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import suppress
from html import unescape
from pathlib import Path
from urllib.parse import unquote, urlsplit

import click
import pyoxigraph as ox
import pytest
import rdflib

from engine.store import StoreError
from loaders.rdf.terms import LABEL, A, Quad, literal, tg, thing
from tests.webstore import PERSON, few_questions, make_store, published_site
from web.publish import MARK, Folder, publish, replacing
from web.words import LANGUAGES

_LINK = re.compile(r'(?:href|src|data-setup|data-names|action)="([^"]*)"')
_ANCHOR = re.compile(r'\bid="([^"]*)"')


def dead_links(root: Path) -> list[str]:
    """Links of the pages that lead to no file or place of the site."""
    files = {path.relative_to(root).as_posix() for path in root.rglob("*") if path.is_file()}
    texts = {name: (root / name).read_text(encoding="utf-8") for name in sorted(files) if name.endswith(".html")}
    anchors = {name: set(_ANCHOR.findall(text)) for name, text in texts.items()}
    linked = ((page, link) for page, text in texts.items() for link in sorted(set(map(unescape, _LINK.findall(text)))))
    return [f"{page}: {link} ({fault})" for page, link in linked if (fault := _dead(page, link, files, anchors))]


def _dead(page: str, link: str, files: set[str], anchors: dict[str, set[str]]) -> str | None:
    parts = urlsplit(link)
    if parts.scheme or parts.netloc:
        return None
    if parts.path.startswith("/"):
        return "not relative"
    target = posixpath.normpath(posixpath.join(posixpath.dirname(page), unquote(parts.path))) if parts.path else page
    if target not in files:
        return "no such file"
    if parts.fragment and target in anchors and "=" not in parts.fragment:
        return None if unquote(parts.fragment) in anchors[target] else "no such place"
    return None


@pytest.fixture(scope="module", autouse=True)
def few() -> Iterator[None]:
    with few_questions():
        yield


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_store(tmp_path_factory.mktemp("publish") / "store", few_codes=True)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return published_site(tmp_path_factory)


def fingerprint(root: Path) -> dict[str, str]:
    files = sorted(p for p in root.rglob("*") if p.is_file())
    return {str(p.relative_to(root)): hashlib.sha256(p.read_bytes()).hexdigest() for p in files}


def test_the_same_store_gives_the_same_bytes(store: Path, site: Path, tmp_path: Path) -> None:
    out = tmp_path / "again"
    summary = publish(store, out, public="https://example.org/teemat")
    assert summary.pages == len(list(out.rglob("*.html"))) - 1  # 404.html stands beside them
    assert summary.files == len([p for p in out.rglob("*") if p.is_file()])
    assert fingerprint(out) == fingerprint(site)


def test_pages_in_three_languages(site: Path) -> None:
    for path in (
        "",
        "doc/theme/kylien-elinvoima/",
        "queries/money-by-theme/",
        "def/",
        "editor/",
        "doc/document/katsaus-2031/",
    ):
        for lang in LANGUAGES:
            name = "index.html" if lang == "fi" else f"index.{lang}.html"
            assert f'<html lang="{lang}">' in (site / path / name).read_text(), path


def test_every_link_leads_to_a_file(site: Path) -> None:
    assert dead_links(site) == []


def test_a_dead_link_is_found(tmp_path: Path) -> None:
    links = ("b.html", "#x", "/c", "a.html#y", "https://example.org/")
    body = "".join(f'<a href="{link}"></a>' for link in links)
    (tmp_path / "a.html").write_text(f'{body}<p id="y"></p>')
    found = [line.split(": ")[1] for line in dead_links(tmp_path)]
    assert found == ["#x (no such place)", "/c (not relative)", "b.html (no such file)"]


def test_no_person_is_in_any_file(site: Path) -> None:
    for path in sorted(p for p in site.rglob("*") if p.is_file() and "vendor" not in p.parts):
        body = path.read_bytes()
        assert PERSON.encode() not in body, path
        assert b"id/contact" not in body, path


def test_nothing_is_loaded_from_elsewhere(site: Path) -> None:
    for path in site.rglob("*.html"):
        loaded = re.findall(
            r'<(?:script|img|link rel="(?:stylesheet|icon)")[^>]*?(?:src|href)="([^"]*)"', path.read_text()
        )
        assert not [link for link in loaded if "://" in link or link.startswith("//")], path


def test_data_beside_the_pages(site: Path) -> None:
    graph = rdflib.Graph().parse(site / "doc/theme/kylien-elinvoima.ttl")
    assert (None, rdflib.URIRef("https://w3id.org/teemagraafi/def#amount"), None) in graph
    assert len(list(ox.parse(path=site / "doc/theme/kylien-elinvoima.jsonld"))) == len(graph)
    quads = ox.parse(path=site / "data/everything.nq")
    assert len({str(quad.graph_name) for quad in quads}) == 9
    assert json.loads((site / "api/money-by-theme.json").read_text())["results"]["bindings"]
    assert "Kylien elinvoima" in (site / "api/money-by-theme.csv").read_text()


def test_checksums_hold(site: Path) -> None:
    for folder in (site / "data", *(site / "v").iterdir()):
        subprocess.run(["sha256sum", "--check", "--strict", "--quiet", "SHA256SUMS"], cwd=folder, check=True)


def test_the_tables_are_published_too_and_listed(site: Path) -> None:
    described = json.loads((site / "data" / "csvw" / "csv-metadata.json").read_text())
    for table in described["tables"]:
        assert (site / "data" / "csvw" / table["url"]).is_file()
    assert "Kylien elinvoima" in (site / "data" / "csvw" / "themes.csv").read_text()
    pytest.importorskip("pyarrow")
    assert (site / "data" / "parquet" / "statements.parquet").is_file()
    told = (site / "data" / "SHA256SUMS").read_text()
    assert "  csvw/themes.csv\n" in told
    assert "  parquet/themes.parquet\n" in told
    catalog = rdflib.Graph().parse(site / "data.ttl")
    urls = {str(o) for o in catalog.objects(None, rdflib.DCAT.downloadURL)}
    assert all((site / url.removeprefix("https://example.org/teemat/")).is_file() for url in urls)
    assert {url.rpartition(".")[2] for url in urls} == {"ttl", "nt", "jsonld", "nq", "trig", "json", "parquet"}


def test_a_missing_page_finds_its_style_wherever_it_is_shown(site: Path) -> None:
    assert '<base href="https://example.org/teemat/">' in (site / "404.html").read_text()


def test_a_crawler_finds_every_page(site: Path) -> None:
    listed = re.findall(r"<loc>https://example.org/teemat(/[^<]*)</loc>", (site / "sitemap.xml").read_text())
    assert len(listed) > 20
    assert all((site / path.lstrip("/") / "index.html").is_file() for path in listed)
    assert "sitemap.xml" in (site / "robots.txt").read_text()


def test_the_editor_asks_the_browser(site: Path) -> None:
    setup = json.loads((site / "editor/setup.sv.json").read_text())
    assert (site / "editor" / setup["dump"]).resolve().is_file()
    assert setup["suffix"] == "/index.sv.html"
    assert 'data-mode="static"' in (site / "editor/index.html").read_text()


LONG = thing("sub-theme", "kylien-elinvoima", "x" * 300)


@pytest.fixture(scope="module")
def newer(site: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site published anew in its place, with contact persons and from a store that has more in it."""
    folder = tmp_path_factory.mktemp("newer")
    shutil.copytree(site, folder / "site")
    (folder / "site" / "stray.html").write_text("old")
    more = [
        Quad(LONG, LABEL, literal("Pitkä", "fi")),
        Quad(thing("theme", "kylien-elinvoima"), tg("subTheme"), LONG),
        Quad(LONG, A, tg("SubTheme")),
    ]
    publish(make_store(folder / "store", more, few_codes=True), folder / "site", with_contacts=True)
    return folder / "site"


def test_a_name_that_no_file_system_holds_is_linked_by_its_address(newer: Path) -> None:
    assert f'href="{LONG[1:-1]}"' in (newer / "doc/theme/kylien-elinvoima/index.html").read_text()


# written beside, then swapped


def test_an_earlier_site_is_replaced_and_its_snapshots_stay(site: Path, newer: Path) -> None:
    assert not (newer / "stray.html").exists()
    assert {p.name for p in (site / "v").iterdir()} < {p.name for p in (newer / "v").iterdir()}
    assert sorted(p.name for p in newer.parent.iterdir()) == ["site", "store"]


def test_a_folder_of_others_is_left_alone(store: Path, tmp_path: Path) -> None:
    (tmp_path / "photos").mkdir()
    (tmp_path / "photos" / "one.jpg").write_text("x")
    with pytest.raises(click.ClickException, match="holds other things"):
        publish(store, tmp_path / "photos")
    assert [p.name for p in (tmp_path / "photos").iterdir()] == ["one.jpg"]
    (tmp_path / "file").write_text("x")
    with pytest.raises(click.ClickException, match="is a file"):
        publish(store, tmp_path / "file")


def test_a_full_disk_leaves_the_old_site(
    store: Path, site: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "site"
    shutil.copytree(site, out)
    before, written = fingerprint(out), 0
    plain = Folder.write

    def full(self: Folder, path: str, body: bytes) -> None:
        nonlocal written
        written += 1
        if written > 10:
            raise OSError(errno.ENOSPC, "No space left on device")
        plain(self, path, body)

    monkeypatch.setattr(Folder, "write", full)
    with pytest.raises(click.ClickException, match=r"No space left on device.*the old site is as it was"):
        publish(store, out)
    assert fingerprint(out) == before
    assert [p.name for p in tmp_path.iterdir()] == ["site"]


def test_a_failing_writer_leaves_nothing(tmp_path: Path) -> None:
    def write() -> None:
        with replacing(tmp_path / "site") as folder:
            folder.write("/index.html", b"x")
            raise KeyError

    with pytest.raises(KeyError):
        write()
    assert list(tmp_path.iterdir()) == []


def test_what_a_killed_run_left_is_removed_and_the_old_site_put_back(tmp_path: Path) -> None:
    site, torn, kept = tmp_path / "site", tmp_path / ".site-abc", tmp_path / ".site-old-def" / "site"
    torn.mkdir()
    (torn / "half.html").write_text("half")
    kept.mkdir(parents=True)
    (kept / MARK).write_text("{}")
    with suppress(RuntimeError), replacing(site):
        assert (site / MARK).is_file()  # killed between two names: the old site stands again
        raise RuntimeError
    assert [path.name for path in tmp_path.iterdir()] == ["site"]


def test_another_run_that_goes_on_is_left_alone(tmp_path: Path) -> None:
    with replacing(tmp_path / "site") as first:
        first.write("/" + MARK, b"{}")
        with replacing(tmp_path / "site") as second:
            second.write("/" + MARK, b"{}")
        assert first.root.is_dir()
    assert [path.name for path in tmp_path.iterdir()] == ["site"]


def test_no_store_no_site(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="there is no graph here"):
        publish(tmp_path / "none", tmp_path / "site")
    assert list(tmp_path.iterdir()) == []


def test_with_contacts_they_are_published(newer: Path) -> None:
    assert PERSON in (newer / "data/everything.nq").read_text()
    assert (newer / MARK).is_file()
