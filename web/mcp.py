"""The graph for assistants, by the Model Context Protocol: search, describe, questions, SPARQL, conflicts and source lines.

Every answer carries the passages it rests on. Queries run in a process that is killed when one takes too long.
"""

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from mcp.server.mcpserver import MCPServer
from mcp.server.mcpserver.exceptions import ToolError
from mcp.server.mcpserver.resources import FunctionResource

from engine import search as index
from engine import source_text
from engine.conflicts import conflicts as all_conflicts
from engine.describe import describe as describe_thing
from engine.describe import find
from engine.query import lexer
from engine.query.backends import WorkerStore
from engine.query.run import answer, with_provenance
from engine.query.run import find_or_read as query_of
from engine.store import current, open_store
from loaders.data import folder
from loaders.errors import QueryError, QueryUsageError
from web.views.questions import queries

_MOST = 200
"""Rows, hits, conflicts or lines of one answer."""
_ABOUT = (
    "Finland's national structural-fund themes: themes, projects, implementers, calls and money from public documents. "
    "Every fact has its document, page and line: cite them. Where documents disagree, say so (conflicts)."
)


@dataclass
class Tools:
    """What an assistant may call; each answers with JSON text. ToolError says what was wrong with a call."""

    store: Path
    timeout: float
    """Seconds that a query may take."""

    def search(self, words: str, kind: str = "", limit: int = 20) -> str:
        """Find themes, projects, organisations, calls and passages by words in any inflected form."""
        hits = index.search(index.index_of(self.store), words, min(limit, _MOST), [kind] if kind else [])
        return _text([asdict(hit) for hit in hits])

    def describe(self, name: str) -> str:
        """All facts of one thing, by its name, code or IRI, each with document, page, lines and words."""
        graph = open_store(self.store)
        try:
            return _text(asdict(describe_thing(graph, find(graph, name)[0])))
        except QueryUsageError as error:
            raise ToolError(error.message) from None

    def list_questions(self) -> str:
        """The stored questions with their parameters: name, what it answers, what it cannot know."""
        listed = queries().values()
        names = ("name", "summary", "limits")
        return _text([{n: getattr(q, n) for n in names} | {"parameters": [p.name for p in q.params]} for q in listed])

    def ask(self, question: str, parameters: dict[str, str] | None = None) -> str:
        """Answer a stored question; each row comes with the passages it rests on."""
        if question not in queries():
            raise ToolError(f"no stored question {question!r}; see list_questions")
        return _asked(self.store, question, self.timeout, parameters or {})

    def sparql(self, query: str) -> str:
        """Run a read-only SPARQL SELECT or ASK query; rows come with their passages where these can be told."""
        if lexer.is_update(query) or lexer.services(query):
            raise ToolError("only queries of this graph are answered: no updates, no SERVICE")
        return _asked(self.store, query, self.timeout, {})

    def conflicts(self, kind: str = "") -> str:
        """What documents disagree on: each value with its passages, and which one is current."""
        return _text([asdict(row) for row in all_conflicts(open_store(self.store), kind or None)][:_MOST])

    def source_lines(self, document: str, first: int, last: int = 0) -> str:
        """The lines of a source document as printed (persons hidden), from ``first`` to ``last``."""
        lines = source_text.read(source_text.path_of(current(self.store), Path(document).name))
        if not lines:
            raise ToolError(f"no lines of a document {document!r}")
        end = min(max(last, first), first + _MOST)
        return _text([asdict(line) for line in lines if first <= line.number <= end and line.text.strip()])


def _ontology() -> str:
    """The ontology: classes and properties for SPARQL."""
    return (folder("ontology") / "teemagraafi.ttl").read_text(encoding="utf-8")


def create(store: Path, timeout: float = 30.0) -> MCPServer[Any]:
    """A server over a store; StoreError if there is none."""
    current(store)
    server: MCPServer[Any] = MCPServer("teemagraafi", instructions=_ABOUT, log_level="WARNING")
    tools = Tools(store, timeout)
    for name in ("search", "describe", "list_questions", "ask", "sparql", "conflicts", "source_lines"):
        server.add_tool(getattr(tools, name))
    server.add_resource(
        FunctionResource.from_function(_ontology, uri="teemagraafi://ontology", mime_type="text/turtle")
    )
    return server


def _text(data: object) -> str:
    return json.dumps(data, ensure_ascii=False, default=str)


def _asked(store: Path, text: str, timeout: float, parameters: dict[str, str]) -> str:
    try:
        with WorkerStore(current(store).data, timeout) as backend:
            result = answer(backend, query_of(text), **parameters)
            if result.form == "answer":
                return _text({"answer": result.answer})
            if result.form != "rows":
                raise ToolError("ask for rows: SELECT or ASK")
            total = len(result)
            if total <= _MOST:
                result = with_provenance(backend, result)
            rows = [dict(zip(result.columns, row, strict=True)) for row in result.rows[:_MOST]]
            return _text({"total": total, "rows": rows, "notes": result.notes})
    except (QueryError, QueryUsageError) as error:
        raise ToolError(error.message) from None
