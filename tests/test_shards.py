"""Shares: read apart, merged to the graph that one build of the same files makes."""

from __future__ import annotations

import json
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

import graph
from bench import generate
from engine.build import build
from engine.inputs import given, shipped
from engine.lists import Shard
from engine.lists.shards import ShardError, merge, mine, parse, write_shard
from engine.store import open_store


def silent(message: str) -> None:
    """Say nothing."""


@pytest.fixture
def files(tmp_path: Path) -> list:
    for form, rows in (("eura-2021", 150), ("eura-2014", 60)):
        generate.write(tmp_path / f"{form}.csv", form, rows)
    return [*shipped(), *given([tmp_path / "eura-2021.csv", tmp_path / "eura-2014.csv"])]


def quads(store: Path) -> set[str]:
    return {str(quad) for quad in open_store(store)}


def test_shares_merge_to_the_graph_of_one_build(tmp_path: Path, files: list) -> None:
    build(tmp_path / "whole", files, silent)
    folders = [tmp_path / f"share{number}" for number in (3, 1, 2)]
    for number, folder in zip((3, 1, 2), folders, strict=True):
        write_shard(files, Shard(number, 3), folder, silent)
    extracted = [path.name for folder in folders for path in (folder / "extracted").glob("*.nq")]
    assert len(extracted) == len(set(extracted)) == len(shipped())
    summary = merge(tmp_path / "merged", folders, silent)
    assert quads(tmp_path / "merged") == quads(tmp_path / "whole")
    assert {"eura-2014", "eura-2021"} <= set(summary.documents)


def test_every_document_is_of_one_share() -> None:
    names = [f"asiakirja-{n}" for n in range(300)]
    shares = [[name for name in names if mine(name, Shard(number, 4))] for number in (1, 2, 3, 4)]
    assert sorted(name for share in shares for name in share) == sorted(names)
    assert min(map(len, shares)) > 40


@pytest.mark.parametrize("text", ["0/3", "4/3", "2", "a/b", "-1/3", "1/0"])
def test_a_share_that_is_none(text: str) -> None:
    with pytest.raises(click.UsageError, match="i/n"):
        parse(text)


def test_shares_that_do_not_belong_together_are_refused(tmp_path: Path, files: list) -> None:
    for number in (1, 2):
        write_shard(files[:3], Shard(number, 2), tmp_path / f"s{number}", silent)
    store = tmp_path / "store"
    with pytest.raises(ShardError, match="all are needed"):
        merge(store, [tmp_path / "s1"], silent)
    with pytest.raises(ShardError, match="all are needed"):
        merge(store, [tmp_path / "s1", tmp_path / "s1" / ".." / "s1"], silent)
    with pytest.raises(ShardError, match="no finished share"):
        merge(store, [tmp_path / "s1", tmp_path], silent)
    with pytest.raises(ShardError, match="other things"):
        write_shard(files[:3], Shard(1, 2), tmp_path / "s1", silent)
    index = json.loads((tmp_path / "s2" / "shard.json").read_text())
    (tmp_path / "s2" / "shard.json").write_text(json.dumps(index | {"files": ["other"]}))
    with pytest.raises(ShardError, match="not of the same files"):
        merge(store, [tmp_path / "s1", tmp_path / "s2"], silent)
    assert not list(store.glob("v*")) if store.exists() else True


def test_the_commands(tmp_path: Path, files: list) -> None:
    table = str(files[-1].path)
    run = CliRunner().invoke
    for number in (1, 2):
        found = run(graph.cli, ["build", table, "--shard", f"{number}/2", "-o", str(tmp_path / f"s{number}")])
        assert found.exit_code == 0, found.output
    folders = [str(tmp_path / "s1"), str(tmp_path / "s2")]
    found = run(graph.cli, ["build", "--merge", *folders, "--store", str(tmp_path / "store")])
    assert found.exit_code == 0, found.output
    assert len(open_store(tmp_path / "store")) > 10_000
    assert run(graph.cli, ["build", table, "--shard", "1/2"]).exit_code == 2


def test_a_list_of_another_state_is_guessed_and_loaded(tmp_path: Path, files: list) -> None:
    generate.write(tmp_path / "at-esf-2014-2020.csv", "operations", 30)
    run, table, store = CliRunner().invoke, str(tmp_path / "at-esf-2014-2020.csv"), str(tmp_path / "store")
    assert run(graph.cli, ["build", str(files[-1].path), "--store", store]).exit_code == 0
    refused = run(graph.cli, ["load", table, "--store", store])
    assert refused.exit_code == 3
    assert "--guess" in refused.output
    proposed = run(graph.cli, ["load", table, "--guess"])
    (tmp_path / "own.toml").write_text(proposed.stdout)
    found = run(graph.cli, ["load", table, "--mapping", str(tmp_path / "own.toml"), "--store", store])
    assert found.exit_code == 0, found.output
    report = run(graph.cli, ["coverage", "at-esf-2014-2020", "--store", store])
    assert "30 of 30 rows read" in report.output
