// Embedded data as the page uses them: arrays of a value a week, rows with all their fields, texts with their values. Twin of packing.py.
const Unpack = (() => {
  const GRADES = ["p5e", "p5s", "p4e", "p4s", "p3e", "p3s", "p2e", "p2s"], BOUNDS = ["low", "high"], SHARES = ["estimate", "low", "high"];
  const sum = (row) => GRADES.reduce((total, g) => total + (row(g) || 0), 0);

  // A column of one value comes as that value, one that is mostly 0 as [places, values], a share as steps in millionths.
  const placed = ([places, values]) => Object.fromEntries(places.map((place, i) => [place, values[i]]));
  function full(column, weeks) {
    if (!Array.isArray(column)) return weeks.map(() => column);
    if (!Array.isArray(column[0])) return column;
    const held = placed(column); return weeks.map((_, i) => held[i] ?? 0);
  }
  const walked = (column) => { let at = 0; return column.map((step) => step === null ? null : (at += step) / 1e6); };
  function coverage(columns, weeks) {
    for (const [name, column] of Object.entries(columns)) if (name !== "y") columns[name] = SHARES.includes(name) ? walked(full(column, weeks)) : full(column, weeks);
  }
  // Totals are the sums of their grades; bounds come where they differ from the total.
  function losses(columns, weeks) {
    for (const [name, column] of Object.entries(columns)) if (!BOUNDS.includes(name)) columns[name] = full(column, weeks);
    const total = columns.total = weeks.map((_, i) => sum((g) => columns[g]?.[i])), back = columns.earlier.length;
    columns.mean4 = total.map((_, i) => { const four = [...columns.earlier, ...total].slice(0, i + 1 + back).slice(-4); return four.length < 4 ? null : four.reduce((a, b) => a + b) / 4; });
    for (const bound of BOUNDS) { const apart = placed(columns[bound]); columns[bound] = total.map((v, i) => apart[i] ?? v); }
  }
  // A row says [message] first where it is not the usual one; without any amount it is its message alone.
  function bar(packed, {fields, fixed, text}, i) {
    const [own, ...values] = Array.isArray(packed) ? Array.isArray(packed[0]) ? packed : [[text], ...packed] : [[packed]], isGraded = fields.includes("p5e");
    const row = {text: own[0], ...Object.fromEntries(fields.map((f, j) => [f, values[j] ?? (isGraded ? 0 : null)])), ...Object.fromEntries(Object.entries(fixed).map(([f, all]) => [f, all[i]]))};
    if (isGraded) { row.value = sum((g) => row[g]); row.low = row.value - row.below; row.high = row.value + row.above; }
    else if (values.length === fields.length - 1) row.change = row.now / row.previous - 1;
    return row;
  }
  function columns(part, data) {
    const series = part.series || {};
    for (const area of Object.values(series.coverage || {})) coverage(area, data.weeks);
    for (const area of Object.values(series.losses || {})) losses(area, data.weeks);
    for (const [chart, scopes] of Object.entries(part.bars || {})) for (const rows of Object.values(scopes)) rows.forEach((row, i) => { rows[i] = bar(row, data.fields[chart], i); });
  }

  const filled = (form, values) => Array.isArray(form) ? form.map((f) => filled(f, values)) : form < 0 ? -1 - form : values.shift();
  const text = (data, [shape, ...values]) => data.shapes[shape].map(([message, ...forms]) => [message, ...filled(forms, values)]);
  // A text of a view: a place among the texts of many, or its own; without values it has those of the text before it.
  function slot(data, scope, id) {
    const view = data.views[scope], i = data.slots.indexOf(id), own = view[i];
    if (!Array.isArray(own)) return text(data, data.texts[own]);
    let from = i; while (view[from]?.length === 1) from--;
    return text(data, [own[0], ...(Array.isArray(view[from]) ? view[from].slice(1) : [])]);
  }

  const period = (data, id) => data.periods.find((p) => p.id === id);
  const merge = (into, part) => { for (const [k, v] of Object.entries(part)) if (Array.isArray(v) && Array.isArray(into[k])) into[k].push(...v); else if (v && typeof v === "object" && into[k]) merge(into[k], v); else into[k] = v; };
  // Pages opened from a disk may not fetch a file, but may load a script.
  const script = (src) => new Promise((done) => { document.head.append(make("script", "", {src, onload: done, onerror: done})); });
  return {columns, slot, text, period, merge, script};
})();
