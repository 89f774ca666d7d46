"""`warraq check`: every record that claims a document has one, and the other way round; what was forgotten is gone."""

from collections.abc import Sequence
from typing import Annotated, Any

import typer

from workers.cli.console import Json, complain, emit, out
from workers.runtime import runtime
from workers.settings import settings
from workers.steps.check import Checked, check_after
from workers.steps.forget import forget, left
from workers.steps.operator import operator
from workers.steps.orphans import Orphans, orphans, summed


def check(
    *,
    repair: Annotated[bool, typer.Option("--repair", help="Records for documents without one; the rest goes.")] = False,
    as_json: Json = False,
) -> None:
    """Find articles whose document is lost, and index them again.

    Compares ledger, index and page store, and looks whether anything is left of what was forgotten. Exit code 1 if an
    article has lost its document or its record, or if there is.
    """
    rt = runtime()
    rt.ledger.refresh()
    portions = [check_after(rt, "")]
    while portions[-1].place:
        portions.append(check_after(rt, portions[-1].place))
    lone = summed(orphans(rt, repair=repair))
    still = list(left(rt))
    agrees = all(portion.agrees for portion in portions) and not (lone.documents or lone.forgotten or still)
    if repair and (still or lone.forgotten):
        # with its tombstones, it brings takedowns to their end that were cut short
        found = [*(ids for _, ids in still), list(lone.forgotten)]
        forget(operator(settings()), [one for one, _ in still], lambda: iter(found))
    if as_json:
        told = {"lone_documents": lone.documents, "lone_pages": lone.pages}
        names = [*(one.host or one.id for one, _ in still), *lone.forgotten]
        emit(_summary(portions) | told | {"forgotten": list(dict.fromkeys(names))})
        raise typer.Exit(0 if agrees else 1)
    out.print(f"{sum(portion.records for portion in portions)} ended articles compared")
    for portion in portions:
        _tell(portion)
    for month in sorted({month for portion in portions for month in portion.gone}):
        complain(f"{month} is not there: restore it, or `warraq replay` its articles")
    _tell_of_orphans(lone, repair=repair)
    for one, ids in still:
        complain(f"{one.host or one.id} was forgotten, and {len(ids)} articles of it {_fate(repair=repair)}")
    told_of = {key for one, ids in still for key in (one.id, *ids)}
    for key in lone.forgotten:
        if key not in told_of:
            complain(f"documents of {key}, which was forgotten, {_fate(repair=repair)}")
    raise typer.Exit(0 if agrees else 1)


def _fate(*, repair: bool) -> str:
    return "were still there: deleted" if repair else "are still there: `warraq check --repair`"


def _summary(portions: Sequence[Checked]) -> dict[str, Any]:
    return {
        "records": sum(portion.records for portion in portions),
        "lost": [key for portion in portions for key in portion.lost],
        "found": [key for portion in portions for key in portion.found],
        "gone": sorted({month for portion in portions for month in portion.gone}),
        "beyond": [key for portion in portions for key in portion.beyond],
    }


def _tell_of_orphans(lone: Orphans, *, repair: bool) -> None:
    for key in lone.documents:
        complain(f"{key} has a document and no record" + (": now it has one" if repair else ": `--repair` makes one"))
    if lone.pages:
        fate = "removed" if repair else "`--repair` removes them"
        complain(f"{lone.pages} stored pages of no article, {lone.bytes:,} bytes: {fate}")


def _tell(portion: Checked) -> None:
    for key in portion.lost:
        complain(f"{key} had lost its document and is at work again")
    for key in portion.beyond:
        complain(f"{key} has lost its document, and its address is no longer kept: only a backup has it")
    for key in portion.found:
        complain(f"{key} had a document that its record did not tell of")
