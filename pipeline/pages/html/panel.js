// 本数怎么来的: the panel that says how a number came about. Folder delivery loads data/lineage/<metric>.js with all cells on demand and picks
// those of the number; a single file carries the largest ones ready picked. Twin of `picked` in lineage.py.
const Panel = (() => {
  const loading = {}, TOP = 10, family = (metric) => metric.split(".")[0], KINDS = {coverage: "pct", on_time_rate: "pct", reporting_rate: "pct", cases: "n", prevented: "money", returned: "money", losses: "money", "losses.cases": "n"}, BEFORE = "before:";
  const kindOf = (metric) => KINDS[metric] || KINDS[family(metric)];
  let opener = null;
  window.LINEAGE = window.LINEAGE || {};

  function load(metric, data, root) {
    if (data.single) return Promise.resolve(data.lineage[metric] && {...data.lineage[""], ...data.lineage[metric]});
    return loading[metric] ??= Unpack.script(root + "data/lineage/" + metric + ".js").then(() => window.LINEAGE[metric]);
  }

  // -- which cells
  const at = (column, i) => Array.isArray(column) ? column[i] : column;
  const bound = (column, i, value) => i in column ? column[i] : value;

  function spanOf(num, ctx) {
    if (num.week === "all") return ["", "9"];
    const named = (id) => Unpack.period(ctx.data, id);
    if ((num.week || "").startsWith(BEFORE)) { const {first, last} = named(num.week.slice(BEFORE.length)); return [Fmt.plus(first, (Date.parse(first) - Date.parse(last)) / 864e5 - 7), Fmt.plus(first, -7)]; }
    if (num.week && !named(num.week)) return [num.week, num.week];
    const {first, last} = named(num.week || ctx.scope.period);
    return [family(num.metric) === "coverage" ? last : first, last];
  }

  // A report's text has its status as a place and the moment it came in minutes since its week began.
  function arrived(store, text, week) {
    const [status, minutes, ...blanks] = text.split("|");
    return [store.statuses[status], minutes && new Date(Date.parse(week) + minutes * 6e4).toISOString().slice(0, 16), ...blanks].join("|");
  }

  function select(store, num, ctx) {
    const {cells, areas, weeks, parts} = store, area = num.area || ctx.scope.area, [first, last] = spanOf(num, ctx), wanted = num.part ? num.part.split("+").map((p) => parts.indexOf(p)) : [];
    const within = weeks.map((w) => first <= w && w <= last), isCoverage = family(num.metric) === "coverage";
    // Coverage is of the cells that state the area itself, else of its communities.
    let stated = false;
    for (let i = 0; isCoverage && !stated && i < store.n; i++) stated = areas[at(cells.area, i)][0] === area && within[at(cells.week, i)];
    const leftOut = (num.week || "").startsWith(BEFORE) ? ctx.data.leftOut[num.week.slice(BEFORE.length)] || [] : [];
    const of = areas.map(([own, town]) => leftOut.includes(town) ? false : stated ? own === area : isCoverage && own === town ? false : area === ctx.data.top || own === area || town === area);
    const found = {n: 0, missing: 0, counted: 0, total: 0, low: 0, high: 0, weight: 0, method: ""}, rows = [];
    for (let i = 0; i < store.n; i++) {
      if (!of[at(cells.area, i)] || !within[at(cells.week, i)] || !wanted.every((p) => (Array.isArray(cells.parts[0]) ? cells.parts[i] : cells.parts).includes(p))) continue;
      const value = at(cells.value, i), low = bound(cells.low, i, value), high = bound(cells.high, i, value), counted = at(cells.counted, i), weight = at(cells.weight, i);
      if (!found.n++ && isCoverage) found.method = (Array.isArray(cells.parts[0]) ? cells.parts[i] : cells.parts).map((p) => parts[p])[0] || "";
      if (value === null) found.missing++;
      if (counted) { found.counted++; found.total += (value || 0) * weight; found.low += (low || 0) * weight; found.high += (high || 0) * weight; found.weight += weight; }
      rows.push([at(cells.file, i), at(cells.sheet, i), at(cells.cell, i), store.statuses ? arrived(store, at(cells.text, i), weeks[at(cells.week, i)]) : at(cells.text, i), value, low, high, counted, weight, Math.max(value || 0, high || 0) * weight]);
    }
    if (store.average === 2) { const known = rows.filter((r) => r[7]).map((r) => r[4]).sort((a, b) => a - b), half = known.length >> 1; found.total = found.low = found.high = known.length % 2 ? known[half] : (known[half - 1] + known[half]) / 2; found.weight = 1; }
    rows.sort((a, b) => b[7] - a[7] || b[9] - a[9]);
    return {...found, rows: rows.slice(0, TOP)};
  }

  const unpacked = (pick) => { if (!pick) return null; const [[n, missing, counted, total, low, high, weight, method = ""], rows] = pick; return {n, missing, counted, total, low, high, weight, method, rows}; };

  // -- what is said
  function written(text, ctx) {
    if (!/^[a-z_]+\|/.test(text || "")) return text;
    const [status, received, missing, due] = text.split("|");
    return ctx.say("panel.status." + status) + (received ? ctx.say("panel.arrived", received) : "") + (Number(due) ? ctx.say("panel.blanks", Number(due), Number(missing)) : "");
  }
  function table(metric, rows, found, store, ctx) {
    const head = make("tr"), body = make("tbody"), {say, lang} = ctx, kind = kindOf(metric) === "pct" ? "pct" : "n";
    for (const key of ["file", "sheet", "cell", "text", "read", "share"]) head.append(make("th", say("panel." + key), {scope: "col"}));
    for (const [file, sheet, cell, text, value, low = value, high = value, counted = 1, weight = 1] of rows) {
      const range = value !== low || value !== high;
      const read = value === null ? (low === null ? "—" : Fmt.span(low, high, "count", lang)) : Fmt.show(value, kind, lang) + (range ? " (" + Fmt.show(low, kind, lang) + "–" + Fmt.show(high, kind, lang) + ")" : "");
      const share = counted ? Fmt.show(found.total && store.average < 2 ? (value || 0) * weight / found.total : null, "pct0", lang) : say("panel.uncounted"), tr = make("tr", "", {className: counted ? "" : "uncounted"});
      const path = store.files[file];
      for (const shown of [(store.pieces ? path?.map((p) => store.pieces[p]).join("/") : path) || "—", store.sheets[sheet], cell, written(text === 0 ? String(value) : text, ctx), read, share]) tr.append(make("td", shown || ""));
      body.append(tr);
    }
    const table = make("table"), thead = make("thead"), box = make("div", "", {className: "scroll", tabIndex: 0});
    thead.append(head); table.append(thead, body); box.append(table);
    box.setAttribute("role", "region"); box.setAttribute("aria-label", say("panel.cells"));
    return box;
  }

  const said = (store, what) => store.said ? store.said[store[what]] : store[what];
  const definition = (list, term, value) => { if (value) list.append(make("dt", term), make("dd", value)); };

  function filled(num, found, shown, ctx) {
    const {counted, total, weight, method} = found;
    if (!method && family(num.metric) === "coverage") return ctx.say("panel.filled.coverage", counted, total, weight, shown);
    const quotient = method || {reporting_rate: "received", on_time_rate: "rate", "prevented.mean": "mean"}[num.metric];
    if (quotient) return ctx.say("panel.filled." + quotient, total, weight, shown);
    return ctx.say(num.metric === "prevented.median" ? "panel.filled.median" : "panel.filled.sum", counted, shown);
  }

  function fill(num, store, ctx) {
    const body = byId("panel-body"), {say, lang, data} = ctx, list = make("dl"), kind = kindOf(num.metric) || "count";
    const csv = "data/lineage/" + num.metric + ".csv", span = Unpack.period(data, data.default.split("|")[1]).since, tongue = lang === "zh" ? 0 : 1;
    body.replaceChildren();
    definition(list, say("panel.scope"), ctx.scopeText(num));
    definition(list, say("panel.how"), num.how);
    const picks = store && store.picks, key = [num.area || ctx.scope.area, num.week || ctx.scope.period, num.part || ""].join("|");
    const found = !store ? null : picks ? unpacked(picks[key]) : select(store, num, ctx);
    if (found && found.n) {
      const rate = (sum) => store.average ? found.weight ? sum / found.weight : null : sum, shown = found.missing === found.n ? "—" : Fmt.show(rate(found.total), kind, lang);
      const [open, close] = tongue ? [" (", ")"] : "（）", bounds = found.low === found.high ? "" : open + Fmt.span(rate(found.low), rate(found.high), {pct: "pct0", n: "count"}[kind] || kind, lang) + close;
      definition(list, say(num.how ? "panel.from" : "panel.value"), shown + bounds);
      const left = (data.leftOut[(num.week || ctx.scope.period).replace(BEFORE, "")] || []).length;
      if (left && (num.week || "").startsWith(BEFORE)) definition(list, say("panel.left"), say("panel.left_text", left));
      definition(list, say("panel.formula"), found.method ? say("panel.formula." + found.method) : said(store, "formula")[tongue]);
      definition(list, say("panel.filled"), filled(num, found, shown, ctx));
      definition(list, say("panel.bounds"), found.method ? say("panel.bounds." + found.method) : said(store, "bounds")[tongue]);
      const [came, due, provisional] = data.reports[(num.area || ctx.scope.area) + "|" + (num.week ? "" : ctx.scope.period)] || [0, 0, data.provisional[data.weeks.indexOf(num.week)]];
      definition(list, say("panel.records"), say("panel.records_text", found.n, found.missing) + (due ? say("panel.reports", came, due) : "") + say(provisional ? "panel.provisional" : "panel.closed"));
      body.append(list, make("h3", say("panel.cells")), table(num.metric, found.rows.map((r) => picks ? store.rows[r] : r), found, store, ctx));
      if (data.single) body.append(make("p", say("panel.more", 5, csv), {className: "sub"}));
    } else body.append(list, make("p", data.single && !found ? say("panel.absent", span, csv) : say("panel.none")));
    if (!data.single) { const p = make("p"); p.append(make("a", say("panel.all"), {className: "link", href: ctx.root + csv, download: ""})); body.append(p); }
  }

  // num: {metric, area, week, part} as in the attributes data-num, -area, -week, -part; how: data-how, what the number is made of.
  async function open(num, title, button, ctx) {
    opener = button;
    const dialog = byId("panel"), store = await load(num.metric, ctx.data, ctx.root);
    byId("panel-title").textContent = ctx.say("ui.how") + " · " + title;
    fill(num, store, ctx);
    if (!dialog.open) dialog.showModal();
  }

  function start() {
    const dialog = byId("panel");
    byId("panel-close").addEventListener("click", () => dialog.close());
    dialog.addEventListener("click", (event) => { if (event.target === dialog) dialog.close(); });
    dialog.addEventListener("close", () => { if (opener && opener.isConnected) opener.focus(); });
  }
  return {open, start};
})();
