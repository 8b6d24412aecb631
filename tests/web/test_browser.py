"""The pages in a real browser: they work, by keyboard too, ask nobody else, and axe finds nothing."""

from __future__ import annotations

import functools
import http.server
import shutil
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from tests.webstore import make_store, published_site, running

playwright = pytest.importorskip("playwright.sync_api", reason="Playwright is not installed")
CHROMIUM = shutil.which("chromium")
pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed: apt-get install chromium"),
]
AXE = Path(__file__).parents[1].joinpath("vendor") / "axe.min.js"
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
]
PAGES = [
    "/",
    "/doc/theme",
    "/doc/theme/kylien-elinvoima",
    "/doc/project/R-09001",
    "/doc/organisation",
    "/doc/document/katsaus-2031",
    "/doc/passage/katsaus-2031/1-1-00000001",
    "/doc/conflict/0123456789ab",
    "/doc/code/fund",
    "/queries",
    "/queries/money-by-theme",
    "/counting",
    "/def",
    "/shapes",
    "/links",
    "/data",
    "/search?q=elinvoima",
    "/reconcile/preview?id=organisation/ely-mallila",
    "/nothing-here",
]


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_store(tmp_path_factory.mktemp("browser") / "store")


@pytest.fixture(scope="module")
def server(store: Path) -> Iterator[str]:
    with running(store, workers=2) as address:
        yield address


@pytest.fixture(scope="module")
def static(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("static")
    with ThreadPoolExecutor(1) as aside:  # the browser's own event loop runs in this thread
        site = aside.submit(published_site, tmp_path_factory).result()
    (folder / "deep").symlink_to(site.parent)

    class Quiet(http.server.SimpleHTTPRequestHandler):
        def log_message(self, *told: object) -> None:
            pass

    serving = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Quiet, directory=str(folder)))
    thread = threading.Thread(target=serving.serve_forever, args=(0.02,))
    thread.start()
    yield f"http://127.0.0.1:{serving.server_port}/deep/site"
    serving.shutdown()
    thread.join()
    serving.server_close()


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with playwright.sync_playwright() as running:
        opened = running.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield opened
        opened.close()


class Watched:
    """A tab that notes what it asks of others, what fails and what the page complains of."""

    def __init__(self, browser: Any, **options: Any) -> None:
        self.context = browser.new_context(viewport={"width": 1280, "height": 900}, **options)
        self.page = self.context.new_page()
        self.foreign: list[str] = []
        self.complaints: list[str] = []
        self.expected = ["404 (Not Found)"]
        """Statuses that the page is to meet; the browser notes each of them."""
        self.context.on("request", self._request)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("console", self._console)

    def _request(self, request: Any) -> None:
        if not request.url.startswith(("http://127.0.0.1:", "data:", "blob:")):
            self.foreign.append(request.url)

    def _console(self, message: Any) -> None:
        if message.type in ("error", "warning") and not any(status in message.text for status in self.expected):
            self.complaints.append(message.text)

    def editor(self, address: str) -> Any:
        self.page.goto(address)
        self.page.wait_for_selector("#editor[data-ready]")
        return self.page


@pytest.fixture
def tab(browser: Any) -> Iterator[Watched]:
    watched = Watched(browser)
    yield watched
    watched.context.close()
    assert watched.foreign == []
    assert watched.complaints == []


RULES = "['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'best-practice']"
FAULTS = f"""axe.run(document, {{runOnly: {RULES}, resultTypes: ['violations']}}).then(
    result => result.violations.flatMap(v => v.nodes.map(node => `${{v.id}}: ${{node.html.slice(0, 120)}}`)))"""
"""What axe objects to, and nothing of what it does not: to bring all that here costs as much as finding it."""


def faults(page: Any) -> list[str]:
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE.read_text(encoding="utf-8"))
    found: list[str] = page.evaluate(FAULTS)
    return found


# every page


@pytest.mark.parametrize(("lang", "pages"), [("fi", PAGES), ("sv", PAGES[2:3]), ("en", PAGES[2:3])])
def test_axe_finds_nothing_and_no_page_is_wider_than_the_screen(
    browser: Any, server: str, lang: str, pages: list[str]
) -> None:
    watched = Watched(browser, bypass_csp=True)  # the checker itself is put in as a script
    for path in pages:
        watched.page.goto(f"{server}{path}{'&' if '?' in path else '?'}lang={lang}")
        for width, scheme in ((1280, "light"), (360, "dark")):
            watched.page.set_viewport_size({"width": width, "height": 800})
            watched.page.emulate_media(color_scheme=scheme)
            assert watched.page.evaluate("document.documentElement.scrollWidth") <= width, path
            assert faults(watched.page) == [], (path, width, scheme)
    watched.context.close()
    assert watched.foreign == []


def test_pages_work_without_scripts(browser: Any, server: str) -> None:
    watched = Watched(browser, java_script_enabled=False)
    page = watched.page
    page.goto(f"{server}/?lang=fi")
    page.click("nav.menu >> text=Teemat")
    page.click("text=Kylien elinvoima")
    page.click("details.sources >> nth=0")
    assert page.is_visible("text=rivi 1 sanoo näin")
    page.click("nav.languages >> text=På svenska")
    assert page.text_content("h1") == "Byarnas livskraft"
    page.fill("#q", "saaristo")
    page.click("form.search button")
    assert page.text_content("main .hits a") == "Saaristo ja meri"
    page.goto(f"{server}/queries/money-by-theme?lang=sv")
    page.fill("[name=at]", "2030")
    page.click("form.fields button")
    assert page.is_visible("text=Grafen har inget svar")
    page.goto(f"{server}/editor")
    assert page.is_visible("textarea[name=query]")
    watched.context.close()


def test_a_reader_goes_from_a_number_to_its_words(tab: Watched, server: str) -> None:
    page = tab.page
    page.goto(f"{server}/?lang=en")
    page.click("text=Kylien elinvoima")
    page.click("section:has(#money) details >> nth=0")
    assert page.text_content("section:has(#money) details q >> nth=0") == "rivi 3 sanoo näin"
    page.click("section:has(#money) details a >> nth=0")
    page.wait_for_url("**/doc/document/katsaus-2031?lang=en#L3")
    assert page.text_content("h1") == "Katsaus 2031"
    assert page.text_content(".line:target .t") == "rivi 3 sanoo näin"
    # the named line is in sight, and no other looks like it
    assert page.evaluate(
        "(r => r.top >= 0 && r.bottom <= innerHeight)(document.querySelector('#L3').getBoundingClientRect())"
    )
    shade = "n => getComputedStyle(document.querySelector(n)).outlineStyle"
    assert page.evaluate(shade, "#L3") != page.evaluate(shade, "#L4")


def test_by_keyboard_alone(tab: Watched, server: str) -> None:
    page = tab.page
    page.goto(f"{server}/doc/theme?lang=fi")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.id") == "within"  # the header and its menu are passed over
    for _ in range(40):  # past the choices that narrow the list
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.matches('tbody th a')"):
            break
    page.keyboard.press("Enter")
    page.wait_for_url("**/doc/theme/*")
    outline = page.evaluate("getComputedStyle(document.querySelector('a.brand')).outlineStyle")
    page.focus("a.brand")
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Tab")
    assert page.evaluate("getComputedStyle(document.querySelector('a.brand')).outlineStyle") != outline


# the editor


def test_the_editor_runs_a_stored_query_draws_it_and_links_to_our_pages(tab: Watched, server: str) -> None:
    page = tab.editor(f"{server}/editor?lang=fi")
    page.select_option("#stored", "money-by-theme")
    page.wait_for_selector(".yasr:visible table tbody tr")
    assert page.get_attribute(".yasr:visible table td a", "href") == "/doc/theme/kylien-elinvoima"
    page.click(".yasr:visible >> text=Kuvio")
    page.wait_for_selector(".yasr:visible svg.picture rect")
    assert page.is_visible(".yasr:visible >> text=Taulukko")
    page.select_option("#stored", "themes-by-ely-centre")
    page.click(".yasr:visible >> text=Verkosto")
    page.wait_for_selector(".yasr:visible svg.picture circle")
    page.click(".yasr:visible svg.picture a >> nth=0")
    page.wait_for_url("**/doc/**")


def test_the_editor_draws_a_map_of_regions(tab: Watched, server: str) -> None:
    query = 'SELECT ?region ?n { VALUES (?region ?n) { ("Lappi"@fi 7) ("Uusimaa"@fi 3) ("muu"@fi 1) } }'
    page = tab.editor(f"{server}/editor?lang=sv#query={quote(query)}")
    page.focus(".CodeMirror textarea")
    page.keyboard.press("Control+Enter")
    page.click(".yasr:visible >> text=Karta")
    page.wait_for_selector(".yasr:visible svg.picture .tile")
    told = page.locator(".yasr:visible svg.picture").text_content()
    assert "Lappi7" in told
    assert "Uusimaa3" in told
    assert page.locator(".yasr:visible svg.picture .tile").count() == 19


def test_the_editor_fits_a_telephone(browser: Any, server: str) -> None:
    watched = Watched(browser)
    watched.page.set_viewport_size({"width": 360, "height": 740})
    page = watched.editor(f"{server}/editor?lang=fi")
    page.select_option("#stored", "money-by-theme")
    page.wait_for_selector(".yasr:visible table tbody tr")
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    watched.context.close()


def test_the_editor_by_keyboard_and_by_address(tab: Watched, server: str) -> None:
    page = tab.editor(f"{server}/editor#query=ASK%20%7B%20%3Fs%20a%20%3Ftype%20%7D")
    page.focus(".CodeMirror textarea")
    page.keyboard.press("Control+Enter")
    page.wait_for_selector(".yasr:visible >> text=True")


def test_the_editor_completes_our_terms_and_asks_nobody(tab: Watched, server: str) -> None:
    page = tab.editor(f"{server}/editor")
    page.evaluate("document.querySelector('.CodeMirror').CodeMirror.setValue('SELECT * { ?s tg:interm')")
    page.evaluate("(c => c.setCursor(0, 999))(document.querySelector('.CodeMirror').CodeMirror)")
    page.focus(".CodeMirror textarea")
    page.keyboard.press("Control+Space")
    if page.is_visible(".CodeMirror-hints"):
        page.keyboard.press("Enter")
    for _ in range(50):
        text = page.evaluate("document.querySelector('.CodeMirror').CodeMirror.getValue()")
        if "tg:intermediateBody" in text:
            break
        page.wait_for_timeout(100)
    assert "tg:intermediateBody" in text
    assert "PREFIX tg: <https://w3id.org/teemagraafi/def#>" in text


def test_a_faulty_query_is_told_in_the_editor(tab: Watched, server: str) -> None:
    tab.expected.append("400 (Bad Request)")
    page = tab.editor(f"{server}/editor#query=SELECT%20*%20%7B")
    page.focus(".CodeMirror textarea")
    page.keyboard.press("Control+Enter")
    page.wait_for_selector(".yasr:visible >> text=not valid SPARQL")


def test_axe_finds_nothing_in_the_editor(browser: Any, server: str) -> None:
    watched = Watched(browser, bypass_csp=True)
    page = watched.editor(f"{server}/editor?lang=sv")
    page.select_option("#stored", "money-by-theme")
    page.wait_for_selector(".yasr:visible table tbody tr")
    assert faults(page) == []
    page.click(".yasr:visible >> text=Diagram")
    page.wait_for_selector(".yasr:visible svg.picture rect")
    assert faults(page) == []
    watched.context.close()
    assert watched.foreign == []


# the static site


def test_the_static_site_answers_sparql_in_the_browser(tab: Watched, static: str) -> None:
    page = tab.editor(f"{static}/editor/index.sv.html")
    page.select_option("#stored", "money-by-theme")
    page.wait_for_selector(".yasr:visible table tbody tr td a", timeout=60_000)
    page.click(".yasr:visible table td a >> nth=0", position={"x": 5, "y": 5})
    page.wait_for_url("**/doc/theme/kylien-elinvoima/index.sv.html")
    assert page.text_content("h1") == "Byarnas livskraft"


def test_the_static_site_searches_and_changes_language(tab: Watched, static: str) -> None:
    page = tab.page
    page.goto(f"{static}/doc/project/R-09001/index.html")
    page.fill("#q", "saari")
    page.press("#q", "Enter")
    page.wait_for_selector("#hits a")
    page.click("#hits a")
    assert page.text_content("h1") == "Saaristo ja meri"
    page.click("nav.languages >> text=In English")
    assert page.url.endswith("/doc/theme/saaristo-ja-meri/index.en.html")
