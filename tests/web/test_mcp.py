"""The server for assistants, asked by the protocol's own client over standard input and over HTTP."""

from __future__ import annotations

import asyncio
import json
import socket
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:  # a second to import, for two tests
    from mcp import ClientSession

ROOT = Path(__file__).resolve().parents[2]


async def _over_stdio(store: Path) -> dict[str, Any]:
    from mcp import ClientSession, StdioServerParameters
    from mcp.client.stdio import stdio_client

    command = [str(ROOT / "graph.py"), "mcp", "--store", str(store)]
    server = StdioServerParameters(command=sys.executable, args=command, cwd=str(ROOT))
    async with stdio_client(server) as (read, write), ClientSession(read, write) as session:
        return await _calls(session)


async def _over_http(store: Path) -> dict[str, Any]:
    from mcp import ClientSession
    from mcp.client.streamable_http import streamable_http_client

    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port = found.getsockname()[1]
    command = [sys.executable, str(ROOT / "graph.py"), "mcp", "--store", str(store), "--http", "--port", str(port)]
    server = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        for _ in range(600):
            with socket.socket() as tried:
                if tried.connect_ex(("127.0.0.1", port)) == 0:
                    break
            await asyncio.sleep(0.05)
        url = f"http://127.0.0.1:{port}/mcp"
        async with streamable_http_client(url) as (read, write, *_), ClientSession(read, write) as session:
            return await _calls(session)
    finally:
        server.kill()
        server.wait()


async def _calls(session: ClientSession) -> dict[str, Any]:
    await session.initialize()

    async def call(tool: str, **arguments: Any) -> Any:
        answer = await session.call_tool(tool, arguments)
        text = answer.content[0].text  # type: ignore[union-attr]
        return text if answer.is_error else json.loads(text)

    return {
        "tools": {tool.name for tool in (await session.list_tools()).tools},
        "search": await call("search", words="työllisyys"),
        "describe": await call("describe", name="Työelämän kehittäminen"),
        "ask": await call("ask", question="money-by-theme"),
        "sparql": await call("sparql", query="SELECT (COUNT(*) AS ?n) { ?s a tg:Theme }"),
        "update": await call("sparql", query="CLEAR ALL"),
        "conflicts": await call("conflicts"),
        "lines": await call("source_lines", document="toteutuskatsaus-2024-10", first=36, last=40),
        "ontology": (await session.read_resource("teemagraafi://ontology")).contents[0],  # type: ignore[arg-type]
    }


@pytest.mark.parametrize("transport", [_over_stdio, _over_http])
def test_an_assistant_gets_answers_with_their_sources(transport: Callable[[Path], Any], shipped_store: Path) -> None:
    told = asyncio.run(transport(shipped_store))
    assert told["tools"] >= {"search", "describe", "ask", "sparql", "conflicts", "source_lines", "list_questions"}
    assert told["search"]
    assert told["describe"]
    assert all("passages" in row for row in told["ask"]["rows"])
    assert any("toteutuskatsaus-2024-10" in row["passagesLabel"] for row in told["ask"]["rows"])
    assert told["sparql"]["rows"][0]["n"] > 10
    assert "no updates" in told["update"]
    assert told["conflicts"]
    assert any("14 000 000" in line["text"] for line in told["lines"])
