"""docs/forms.md, written from the forms themselves, so that the two cannot differ: `python -m pipeline.forms.document > docs/forms.md`.

Here: the page's words. Not here: what a form is (catalogue.py).
"""

from __future__ import annotations

import sys
from collections import defaultdict

from pipeline.forms.catalogue import Catalogue, Form, catalogue

GRAINS = {
    "tally": "一行一个单位或辖区 one row a unit or area",
    "ledger": "一行一件事 one row an event",
    "by_date": "有日期列时一行一件事，否则一行一个单位 one row an event where rows have dates, else one row a unit",
    "register": "登记表，一行一项 a register",
}
_MOST_HEADINGS = 8

HEAD = """\
# 表样 The sheets it understands

Written from `pipeline/forms/*.yaml` by `python -m pipeline.forms.document`; a test keeps it so.

不设模板：按列名认表，不看文件名。下面是每种表认得的列；写法可以不同（全角、空格、括号里的单位都不影响），近似的写法会读入并请您确认。
没有列出的写法按所含的词认：计什么（院坝会、业主群、紧急止付）、怎么计（场、人数、金额），词在 `concepts.yaml`；字字认得的直接读入，还剩几个字
的读入并请您确认；改变含义的词（制作、未、点位）或两可的，列出最接近的列名退回。单位以单元格里写的为先，其次列名，再次表头右上角
（单位：万元），最后是这里的默认单位。

No template: a sheet is known by its headings, not by its name. A wording that is not listed is read from what it is composed of: the thing, how it
is counted, and words that change neither (`concepts.yaml`); with a few letters left over it is read and asked about; where a word changes the
number, or two things are meant equally, it goes back. Units: the cell's own first, then the heading's, then the corner's, then the default here.

Adding a form: one YAML file in `pipeline/forms/`, one table file in `pipeline/tables/`; nothing else names it.
"""


def document(cat: Catalogue) -> str:
    """The whole page as Markdown."""
    parts = [HEAD]
    parts += [_form(cat, form) for form in cat.forms.values()]
    parts.append("## 渠道与单位 Channels and units\n\n| 渠道 | 代码 | 指标 | 单位 | 也认作 | 性质 |\n|---|---|---|---|---|---|")
    for measure in cat.measures.values():
        zh, _ = cat.channels[measure.channel]
        kind = "存量 stock" if measure.kind == "stock" else "流量 flow"
        grade = f"，证据 {measure.grade}" if measure.grade else ""
        apart = f"（{'、'.join(measure.apart)} 分开计，不相加）" if measure.apart else ""
        parts.append(f"| {zh} | `{measure.code}` | {measure.zh} | {measure.unit}{apart} | {'、'.join(measure.units) or '—'} | {kind}{grade} |")
    return "\n".join(parts) + "\n"


def _form(cat: Catalogue, form: Form) -> str:
    headings: dict[str, list[str]] = defaultdict(list)
    for column in form.columns:
        meaning = cat.measures[column.measure].zh if column.measure else column.role
        unit = f"（{column.unit or cat.measures[column.measure].unit}）" if column.measure else ""
        headings[f"{meaning}{unit}"] += column.headings
    lines = [
        f"## {form.zh} `{form.name}`",
        "",
        f"{form.en} · {GRAINS[form.grain]} · 数据表 table `{form.table}`",
        "",
        "| 内容 | 认得的列名（例） |",
        "|---|---|",
    ]
    for meaning, names in headings.items():
        more = f" 等 {len(names)} 种" if len(names) > _MOST_HEADINGS else ""
        lines.append(f"| {meaning} | {'、'.join(names[:_MOST_HEADINGS])}{more} |")
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    sys.stdout.write(document(catalogue()))
