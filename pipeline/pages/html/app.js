// The page itself: which scope, language and theme are shown. Every number is computed before; here texts and arrays are only exchanged.
(() => {
  // A single file holds the pages of other groups as text: the one that the address names takes the place of the page.
  const address = () => new URLSearchParams(location.hash.slice(1)), groupOf = () => address().get("g") || "", textOf = (group) => $(`script[data-group="${CSS.escape(group)}"]`);
  const group = groupOf(), other = textOf(group);
  if (other) {
    const page = new DOMParser().parseFromString(other.textContent, "text/html");
    for (const tag of ["header", "main"]) $(tag).replaceWith($(tag, page));
    const title = $("h1"); document.title = title.textContent; $("title").dataset.en = title.dataset.en;
  }
  const parsed = (e) => JSON.parse(e.textContent), data = {...parsed(byId("data")), ...(other && parsed(other.nextElementSibling))};
  // A week is drawn at its middle.
  data.x = data.weeks.map((week) => Fmt.plus(week, 3));
  Unpack.columns(data, data);
  // The other scopes of the folder delivery: fetched when the charts stand, or when one is asked for before.
  let others;
  const {rest} = document.body.dataset, join = () => { if (window.REST) { Unpack.columns(REST, data); Unpack.merge(data, REST); } };
  const whole = () => others ??= rest ? Unpack.script(rest).then(join) : Promise.resolve();
  const html = document.documentElement;
  const root = ($('link[rel="stylesheet"]')?.getAttribute("href") || "").replace("assets/app.css", "");
  const [defaultArea, defaultPeriod] = data.default.split("|");
  const state = {area: defaultArea, period: defaultPeriod, lang: "zh", theme: null};
  const dark = window.matchMedia("(prefers-color-scheme: dark)");

  // -- words
  const pieces = (text, lang = state.lang) => Fmt.pieces(text, lang, data.messages, data.names);
  const plain = (text, lang) => pieces(text, lang).map((p) => p[0]).join("");
  const say = (key, ...args) => plain([[key, ...args]]);
  const name = (key) => Fmt.nameOf(key, state.lang, data.names);
  const key = () => state.area + "|" + state.period;
  const slot = (id) => Unpack.slot(data, key(), id);
  const span = () => periodOf(state.period).since;
  // Whose number, over which weeks, and which part of it.
  const scopeText = (num) => [name("area:" + (num.area || state.area)), num.week === "all" ? "" : num.week ? whenText(num.week) : name(span()), ...(num.part || "").split("+").map(partText)].filter(Boolean).join(state.lang === "zh" ? "，" : ", ");
  const periodOf = (id) => Unpack.period(data, id);
  const whenText = (week) => week.startsWith("before:") ? say("panel.before", periodOf(week.slice(7)).since) : periodOf(week) ? name(periodOf(week).since) : Fmt.show(week, "week", state.lang);
  const partText = (part) => part.startsWith("until:") ? say("panel.until", part.slice(6)) : /^op:.*:(before|during)$/.test(part) ? say("panel.op." + part.split(":")[2]) : part.startsWith("month:") ? part.slice(6) : part.startsWith("firmness:") ? say("panel." + part.replace(":", ".")) : part.startsWith("event:") ? say("panel.event") : part === "grade:none" ? say("panel.grade.none") : part ? name(part) : "";

  const stands = new WeakMap(), stamp = (text) => state.lang + JSON.stringify(text);
  function put(element, text) {
    if (stands.get(element) === stamp(text)) return;
    stands.set(element, stamp(text));
    element.replaceChildren(...pieces(text).map(([shown, strong, metric]) => {
      if (!strong) return document.createTextNode(shown);
      if (!metric) return make("b", shown);
      const e = make("button", shown, {type: "button", className: "num"}); e.dataset.num = metric;
      return e;
    }));
    const first = text.length ? Object.keys(data.messages)[text[0][0]] : "";
    if (element.classList.contains("change")) element.dataset.tone = first.startsWith("pp.") ? first.split(".")[1] : "";
  }

  const theme = () => state.printing ? "light" : state.theme || (dark.matches ? "dark" : "light");
  const afterLast = data.weeks.length ? Fmt.plus(data.weeks.at(-1), 7) : "";
  const rich = (text) => pieces(text).map(([t, strong]) => { const e = Charts.escapeText(t); return strong ? "<b>" + e + "</b>" : e; }).join("");

  function hover(source, s, i) {
    const lines = [say("hover.week", data.weeks[i])];
    if (source === "coverage") {
      if (s.estimate[i] === null) lines.push(say("hover.none")); else lines.push(say("hover.coverage", s.estimate[i]), say("hover.range_pct", s.low[i], s.high[i]));
      if (s.n_due[i]) lines.push(say("hover.reports", s.n_in[i], s.n_due[i]));
    } else {
      lines.push(say("hover.loss", s.total[i], at(s.n, i)));
      const grades = ["P5", "P4", "P3", "P2"].map((g) => ["grade:" + g, take(s, g.toLowerCase(), i)]).filter(([, v]) => v);
      if (grades.length) lines.push(say("hover.split", grades));
      if (s.high[i] && s.low[i] !== s.high[i]) lines.push(say("hover.range_money", s.low[i], s.high[i]));
      if (s.unknown?.[i]) lines.push(say("hover.unknown", s.unknown[i]));
    }
    if (data.provisional[i]) lines[0] += " · " + say("tag.provisional");
    return lines;
  }
  const context = () => ({data, lang: state.lang, theme: theme(), scope: {area: state.area, period: state.period, key: key()}, say, plain, slot, rich, hover, root, scopeText, afterLast, without: state.without});

  // -- what depends on scope
  const at = (column, i) => column ? column[i] : 0;
  const take = (s, field, i) => field.length === 2 && field[0] === "p" ? at(s[field + "e"], i) + at(s[field + "s"], i) : at(s[field], i);
  function cellsOf(id) {
    const {source, spec} = data.tables[id], [kind, which] = source.split(":");
    if (kind === "series") {
      const s = data.series[which][state.area];
      return data.weeks.map((week, i) => spec.map(([field, format]) => field === "week" ? [week, format] : field === "provisional" ? [data.provisional[i], format] : [take(s, field, i), format, data.weeks[i]])).reverse();
    }
    const categories = data.plots[which].figure.layout.yaxis.categoryarray, prefix = which === "c4" ? "ch:" : which === "c5w" ? "way:" : "type:";
    return data.bars[which][key()].map((row, i) => { const s = Object.fromEntries(Object.entries(row).map(([f, v]) => [f, [v]])); return spec.map(([field, format]) => field === "category" ? [prefix + categories[i], format] : [take(s, field, 0), format, prefix + categories[i]]); });
  }
  const written = (v, format) => format === "name" ? name(v) : format === "flag" ? (v ? say("tag.provisional") : "") : Fmt.show(v, format, state.lang);
  // A number that opens the panel. `which`: the row's week, or its category (a channel is its own metric, other categories are parts).
  function linked(text, [metric, part, when], which) {
    const b = make("button", text, {type: "button", className: "num", title: say("ui.how")}), isWeek = /^\d/.test(which), parts = [isWeek || which.startsWith("ch:") ? "" : which, part].filter(Boolean);
    b.dataset.num = metric.replace("{}", which.replace(/^ch:/, ""));
    if (isWeek) b.dataset.week = which; else if (when) b.dataset.week = when + ":" + state.period;
    if (parts.length) b.dataset.part = parts.join("+");
    return b;
  }
  function fillTable(id) {
    const {spec, linked: links} = data.tables[id];
    const cell = ([v, format, which], i) => { const td = make("td"), text = written(v, format), link = links[spec[i][0]]; td.append(link && v && !(data.single && (link[1] || link[2])) ? linked(text, link, which) : text); return td; };
    byId(id).tBodies[0].replaceChildren(...cellsOf(id).map((cells) => { const tr = make("tr"); tr.append(...cells.map(cell)); return tr; }));
  }

  function fillTiles() {
    if (!data.tiles) return;
    const rows = data.tiles[periodOf(state.period).last], order = rows.map((r) => r[0]), values = Object.fromEntries(rows.map(([area, estimate, low, high, bin]) => [area, [...[estimate, low, high].map((v) => v === null ? null : v / 1e6), bin]]));
    for (const town of all("section.town")) {
      $("[data-rate]", town).textContent = Fmt.show(values[town.dataset.town][0], "pct0", state.lang);
      town.classList.toggle("selected", town.dataset.town === state.area);
      const list = $("ul", town);
      for (const tile of [...list.children].sort((a, b) => order.indexOf(a.dataset.tile) - order.indexOf(b.dataset.tile))) {
        const id = tile.dataset.tile, [estimate, low, high, bin] = values[id], place = "area:" + id, people = data.residents[id];
        tile.className = "tile " + (bin < 0 ? "never" : "bin" + bin);
        $("b", tile).textContent = Fmt.show(estimate, "pct0_number", state.lang);
        tile.title = estimate === null ? say(people ? "c3.tile_never" : "c3.tile_uncounted", place) : say("c3.tile", place, low, high, people);
        list.append(tile);
      }
    }
    $(".towns").classList.toggle("picked", state.area !== data.top);
  }

  // The report matrix is one stop of the keyboard: arrows move in it, Enter says which file a status names.
  for (const table of all(".matrix")) {
    table.setAttribute("role", "grid");
    const cells = [...table.tBodies[0].rows].map((tr) => [...tr.cells].slice(1));
    cells.flat().forEach((td, i) => { td.tabIndex = i ? -1 : 0; });
    const open = (td) => { const week = Fmt.plus(table.dataset.first, 7 * (td.cellIndex - 1)); if (!/q-(none|not_due)/.test(td.className)) Panel.open({metric: "on_time_rate", area: td.parentElement.dataset.row, week}, titleOf(td), td, context()); };
    table.addEventListener("click", (event) => { const td = event.target.closest("td"); if (td) open(td); });
    table.addEventListener("keydown", (event) => {
      const td = event.target.closest("td"), step = {ArrowRight: [0, 1], ArrowLeft: [0, -1], ArrowDown: [1, 0], ArrowUp: [-1, 0]}[event.key]; if (!td) return;
      if (event.key === "Enter" || event.key === " ") { event.preventDefault(); open(td); }
      const row = step && cells[cells.findIndex((r) => r.includes(td)) + step[0]], next = row && row[td.cellIndex - 1 + step[1]];
      if (next) { event.preventDefault(); td.tabIndex = -1; next.tabIndex = 0; next.focus(); }
    });
  }

  let sortBy = null;
  function fillRanking() {
    const table = $("#t1-table"); if (!data.ranking || !table) return;
    const shift = data.ranked ? 0 : 1;
    for (const [i, [area, best, worst, estimate, low, high, blind, isLow]] of data.standing[periodOf(state.period).last].entries()) {
      const [change, loss] = data.ranking[state.period][i], people = data.residents[area], head = people ? loss / people : null;
      const tr = $(`[data-row="${area}"]`, table), shown = {
        0: best === null ? "—" : best === worst ? String(best) : best + "–" + worst, 1: name("area:" + area), 2: Fmt.show(estimate, "pct", state.lang), 3: say("cell.pp", change), 4: String(blind),
        5: Fmt.show(loss, "money", state.lang), 6: say("cell.fixed1", head)}, sort = {0: best, 1: data.scopes.indexOf(area), 2: estimate, 3: change, 4: blind, 5: loss, 6: head},
        made = {3: ["how.change", estimate, estimate - change, change], 4: ["how.blind", blind, data.blindBelow], 6: ["how.head", loss, people, head]};
      for (const [i, text] of Object.entries(shown)) {
        if (i - shift < 0) continue;
        const td = tr.cells[i - shift]; td.dataset.v = sort[i] ?? "";
        const e = $("a,button,span:not(.bar):not(.tag)", td); e.textContent = text;
        if ("how" in e.dataset) [e.dataset.how, e.dataset.enHow] = ["zh", "en"].map((lang) => plain([made[i]], lang));
      }
      const town = tr.cells[1 - shift], bar = $(".bar", tr);
      $(".tag", town)?.remove();
      if (isLow) town.append(" ", make("span", say("tag.low"), {className: "tag low"}));
      if (bar) { Object.entries({v: estimate, lo: low, hi: high}).forEach(([of, v]) => bar.style.setProperty("--" + of, v ?? 0)); bar.hidden = estimate === null; }
      tr.classList.toggle("selected", area === state.area);
      table.tBodies[0].append(tr);
    }
    if (sortBy) order(table, ...sortBy);
  }
  function order(table, column, ascending) {
    const value = (tr) => { const v = tr.cells[column].dataset.v; return v === undefined || v === "" ? null : Number(v); };
    const rows = [...table.tBodies[0].rows].sort((a, b) => { const x = value(a), y = value(b); return x === null ? 1 : y === null ? -1 : ascending ? x - y : y - x; });
    table.tBodies[0].append(...rows);
    for (const th of table.tHead.rows[0].cells) th.removeAttribute("aria-sort");
    table.tHead.rows[0].cells[column].setAttribute("aria-sort", ascending ? "ascending" : "descending");
  }

  // A sparkline as trends.py draws it.
  const HEIGHT = 34;
  function heights(values) {
    const known = values.filter((v) => v !== null);
    if (known.length < 2) return null;
    const low = Math.min(...known), high = Math.max(...known), scale = high > low ? (HEIGHT - 8) / (high - low) : 0;
    return values.map((v) => v === null ? null : Math.round(10 * (HEIGHT - 4 - (v - low) * scale)));
  }
  function sparkline(tenths) {
    if (!tenths) return null;
    let path = "", previous = -2, x = 0, y = 0;
    tenths.forEach((h, i) => { if (h === null) return; x = Math.floor(20.5 + i * 840 / (tenths.length - 1)) / 10; y = h / 10; path += (i === previous + 1 ? "L" : "M") + x + " " + y; previous = i; });
    return [path, x, y];
  }
  function trendOf(metric) {
    const {coverage, losses} = data.series, column = {coverage: coverage[state.area].estimate, cases: losses[state.area].n || data.weeks.map(() => 0), prevented: losses[state.area].total}[metric];
    return column ? heights(column) : data.sparks[state.area][metric];
  }
  function sparks() {
    if (!data.sparks) return;
    for (const box of all("[data-spark]")) {
      const drawn = sparkline(trendOf(box.dataset.spark)), path = $("path", box), dot = $("circle", box);
      if (!path) continue;
      box.firstElementChild.style.visibility = drawn ? "" : "hidden";
      if (drawn) { path.setAttribute("d", drawn[0]); dot.setAttribute("cx", drawn[1]); dot.setAttribute("cy", drawn[2]); }
    }
  }

  // -- language, theme
  const chinese = new WeakMap();
  function swap(mark, read, write) {
    for (const e of all(`[${mark}]`)) {
      if (!chinese.has(e)) chinese.set(e, {});
      const kept = chinese.get(e); kept[mark] ??= read(e);
      write(e, state.lang === "en" ? e.getAttribute(mark) : kept[mark]);
    }
  }
  let spoken = "zh";
  function language() {
    spoken = state.lang;
    html.lang = state.lang === "zh" ? "zh-CN" : "en";
    swap("data-en", (e) => e.innerHTML, (e, v) => { e[state.lang === "en" ? "textContent" : "innerHTML"] = v; });
    for (const [mark, name] of [["data-en-title", "title"], ["data-en-label", "aria-label"]]) swap(mark, (e) => e.getAttribute(name), (e, v) => e.setAttribute(name, v));
    for (const td of all(".matrix tbody td")) td.textContent = say("q1." + td.classList[0].slice(2));
    $("#language").lang = state.lang === "zh" ? "en" : "zh-CN";
  }
  function paint() {
    html.dataset.theme = theme();
    const button = $("#theme"), on = theme() === "dark";
    button.textContent = say(on ? "ui.theme_light" : "ui.theme_dark"); button.setAttribute("aria-pressed", String(on));
  }

  // -- drawing: what is seen first, the rest when idle or scrolled to
  let pending = new Set();
  const draw = (id) => { pending.delete(id); Charts.draw(id, context()); };
  function drawPending() {
    [...pending].filter((id) => $(`[data-plot="${id}"]`).getBoundingClientRect().top < innerHeight * 1.2).forEach(draw);
  }
  const idle = window.requestIdleCallback || ((run) => setTimeout(run, 60));
  function redraw() {
    pending = new Set(Object.keys(data.plots));
    if (!window.Plotly) return;
    drawPending();
    drawRest(pending);
  }
  function drawRest(mine) {
    idle(() => {
      const [id] = mine; if (mine !== pending) return;
      if (id) draw(id);
      if (mine.size) drawRest(mine); else { performance.mark("charts"); whole(); }
    }, {timeout: 400});
  }

  function chips() {
    const box = $("#chips"); if (!$("#town")) return;
    const items = []; if (state.area !== defaultArea) items.push(["area", "area:" + state.area]); if (state.period !== defaultPeriod) items.push(["period", span()]);
    box.hidden = !items.length;
    box.replaceChildren(say("ui.filtered"), ...items.map(([which, what]) => { const b = make("button", name(what) + " ✕", {type: "button", className: "chip"}); Object.assign(b.dataset, {clear: which, key: "clear-" + which}); b.setAttribute("aria-label", say("ui.chip_remove", what)); return b; }));
  }

  function show(announce) {
    const focused = document.activeElement?.dataset?.key, isKept = !html.dataset.ready && isDefault() && state.lang === "zh";
    if (state.lang !== spoken) language();
    paint();
    for (const e of all("[data-slot]")) { const text = slot(e.dataset.slot); if (isKept) stands.set(e, stamp(text)); else put(e, text); }
    if ($("#town")) { $("#town").value = state.area; for (const b of all("[data-period]")) b.setAttribute("aria-pressed", String(b.dataset.period === state.period)); }
    for (const b of all("[data-toggle]")) { b.hidden = !data.series.losses[state.area].lead; b.setAttribute("aria-pressed", String(Boolean(state.without && !b.hidden))); }
    if (isKept) idle(fillRanking); else { fillTiles(); fillRanking(); sparks(); }
    chips();
    for (const tr of all(".matrix [data-row]")) tr.classList.toggle("selected", tr.dataset.row === state.area);
    for (const id of Object.keys(data.tables)) { const table = byId(id); if (table.closest("details")?.open && !folded.has(table)) fillTable(id); }
    for (const b of all("button.num")) b.title = say("ui.how");
    redraw();
    if (focused) { const again = $(`[data-key="${CSS.escape(focused)}"]`); if (again && document.activeElement !== again) again.focus(); }
    if (announce) $("#live").textContent = say("ui.updated", "area:" + state.area, span());
    html.dataset.ready = key() + "|" + state.lang + "|" + theme();
  }

  // -- state in the address
  function write() {
    const hash = new URLSearchParams();
    if (other) hash.set("g", group);
    if (state.area !== defaultArea) hash.set("t", state.area);
    if (state.period !== defaultPeriod) hash.set("p", state.period.replace(/^w/, ""));
    if (state.lang !== "zh") hash.set("lang", state.lang);
    if (state.theme) hash.set("theme", state.theme);
    history.replaceState(null, "", "#" + hash.toString());
    for (const a of all("nav.pages a, nav.periods a, td a")) a.hash = [state.lang !== "zh" ? "lang=" + state.lang : "", state.theme ? "theme=" + state.theme : ""].filter(Boolean).join("&");
  }
  function read() {
    const hash = address(); let odd = Boolean(group && !other);
    const t = hash.get("t"), p = hash.get("p");
    const period = p === null ? defaultPeriod : /^\d+$/.test(p) ? "w" + p : p;
    if ($("#town")) {
      if (t !== null && !data.scopes.includes(t)) odd = true; else if (t !== null) state.area = t; else state.area = defaultArea;
      if (!data.periods.some((x) => x.id === period)) odd = true; else state.period = period;
    }
    state.lang = hash.get("lang") === "en" ? "en" : "zh";
    state.theme = ["dark", "light"].includes(hash.get("theme")) ? hash.get("theme") : null;
    return odd;
  }
  const isDefault = () => key() === data.default;
  function change(next) { Object.assign(state, next); write(); return isDefault() ? Promise.resolve(show(true)) : whole().then(() => show(true)); }

  // Another group opens at the card being read.
  function atCard(hash) {
    const card = all(".card").find((e) => e.getBoundingClientRect().bottom > innerHeight / 3);
    if (card && scrollY > 80) hash.set("at", card.id); else hash.delete("at");
    return hash.toString();
  }
  for (const a of all("nav.periods a")) a.addEventListener("click", () => { a.hash = atCard(new URLSearchParams(a.hash.slice(1))); });
  function enter(next) {
    const hash = address();
    if (textOf(next)) hash.set("g", next); else hash.delete("g");
    history.replaceState(null, "", "#" + atCard(hash)); location.reload();
  }

  // -- events
  function titleOf(button) { const card = button.closest(".kpi,.card,.sentences>div"); return card ? $("h2", card).textContent : ""; }
  document.addEventListener("click", (event) => {
    const b = event.target.closest("button"); if (!b) return;
    const d = b.dataset;
    if (d.num) Panel.open({metric: d.num, area: d.area, week: d.week, part: d.part, how: state.lang === "en" ? d.enHow : d.how}, titleOf(b), b, context());
    else if (d.pick) change({area: state.area === d.pick ? data.top : d.pick});
    else if (d.period) change({period: d.period});
    else if (d.to) enter(d.to);
    else if (d.clear) { change(d.clear === "area" ? {area: defaultArea} : {period: defaultPeriod}); ($("[data-clear]") || $("#town")).focus(); }
    else if (d.toggle) { state.without = !state.without; show(false); }
    else if (d.csv) download(d.csv, d.name);
    else if (d.sort !== undefined) { const table = b.closest("table"), column = Number(d.sort), th = b.closest("th"); sortBy = [column, th.getAttribute("aria-sort") === "descending"]; order(table, ...sortBy); }
    else if (b.id === "language") change({lang: state.lang === "zh" ? "en" : "zh"});
    else if (b.id === "theme") change({theme: theme() === "dark" ? "light" : "dark"});
    else if (b.id === "print") window.print();
  });
  if ($("#town")) $("#town").addEventListener("change", (event) => change({area: event.target.value}));
  if ($("#switch")) $("#switch").addEventListener("change", (event) => { location.href = event.target.value + location.hash; });
  // A closed data table keeps its rows outside the page.
  const folded = new Map();
  for (const details of all("details.data")) {
    const table = $("table", details), turn = () => (details.open ? unfold : fold)(table);
    details.addEventListener("toggle", turn); turn();
  }
  function fold(table) { folded.set(table, table.tBodies[0]); table.tBodies[0].remove(); }
  function unfold(table) {
    const body = folded.get(table); if (!body) return;
    table.append(body); folded.delete(table);
    if (data.tables[table.id]) fillTable(table.id); else language();
  }
  window.addEventListener("hashchange", () => { if (groupOf() !== group) location.reload(); read(); whole().then(() => show(true)); });
  dark.addEventListener("change", () => { if (!state.theme) show(false); });
  let timer = 0, wide = innerWidth;
  window.addEventListener("resize", () => { clearTimeout(timer); timer = setTimeout(() => { if (innerWidth !== wide && !state.printing) { wide = innerWidth; redraw(); } }, 120); });
  window.addEventListener("scroll", () => { if (pending.size && window.Plotly) drawPending(); }, {passive: true});

  // A single file has no CSV beside it: the shown table, full precision.
  function download(id, file) {
    const table = $(`#${id} table`), source = data.tables[id + "-table"], isFolded = folded.has(table);
    if (isFolded) unfold(table);
    const heads = [...table.tHead.rows[0].cells].map((c) => c.textContent.trim());
    const raw = source ? cellsOf(id + "-table").map((row) => row.map(([v, format]) => format === "name" ? name(v) : format === "flag" ? (v ? "1" : "0") : v)) : [...table.tBodies[0].rows].map((tr) => [...tr.cells].map((td) => td.textContent.trim()));
    if (isFolded) fold(table);
    const safe = (v) => { const t = v === null || v === undefined ? "" : String(v), text = typeof v === "string" && /^[=+\-@\t\r]/.test(t) ? "'" + t : t; return /[",\r\n]/.test(text) ? '"' + text.replace(/"/g, '""') + '"' : text; };
    const blob = new Blob(["\ufeff" + [heads, ...raw].map((row) => row.map(safe).join(",")).join("\r\n") + "\r\n"], {type: "text/csv"});
    const a = make("a", "", {href: URL.createObjectURL(blob), download: file + "-" + data.asof + ".csv"}); a.click(); setTimeout(() => URL.revokeObjectURL(a.href), 1000);
  }

  // -- print: always light, charts at the width of the paper
  let scrolled = 0;
  window.addEventListener("beforeprint", () => {
    state.printing = true; scrolled = scrollY; html.dataset.theme = "light";
    for (const id of Object.keys(data.plots)) Charts.draw(id, context(), $(`#${id}.span6`) ? [328, data.kind === "area" ? 155 : 200] : [690, 230]);
  });
  window.addEventListener("afterprint", () => { state.printing = false; paint(); redraw(); scrollTo(0, scrolled); });

  // -- start
  Panel.start();
  const odd = read(), card = byId(address().get("at") || "");
  if (card) card.scrollIntoView({block: "start", behavior: "instant"});
  for (const e of all(".scroll")) if ($(".many", e)) e.scrollLeft = e.scrollWidth;
  for (const e of all(".matrix:not(.many) tr")) { const cut = e.cells.length - 6; [...e.cells].forEach((c, i) => c.classList.toggle("old", i > 0 && i < cut)); }
  if (isDefault()) show(false); else whole().then(() => show(false));
  if (odd) $("#live").textContent = say("ui.unknown"), $("#live").classList.remove("hidden"), $("#live").classList.add("note");
  function library() {
    const holder = byId("plotly");
    if (holder && !window.Plotly) { document.head.append(make("script", holder.textContent)); holder.remove(); }
    redraw();
  }
  if (byId("plotly")) requestAnimationFrame(() => setTimeout(library, 0)); else window.addEventListener("load", () => redraw());
  window.OUTREACH = {data, state, show: change, context, slot: (id, lang) => plain(slot(id), lang), Charts};
})();
