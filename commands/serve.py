"""The commands ``serve``, ``publish`` and ``mcp``."""

from pathlib import Path
from typing import Any

import click

from commands.build import store_option

_EXTRA = "the web side is not installed; install it with: pip install teemagraafi[web]"


@click.command()
@click.option("--host", default="127.0.0.1", help="Address to listen on; the default is this machine only.")
@click.option("--port", type=click.IntRange(0, 65535), default=8000, help="Port to listen on.")
@click.option("--timeout", type=click.FloatRange(min=0.1), default=30.0, help="Maximum seconds per query.")
@click.option("--memory", type=click.IntRange(min=64), default=1024, help="Megabytes a query may take.")
@click.option(
    "--workers",
    type=click.IntRange(1, 256),
    default=None,
    help="Queries answered at the same time [default: one a core and one more].",
)
@click.option(
    "--service", "services", multiple=True, metavar="IRI", help="An endpoint that queries may call with SERVICE."
)
@click.option(
    "--endpoint",
    default="",
    show_default=False,
    metavar="URL",
    help="Serve the graph that this SPARQL endpoint holds (Oxigraph, QLever; Virtuoso with ?default-graph-uri=) instead of a "
    "store. Pages leave contact persons out; queries see what the endpoint shows.",
)
@click.option(
    "--public",
    default="",
    show_default=False,
    metavar="URL",
    help="The address this server is reached at, behind a proxy.",
)
@click.option("--trust-proxy", is_flag=True, help="Believe the proxy's X-Forwarded-* headers.")
@click.option("--with-contacts", is_flag=True, help="Include contact persons in answers.")
@click.option("--access-log", is_flag=True, help="Log each request, without its query.")
@store_option
def serve(
    host: str, port: int, timeout: float, memory: int, access_log: bool, workers: int | None, **settings: Any
) -> None:
    """Serve the graph as web pages, a read-only SPARQL endpoint and an API. By default only this machine can reach it.

    \b
    Example: teemagraafi serve --port 8080
             teemagraafi serve --endpoint http://127.0.0.1:7878/query
    """
    try:
        from web.process import Limits, Settings
        from web.server import run
    except ImportError:
        raise click.ClickException(_EXTRA) from None
    settings |= {"workers": workers} if workers else {}
    run(Settings(limits=Limits(seconds=timeout, megabytes=memory), **settings), host, port, access_log)


@click.command()
@click.argument("out", type=click.Path(path_type=Path, file_okay=False))
@click.option(
    "--public", default="", show_default=False, metavar="URL", help="The address the site will be reached at."
)
@click.option("--with-contacts", is_flag=True, help="Publish contact persons too.")
@store_option
def publish(out: Path, public: str, with_contacts: bool, store: Path) -> None:
    """Write a static website to the folder OUT; any web server can host it.

    \b
    Example: teemagraafi publish site/
    """
    try:
        from web.publish import publish as write
    except ImportError:
        raise click.ClickException(_EXTRA) from None
    summary = write(
        store, out, public=public, with_contacts=with_contacts, progress=lambda text: click.echo(text, err=True)
    )
    click.echo(f"{out}: {summary.pages} pages, {summary.files} files, {summary.bytes / 1_048_576:.1f} MB")


@click.command()
@click.option("--http", "over_http", is_flag=True, help="Answer over HTTP on this machine instead of standard input.")
@click.option("--port", type=click.IntRange(1, 65535), default=8765, help="Port for --http.")
@click.option("--timeout", type=click.FloatRange(min=0.1), default=30.0, help="Seconds of a query.")
@store_option
def mcp(over_http: bool, port: int, timeout: float, store: Path) -> None:
    """Serve the graph to an assistant by the Model Context Protocol, with the sources of every answer.

    \b
    Example: teemagraafi mcp
             teemagraafi mcp --http --port 8765
    """
    try:
        from web.mcp import create
    except ImportError:
        raise click.ClickException(_EXTRA) from None
    server = create(store, timeout)
    if over_http:
        server.run("streamable-http", host="127.0.0.1", port=port)
    else:
        server.run("stdio")
