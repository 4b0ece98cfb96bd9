// 本数怎么来的: the panel that says how a number came about. Folder delivery loads data/lineage/<metric>.js on demand; a single file carries its rows.
const Panel = (() => {
  const loading = {};
  let opener = null;
  window.LINEAGE = window.LINEAGE || {};

  const node = (tag, text, className) => { const e = document.createElement(tag); if (text !== undefined) e.textContent = text; if (className) e.className = className; return e; };

  function load(metric, data, root) {
    if (data.single || window.LINEAGE[metric]) return Promise.resolve(data.single ? data.lineage[metric] : window.LINEAGE[metric]);
    loading[metric] = loading[metric] || new Promise((done) => {
      const tag = document.createElement("script");
      tag.src = root + "data/lineage/" + metric + ".js";
      tag.onload = tag.onerror = () => done(window.LINEAGE[metric]);
      document.head.append(tag);
    });
    return loading[metric];
  }

  function definition(list, term, value) { if (value) list.append(node("dt", term), node("dd", value)); }

  function cells(rows, store, ctx) {
    const table = node("table"), head = node("tr"), body = node("tbody"), {say, lang} = ctx;
    for (const key of ["file", "sheet", "cell", "text", "read", "share"]) { const th = node("th", say("panel." + key)); th.scope = "col"; head.append(th); }
    for (const [file, sheet, cell, text, value, low, high, share] of rows) {
      const tr = node("tr", undefined, share === null ? "uncounted" : "");
      const read = value === null ? (low === null ? "—" : Fmt.span(low, high, "count", lang)) : low === high ? Fmt.show(value, "n", lang) : Fmt.show(value, "n", lang) + " (" + Fmt.show(low, "n", lang) + "–" + Fmt.show(high, "n", lang) + ")";
      for (const shown of [store.files[file], sheet, cell, text, read, share === null ? say("panel.uncounted") : Fmt.show(share, "pct0", lang)]) tr.append(node("td", shown));
      body.append(tr);
    }
    const thead = node("thead"); thead.append(head); table.append(thead, body);
    return table;
  }

  function fill(metric, store, ctx) {
    const body = document.getElementById("panel-body"), {say, data, lang, scope} = ctx;
    body.replaceChildren();
    const entry = store && store.views[scope.key], list = node("dl");
    definition(list, say("panel.scope"), ctx.scopeText());
    if (entry) {
      definition(list, say("panel.value"), ctx.plain(entry.value));
      definition(list, say("panel.formula"), store.formula[lang === "zh" ? 0 : 1]);
      definition(list, say("panel.bounds"), store.bounds[lang === "zh" ? 0 : 1]);
      definition(list, say("panel.records"), ctx.plain(entry.records) + " " + say(entry.provisional ? "panel.provisional" : "panel.closed"));
    }
    body.append(list);
    if (entry && entry.rows.length) {
      body.append(node("h3", say("panel.cells")), cells(entry.rows, store, ctx));
    } else body.append(node("p", say("panel.none")));
    if (store && !data.single) { const p = node("p"), a = node("a", say("panel.all"), "link"); a.href = ctx.root + "data/lineage/" + metric + ".csv"; a.download = ""; p.append(a); body.append(p); }
    if (store && data.single) body.append(node("p", ctx.plain([["panel.more", 5, "data/lineage/" + metric + ".csv"]]), "sub"));
  }

  async function open(metric, title, button, ctx) {
    opener = button;
    const dialog = document.getElementById("panel");
    document.getElementById("panel-title").textContent = ctx.say("ui.how") + " · " + title;
    const store = await load(metric, ctx.data, ctx.root);
    fill(metric, store, ctx);
    if (!dialog.open) dialog.showModal();
  }

  function start() {
    const dialog = document.getElementById("panel");
    document.getElementById("panel-close").addEventListener("click", () => dialog.close());
    dialog.addEventListener("click", (event) => { if (event.target === dialog) dialog.close(); });
    dialog.addEventListener("close", () => { if (opener && opener.isConnected) opener.focus(); });
  }
  return {open, start};
})();
