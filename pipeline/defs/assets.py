"""The steps of the nightly run as assets: what each table is, how many rows it got, and which checks must hold before anything goes on.

A step is one multi-asset: its tables are written in one transaction and appear together. When nothing a build depends on has changed,
`readings` is not materialized and every later step is skipped. No formula lives here.
"""

from collections.abc import Iterator, Mapping

import dagster as dg

from pipeline.defs.checks import CHECKS, results
from pipeline.defs.resources import Office
from pipeline.intake.settling import Settled
from pipeline.measures.build import STEPS
from pipeline.night import chain, hand_back, publish
from pipeline.night.receive import receive
from pipeline.tables.base import TableSpec, published_tables, table
from pipeline.tables.wide import wide_tables

Results = Iterator[dg.MaterializeResult | dg.AssetCheckResult]

SETTLED = tuple(Settled.__dataclass_fields__)
MEASURED = tuple(step.table for step in STEPS)
RECORDS = tuple(spec.name for spec in wide_tables())


def column_schema(spec: TableSpec) -> dg.TableSchema:
    return dg.TableSchema(
        columns=[
            dg.TableColumn(c.name, c.sql_type, c.comment, constraints=dg.TableColumnConstraints(nullable=c.nullable, unique=spec.keys == (c.name,)))
            for c in spec.columns
        ]
    )


def table_asset(name: str, group: str, deps: tuple[str, ...]) -> dg.AssetSpec:
    """One warehouse table as an asset, described by its own description."""
    spec = table(name)
    return dg.AssetSpec(
        name, group_name=group, deps=list(deps), description=spec.doc, kinds={"duckdb"}, metadata={"dagster/column_schema": column_schema(spec)}
    )


def written(rows: Mapping[str, int | None]) -> Results:
    for name, n in rows.items():
        yield dg.MaterializeResult(asset_key=name, metadata={} if n is None else {"dagster/row_count": n})


@dg.multi_asset(
    name="receive",
    specs=[
        dg.AssetSpec(
            "received_files", group_name="intake", description="data/raw/ 里有什么，已存档入册。What stands there, archived and journalled."
        ),
        dg.AssetSpec(
            "readings",
            group_name="intake",
            deps=["received_files"],
            skippable=True,
            description="每个文件各自读出的内容。Each file's reading, made once for its bytes and this reader.",
        ),
    ],
    check_specs=[CHECKS["files_have_not_vanished"]],
    pool="warehouse",
)
def receive_step(context: dg.AssetExecutionContext, office: Office) -> Results:
    with office.warehouse() as warehouse:
        received = receive(warehouse, office.journal, office.settings)
    office.note(received)
    metadata = {"files": received.files.height, "read": received.n_read, "waiting": len(received.scan.waiting), "refused": len(received.scan.refused)}
    yield dg.MaterializeResult(asset_key="received_files", metadata=metadata)
    yield dg.AssetCheckResult(
        check_name="files_have_not_vanished",
        asset_key="received_files",
        passed=not received.vanished.is_blocking,
        description=received.vanished.message or None,
        metadata={"gone": len(received.vanished.paths), "known": received.vanished.n_known},
    )
    if publish.stands_complete(office.places, office.inputs):
        context.log.info("没有变化，已发布的就是最新的。 Nothing has changed; what is published is up to date.")
        return
    yield dg.MaterializeResult(asset_key="readings", metadata={"read": received.n_read, "cached": received.n_cached})


@dg.multi_asset(
    name="settle",
    specs=[table_asset(name, "settled", ("readings",)) for name in SETTLED],
    check_specs=[CHECKS[n] for n in ("every_cell_has_one_disposition", "one_number_stands", "totals_agree_with_their_parts")],
    pool="warehouse",
)
def settle_step(office: Office) -> Results:
    with office.warehouse() as warehouse:
        yield from written(chain.settle_all(warehouse, office.files, office.decisions, office.settings, office.clock))
        yield from results(warehouse, SETTLED)


@dg.multi_asset(name="lay_out", specs=[table_asset(name, "records", ("measurements",)) for name in RECORDS], pool="warehouse")
def lay_out_step(office: Office) -> Results:
    with office.warehouse() as warehouse:
        yield from written(chain.lay_out_records(warehouse))


@dg.multi_asset(
    name="measure",
    # What earlier publications stated is an input of revisions, but written by the step after this one.
    specs=[table_asset(step.table, "measures", tuple(name for name in step.inputs if name != "publications")) for step in STEPS],
    check_specs=[CHECKS[n] for n in ("coverage_bounds_enclose_the_estimate", "every_event_is_counted_once")],
    pool="warehouse",
)
def measure_step(office: Office) -> Results:
    with office.warehouse() as warehouse:
        yield from written(chain.measure_all(warehouse, office.decisions, office.settings, office.clock))
        yield from results(warehouse, MEASURED)


@dg.asset(
    group_name="published",
    deps=["rejections", "issues"],
    description="退回件：有话要说的文件，标在单元格上。The analysts' own workbooks, marked where something is wrong.",
    pool="warehouse",
)
def returned_workbooks(office: Office) -> dg.MaterializeResult:
    with office.warehouse() as warehouse:
        return dg.MaterializeResult(metadata={"workbooks": hand_back.hand_back(warehouse, office.journal, office.settings)})


@dg.multi_asset(
    name="publish_warehouse",
    specs=[
        table_asset("boundaries", "published", ("areas",)),
        table_asset("build", "published", ("measurements",)),
        table_asset("publications", "published", ("weekly_series",)),
        dg.AssetSpec(
            "published_warehouse",
            group_name="published",
            deps=sorted(published_tables()),
            kinds={"duckdb"},
            description="outreach.duckdb，一次换上。The published warehouse, put in place atomically.",
        ),
    ],
    pool="warehouse",
)
def publish_warehouse_step(office: Office) -> Results:
    with office.warehouse() as warehouse:
        outlined, map_note = chain.outline_areas(warehouse, office.places.boundaries(office.settings))
        build_id = publish.write_build(warehouse, office.settings, office.clock, office.inputs, map_note=map_note)
        publish.note_publication(warehouse, build_id, office.clock)
        result = publish.publish_warehouse(warehouse, build_id)
    yield from written(outlined | {name: result.rows[name] for name in ("build", "publications")})
    yield dg.MaterializeResult(asset_key="published_warehouse", metadata={"build_id": build_id, "dagster/row_count": sum(result.rows.values())})


@dg.asset(
    group_name="published",
    deps=["published_warehouse"],
    kinds={"plotly"},
    description="dashboards/ 里的网页，由已发布的数据生成。The pages, built from the published warehouse.",
    pool="warehouse",
)
def dashboards(office: Office) -> dg.MaterializeResult:
    return dg.MaterializeResult(metadata={"pages": publish.publish_pages(office.places, office.settings)})
