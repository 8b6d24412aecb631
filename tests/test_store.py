from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import pytest

from engine import store as stores
from engine.store import StoreError, current, open_store, replacing, verify, write_quads

ROOT = Path(__file__).resolve().parents[1]


def line(text: str) -> str:
    return f'<https://example.org/s> <https://example.org/p> "{text}" .\n'


def fill(store: Path, text: str) -> None:
    with replacing(store) as version:
        write_quads(version, [line(text)])


def fill_and_fail(store: Path, text: str) -> None:
    with replacing(store) as version:
        write_quads(version, [line(text)])
        raise ZeroDivisionError


def held(store: Path) -> set[str]:
    return {q.object.value for q in open_store(store)}


def test_a_new_version_takes_the_place_of_the_old_one(tmp_path: Path) -> None:
    store = tmp_path / "s"
    for text in ("one", "two", "three"):
        fill(store, text)
        assert held(store) == {text}
    assert len(list(store.glob("v*"))) == 2, "the version before stays for readers that have just opened it"


def test_a_failed_build_leaves_the_old_graph(tmp_path: Path) -> None:
    store = tmp_path / "s"
    fill(store, "old")
    with pytest.raises(ZeroDivisionError):
        fill_and_fail(store, "new")
    assert held(store) == {"old"}
    assert len(list(store.glob("v*"))) == 1


@pytest.mark.slow
def test_a_killed_build_leaves_the_old_graph_and_the_next_one_cleans_up(tmp_path: Path) -> None:
    store = tmp_path / "s"
    fill(store, "old")
    program = textwrap.dedent(
        f"""
        import time
        from pathlib import Path
        from engine.store import replacing, write_quads
        with replacing(Path({str(store)!r})) as version:
            write_quads(version, [{line("new")!r}])
            print("halfway", flush=True)
            time.sleep(60)
        """
    )
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    with subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, env=environment) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"halfway\n"
        with pytest.raises(StoreError, match="another process is writing"), replacing(store):
            pytest.fail("two writers at once")
        process.send_signal(signal.SIGKILL)
        process.wait()
    assert held(store) == {"old"}
    fill(store, "newer")
    assert held(store) == {"newer"}
    assert len(list(store.glob("v*"))) == 2


def test_an_open_reader_keeps_its_graph_while_a_new_one_comes(tmp_path: Path) -> None:
    store = tmp_path / "s"
    fill(store, "old")
    reader = open_store(store)
    fill(store, "new")
    assert {q.object.value for q in reader} == {"old"}


@pytest.mark.parametrize(
    ("break_it", "message"),
    [
        (lambda s: None, "there is no graph here; make one with"),
        (lambda s: s.write_text("text"), "is a file, not a store"),
        (lambda s: _with_format(s, 0), "was written by another version"),
        (lambda s: _with_pointer(s, "v000009"), "there is no graph here"),
        (lambda s: _without_data(s), "is damaged"),
    ],
    ids=["missing", "file", "other version", "dangling", "damaged"],
)
def test_a_store_that_cannot_be_opened_says_what_to_do(tmp_path: Path, break_it: object, message: str) -> None:
    store = tmp_path / "s"
    break_it(store)  # type: ignore[operator]
    with pytest.raises(StoreError, match=message) as caught:
        open_store(store)
    assert caught.value.exit_code == 2
    assert "\n" not in caught.value.format_message()


def _with_format(store: Path, number: int) -> None:
    fill(store, "x")
    path = current(store).path / "manifest.json"
    path.write_text(json.dumps({"format": number}))


def _with_pointer(store: Path, name: str) -> None:
    fill(store, "x")
    (store / "CURRENT").write_text(name)


def _without_data(store: Path) -> None:
    fill(store, "x")
    for path in current(store).data.glob("*"):
        path.write_bytes(b"not a database")


def test_a_directory_with_other_things_is_not_overwritten(tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("mine")
    with pytest.raises(StoreError, match="other things in it"), replacing(tmp_path):
        pytest.fail("would mix a store into a directory of the user's")


def test_a_full_disk_is_one_line_and_leaves_the_old_graph(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = tmp_path / "s"
    fill(store, "old")

    def full(*args: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(stores, "write_quads", full)
    with pytest.raises(StoreError, match="No space left on device"), replacing(store) as version:
        stores.write_quads(version, [line("new")])
    assert held(store) == {"old"}


def test_writing_waits_for_nobody(tmp_path: Path) -> None:
    started = time.monotonic()
    with replacing(tmp_path / "s"), pytest.raises(StoreError), replacing(tmp_path / "s"):
        pytest.fail("two writers at once")
    assert time.monotonic() - started < 30


@pytest.mark.parametrize("damage", ["cut", "gone"])
def test_a_document_lost_from_a_store_is_told_and_not_left_out_in_silence(tmp_path: Path, damage: str) -> None:
    store = tmp_path / "s"
    with replacing(store) as version:
        (version.extracted / "one.nq").write_text(line("a") + line("b"))
        write_quads(version, [line("a"), line("b")])
    assert verify(current(store)).path == current(store).path
    path = current(store).extracted / "one.nq"
    if damage == "cut":
        path.write_text(line("a"))
    else:
        path.unlink()
    with pytest.raises(StoreError, match=r"extracted/one\.nq is (damaged|missing); build it again"):
        verify(current(store))
