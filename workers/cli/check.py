"""`warraq check`: every record that claims a document has one, and the other way round; what was forgotten is gone."""

from collections.abc import Callable, Sequence
from typing import Annotated, Any

import typer

from ingest.forget import Tombstone
from workers.cli.console import Json, complain, emit, out
from workers.runtime import Runtime, runtime
from workers.settings import settings
from workers.steps.check import Checked, check_after
from workers.steps.forget import forget, in_lots
from workers.steps.operator import operator
from workers.steps.orphans import Orphans, orphans, summed
from workers.steps.traces import left


def check(
    *,
    repair: Annotated[bool, typer.Option("--repair", help="Records for documents without one; the rest goes.")] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Repair without asking.")] = False,
    as_json: Json = False,
) -> None:
    """Find articles whose document is lost, and index them again.

    Compares ledger, index and page store, and looks whether anything is left of what was forgotten. Exit code 1 if an
    article has lost its document or its record, or if there is. Repairs nothing else unless asked to, and asks first.
    """
    rt = runtime()
    rt.ledger.refresh()
    portions = [check_after(rt, "")]
    while portions[-1].place:
        portions.append(check_after(rt, portions[-1].place))
    lone, still = summed(orphans(rt, repair=False)), list(left(rt))
    agrees = all(portion.agrees for portion in portions) and not (lone.documents or lone.forgotten or still)
    if as_json:
        told = {"lone_documents": lone.documents, "lone_pages": lone.pages}
        names = [*(one.host or one.id for one, _ in still), *lone.forgotten]
        emit(_summary(portions) | told | {"forgotten": list(dict.fromkeys(names))})
    else:
        _tell_all(portions, lone, still)
    if repair and (lone != Orphans() or still) and (yes or typer.confirm("Repair it?", err=True)):
        _repair(rt, lone, say=(lambda _: None) if as_json else out.print)
    raise typer.Exit(0 if agrees else 1)


def _repair(rt: Runtime, lone: Orphans, say: Callable[[str], object]) -> None:
    """Give documents records, remove pages, end takedowns and delete what came in behind them; say what was done."""
    pages = summed(orphans(rt, repair=True)).pages
    still = list(left(rt))  # a document that has a record now may be a forgotten one
    found = [*(key for _, ids in still for key in ids), *lone.forgotten]
    gone = forget(operator(settings()), [one for one, _ in still], lambda: in_lots(found)) if found or still else 0
    made = len(rt.ledger.existing(lone.documents))
    say(f"{made} of {len(lone.documents)} documents have a record now; {pages} pages and {gone} articles are deleted")


def _tell_all(portions: Sequence[Checked], lone: Orphans, still: Sequence[tuple[Tombstone, list[str]]]) -> None:
    out.print(f"{sum(portion.records for portion in portions)} ended articles compared")
    for portion in portions:
        _tell(portion)
    for month in sorted({month for portion in portions for month in portion.gone}):
        complain(f"{month} is not there: restore it, or `warraq replay` its articles")
    for key in lone.documents:
        complain(f"{key} has a document and no record: `--repair` makes one")
    if lone.pages:
        complain(f"{lone.pages} stored pages of no article, {lone.bytes:,} bytes: `--repair` removes them")
    told_of = {key for one, ids in still for key in (one.id, *ids)}
    for one, ids in still:
        complain(f"{one.host or one.id} was forgotten, and {len(ids)} articles of it are still there: `--repair`")
    for key in lone.forgotten:
        if key not in told_of:
            complain(f"{key} was forgotten, and has a document: `--repair`")


def _summary(portions: Sequence[Checked]) -> dict[str, Any]:
    return {
        "records": sum(portion.records for portion in portions),
        "lost": [key for portion in portions for key in portion.lost],
        "found": [key for portion in portions for key in portion.found],
        "gone": sorted({month for portion in portions for month in portion.gone}),
        "beyond": [key for portion in portions for key in portion.beyond],
    }


def _tell(portion: Checked) -> None:
    for key in portion.lost:
        complain(f"{key} had lost its document and is at work again")
    for key in portion.beyond:
        complain(f"{key} has lost its document, and its address is no longer kept: only a backup has it")
    for key in portion.found:
        complain(f"{key} had a document that its record did not tell of")
