// Figures of the page, filled for a scope, language and theme. Masks as in charts/series.py.
const Charts = (() => {
  const PRIORITY = {break: -1, operation: 0, provisional: 1, month: 2, day: 3, holiday: 4};
  const PRINT = 0.76;
  const escapeText = (text) => String(text).replace(/[&<>"']/g, (c) => `&#${c.charCodeAt(0)};`);

  function holds(mask, i, [first, last, firm]) {
    const until = Math.min(last, firm);
    return {all: true, before: i <= first, period: first <= i && i <= until, after: until <= i && i <= firm && last < firm, provisional: i >= firm, end: i === last}[mask];
  }
  const opacity = (i, [first, last, firm]) => i < first || i > last ? 0.36 : i > firm ? 0.6 : 1;

  function recolour(value, map) {
    if (typeof value === "string") return map[value] || value;
    if (Array.isArray(value)) return value.map((v) => recolour(v, map));
    if (value && typeof value === "object") return Object.fromEntries(Object.entries(value).map(([k, v]) => [k, recolour(v, map)]));
    return value;
  }

  function weekly(column, series, data) {
    if (column.startsWith("strip_")) {
      return series.n_in.map((n, i) => {
        const due = series.n_due[i], share = due ? n / due : null;
        if (column === (share === null ? "" : share === 0 ? "strip_none" : share < data.lowRate ? "strip_low" : "strip_ok")) return share || 0.5;
        return null;
      });
    }
    if (column === "district") return data.series.coverage[data.top].estimate;
    return series[column];
  }

  // The series without its towering case; its mean runs over four weeks.
  function withoutLead(s) {
    const [place, column, value, y] = s.lead, less = (values, by, until) => values.map((v, i) => v !== null && i >= place && i < place + until ? v - by : v);
    return {...s, y, [column]: less(s[column], value, 1), total: less(s.total, value, 1), low: less(s.low, value, 1), high: less(s.high, value, 1), mean4: less(s.mean4, value / 4, 4)};
  }

  function fillWeekly(figure, source, ctx) {
    const {data, scope} = ctx, whole = data.series[source][scope.area], series = ctx.without && whole.lead ? withoutLead(whole) : whole, marks = {...Unpack.period(data, scope.period), ...data.marks[scope.key]};
    figure.data = figure.data.filter((trace) => {
      if (!trace.meta) return true;
      const known = weekly(trace.meta.y, series, data);
      if (!known) return false;
      const values = source === "losses" && series.hidden ? known.map((v, i) => series.hidden.includes(i) ? null : v) : known;
      if (trace.mode === "lines" && trace.line.width && values.filter((v) => v !== null).length < 4) trace.mode = "lines+markers";
      trace.x = data.x;
      trace.y = values.map((v, i) => holds(trace.meta.mask, i, marks.span) ? v : null);
      if (trace.meta.fade) { trace.marker.opacity = data.x.map((_, i) => opacity(i, marks.span)); trace.y = trace.y.map((v) => v || null); }
      if (trace.meta.hover) trace.text = data.x.map((_, i) => ctx.hover(source, series, i).map(escapeText).join("<br>"));
      return trace.y.some((v) => v !== null);
    });
    const period = figure.layout.shapes.find((s) => s.name === "period");
    if (period) [period.x0, period.x1] = marks.edges;
    if (source === "coverage") figure.layout.yaxis.range = series.y;
    else Object.assign(figure.layout.yaxis, {range: [0, series.y.at(-1)], tickvals: series.y, ticktext: series.y.map((v) => Fmt.show(v, "money_axis", ctx.lang))});
    const last = marks.span[1];
    for (const note of figure.layout.annotations) {
      if (note.name === "end") {
        note.x = data.x[last]; note.y = series.estimate[last]; if (note.y === null) note.visible = false;
        const inside = last < data.x.length - 1;
        Object.assign(note, inside ? {xanchor: "center", yanchor: "bottom", xshift: 0, yshift: 8} : {xanchor: "left", yanchor: "middle", xshift: 9, yshift: 0});
      }
      if (note.name === "case" && series !== whole) note.visible = false;
      else if (note.name === "case" && marks.case !== undefined) {
        note.x = data.x[marks.case]; note.y = series.total[marks.case];
        const left = marks.case < data.x.length / 3;
        Object.assign(note, {xanchor: left ? "left" : "right", xshift: left ? 8 : -8, align: left ? "left" : "right"});
      }
    }
  }

  function fillBars(figure, id, ctx) {
    const {data, scope} = ctx, values = data.bars[id][scope.key], categories = figure.layout.yaxis.categoryarray;
    const column = (name) => values.map((row) => row[name]);
    let largest = 0;
    figure.data = figure.data.filter((trace) => {
      if (trace.meta.x === "range") {
        const low = column("low"), high = column("high");
        trace.x = categories.flatMap((_, i) => high[i] ? [low[i], high[i], null] : [null, null, null]);
        trace.y = categories.flatMap((c) => [c, c, null]);
      } else { trace.x = column(trace.meta.x).map((v) => v || (trace.meta.x === "now" || trace.meta.x === "previous" ? v : null)); trace.y = categories; }
      const known = trace.x.filter((v) => v !== null && v !== undefined);
      largest = Math.max(largest, ...known);
      return known.length > 0;
    });
    largest = Math.max(largest, ...column("value").filter((v) => v));
    figure.layout.xaxis.range = [0, largest * 1.02 || 1];
    const [note] = figure.layout.annotations;
    figure.layout.annotations = categories.map((category, i) => {
      const message = values[i].text, args = Fmt.argumentsOf(Object.values(data.messages)[message]);
      return {...note, name: "v:" + category, y: i, text: ctx.rich([[message, ...args.map((arg) => values[i][arg])]])};
    });
  }

  const along = (wide, first, last) => (day) => (Date.parse(day) - Date.parse(first)) / (Date.parse(last) - Date.parse(first)) * wide;
  const canvas = document.createElement("canvas").getContext("2d");
  // Of text: less on paper, more on a wall.
  let zoom = 1;
  const rootStyle = () => getComputedStyle(document.documentElement), textSize = () => parseFloat(rootStyle().fontSize) / 16;
  function width(text, size) { canvas.font = size * zoom + "px " + rootStyle().fontFamily; return Math.max(...text.split("<br>").map((t) => canvas.measureText(t.replace(/<[^>]+>/g, "")).width)); }
  const widest = (texts, size) => Math.max(...texts.map((t) => width(t, size)));

  // Labels of the lane: of two that would overlap the less important goes.
  function clearLane(figure, wide, {data, afterLast}) {
    const px = along(wide, data.weeks[0], afterLast), lane = figure.layout.annotations.filter((a) => a.name.startsWith("lane:"));
    const kept = [];
    for (const note of lane.map((n, i) => [PRIORITY[data.lane[n.name][0]], i, n]).sort((a, b) => a[0] - b[0] || a[1] - b[1]).map((t) => t[2])) {
      const size = width(note.text, note.font.size) + 10;
      let left = note.xanchor === "right" ? px(note.x) - size : px(note.x);
      if (note.xanchor === "left" && left + size > wide) { note.xanchor = "right"; note.x = data.lane[note.name][1]; left = px(note.x) - size; }
      if (kept.every(([a, b]) => left + size <= a || left >= b) && left >= -6) kept.push([left, left + size]); else note.visible = false;
    }
    figure.layout.annotations = figure.layout.annotations.filter((a) => a.visible !== false && a.text !== "");
  }

  // A name broken into as few lines as keep within `limit`: at spaces, or between characters where there are none.
  function wrapped(text, limit) {
    const words = text.includes(" ") ? text.split(" ") : [...text], space = text.includes(" ") ? " " : "";
    const lines = [""];
    for (const word of words) {
      const longer = lines.at(-1) ? lines.at(-1) + space + word : word;
      if (lines.at(-1) && width(longer, 13) > limit) lines.push(word); else lines[lines.length - 1] = longer;
    }
    return lines.join("<br>");
  }

  // Every n-th month only, so that the texts of the axis keep apart.
  function thinTicks(axis, wide, ctx) {
    axis.range = [ctx.data.weeks[0], ctx.afterLast];
    const at = axis.tickvals.map(along(wide, ...axis.range)), sizes = axis.ticktext.map((t) => width(t, 12));
    const january = axis.ticktext.map((t) => t.includes("<br>")).lastIndexOf(true);
    const apart = (kept) => kept.every((i, n) => n === 0 || at[i] - at[kept[n - 1]] >= (sizes[i] + sizes[kept[n - 1]]) / 2 + 7);
    for (const step of [1, 2, 3, 4, 6, 12]) {
      let kept = axis.tickvals.map((_, i) => i).filter((i) => (i - january) % step === 0);
      if (kept[0] !== 0 && apart([0, ...kept])) kept = [0, ...kept];
      // The year stands at January too.
      if (kept[0] === 0 && january > 0 && !apart(kept)) kept.shift();
      if (!apart(kept)) continue;
      axis.tickvals = kept.map((i) => axis.tickvals[i]); axis.ticktext = kept.map((i) => axis.ticktext[i]);
      return;
    }
  }

  // Small multiples: panels of a column share their month axis, those of a row their scale; an axis for each would draw thousands of elements.
  function facets(figure, plot, wide, high, ctx, lang, small) {
    const layout = figure.layout, n = layout.annotations.length / 2, columns = wide > 900 || small ? 4 : wide > 480 ? 2 : 1, rows = Math.ceil(n / columns);
    const large = small ? 1 : zoom, left = 40 * large, bottom = 24 * large, head = 30 * large, tall = small ? 118 : Math.max(120 * large, Math.min(190 * large, high / rows)); layout.height = rows * tall + bottom;
    layout.margin = {l: left, r: 8, t: 2, b: bottom};
    const inner = layout.height - 2 - bottom, gap = columns > 1 ? 26 / (wide - left) : 0, cell = (1 - gap * (columns - 1)) / columns;
    const axis = (letter, i) => letter + (i ? i + 1 : ""), shared = (ref) => ref.replace(/^([xy])(\d*)/, (_, letter, k) => axis(letter, letter === "x" ? ((k || 1) - 1) % columns : Math.floor(((k || 1) - 1) / columns)));
    for (const item of [...figure.data, ...layout.shapes, ...layout.annotations]) for (const key of ["xaxis", "yaxis", "xref", "yref"]) if (item[key]) item[key] = shared(item[key]);
    for (const trace of figure.data) { trace.x = ctx.data.x; trace.y ??= ctx.data.series.coverage[ctx.data.top].estimate; }
    const {xaxis, yaxis} = layout, months = plot.ticks.months;
    for (const name of axesOf(layout)) delete layout[name];
    for (let c = 0; c < Math.min(columns, n); c++) {
      const x = layout[axis("xaxis", c)] = {...xaxis, anchor: axis("y", Math.floor((n - 1 - c) / columns)), domain: [c * (cell + gap), c * (cell + gap) + cell], tickvals: months[0]};
      x.ticktext = months[lang].map((t) => t.split("<br>").at(ctx.lang === "zh" ? -1 : 0));
      thinTicks(x, cell * (wide - left), ctx);
    }
    for (let r = 0; r < rows; r++) {
      const y1 = 1 - r * tall / inner - head / inner, y0 = 1 - (r + 1) * tall / inner + 8 / inner;
      layout[axis("yaxis", r)] = {...yaxis, anchor: "x", domain: [Math.max(0, y0), y1], zeroline: true, zerolinecolor: layout.template.layout.xaxis.linecolor};
    }
  }

  const axesOf = (layout) => Object.keys(layout).filter((name) => /^[xy]axis/.test(name));

  function figureOf(id, ctx, wide, high, small) {
    zoom = small ? PRINT : textSize();
    const large = Math.max(1, zoom);
    const {data} = ctx, plot = data.plots[id], figure = structuredClone(plot.figure), lang = ctx.lang === "zh" ? 1 : 2, [kind, source] = plot.source.split(":");
    for (const [part, key] of [[figure, "data"], [figure.layout, "shapes"], [figure.layout, "annotations"]])
      if (part[key]) part[key] = part[key].map((item) => typeof item === "number" ? structuredClone(data.shared[item]) : item);
    for (const [axis, ticks] of Object.entries(plot.ticks)) if (axis !== "months") Object.assign(figure.layout[axis], {tickvals: ticks[0], ticktext: ticks[lang].map((t) => axis === "xaxis" ? t : escapeText(t))});
    const said = (text) => ctx.rich(typeof text === "string" ? ctx.slot(text) : Unpack.text(data, data.texts[text]));
    for (const note of figure.layout.annotations || []) {
      const text = plot.texts[note.name];
      if (text !== undefined) note.text = said(text);
      if (note.name === "end") note.text = "<b>" + note.text + "</b>";
    }
    if (kind === "series") fillWeekly(figure, source, ctx); else if (kind === "bars") fillBars(figure, id, ctx);
    const {layout} = figure, {xaxis, yaxis} = layout, ticks = yaxis?.ticktext;
    layout.template = ctx.theme === "dark" ? recolour(data.template, data.recolour) : data.template;
    layout.width = wide; layout.height = high;
    if (kind === "series") {
      const axis = source === "coverage" ? Math.max(44, width(plot.ticks.yaxis2[lang][0], 12) + 14) : 14 + widest(ticks, 12);
      const end = layout.annotations.find((a) => a.name === "end" && a.visible !== false && a.text && a.xanchor === "left");
      layout.margin = {l: axis, r: end ? width(end.text, 14) + 26 : 10, t: 4, b: 42 * zoom};
      const inner = wide - layout.margin.l - layout.margin.r;
      thinTicks(xaxis, inner, ctx);
      clearLane(figure, inner, ctx);
    } else if (kind === "multiples") facets(figure, plot, wide, high, ctx, lang, small);
    else if (kind === "panels") {
      layout.margin = {l: 14 + widest(ticks, 12), r: 10, t: 4, b: 42 * zoom};
      thinTicks(xaxis, wide - layout.margin.l - 10, ctx);
    } else if (kind === "static") {
      layout.margin = {l: 14 + widest(ticks, 12), r: 10, t: 16 * large, b: 26 * large};
      const texts = xaxis.ticktext, step = Math.ceil(texts.length * (widest(texts, 12) + 8) / (wide - layout.margin.l));
      for (const of of ["tickvals", "ticktext"]) xaxis[of] = xaxis[of].filter((_, i) => i % step === 0);
    } else if (kind === "map") {
      const [across, up] = [xaxis, yaxis].map(({range: [from, to]}) => to - from), scale = Math.min(wide / across, (high - 24) / up), kept = [];
      layout.margin = {l: 0, r: 0, t: 0, b: 24 * zoom}; layout.height = scale * up + 24 * zoom;
      // Of two labels that would overlap the smaller area's goes; the pointer reads every area.
      figure.data.forEach((trace, i) => {
        const note = layout.annotations[i], half = width(note.text = note.text.replace(/ (?=\S+$)/, "<br>"), 12) / 2 + 4;
        trace.text = said(plot.texts["hover:" + trace.name]);
        note.x = Math.max(half / scale + xaxis.range[0], Math.min(note.x, xaxis.range[1] - half / scale));
        note.visible = kept.every(([x, y, other]) => Math.abs(x - note.x) * scale >= half + other || Math.abs(y - note.y) * scale >= 38 * zoom);
        if (note.visible) kept.push([note.x, note.y, half]);
      });
    } else if (kind === "bars" || kind === "rows") {
      const shown = yaxis.ticktext = ticks.map((t) => wrapped(t, wide * (small ? 0.42 : 0.34))), notes = layout.annotations;
      const names = widest(shown, 13) + 12;
      if (kind === "rows") for (const note of notes) Object.assign(note, {text: wrapped(note.text, (wide - names) * 0.6), align: "left"});
      const words = notes.map((a) => a.text), lines = Math.max(...[...shown, ...words].map((t) => t.split("<br>").length));
      layout.height = Math.max(high, shown.length * (lines * 18 * zoom + (small ? 6 : 8)));
      // Ticks of the period before stay within their row.
      const row = layout.height / shown.length;
      for (const {marker} of figure.data) if (marker?.symbol === "line-ns") marker.size = Math.min(marker.size, row * 0.55);
      layout.margin = {l: names, r: 4, t: 2, b: xaxis.showticklabels ? 26 * large : 4};
      const share = Math.max(0.3, 1 - (widest(words, 13) + 10) / (wide - names - 4));
      xaxis.domain = [0, share - 0.02];
      for (const note of notes) note.x = share;
    }
    if (zoom !== 1) for (const part of [...layout.annotations || [], ...axesOf(layout).map((name) => layout[name])]) {
      const of = "text" in part ? "font" : "tickfont";
      part[of] = {...part[of], size: (part[of]?.size || 12) * zoom};
    }
    return ctx.theme === "dark" ? {data: recolour(figure.data, data.recolour), layout: {...recolour({...layout, template: null}, data.recolour), template: layout.template}} : {data: figure.data, layout};
  }

  function draw(id, ctx, size) {
    const box = $(`[data-plot="${id}"]`);
    if (!box || !window.Plotly) return;
    const wide = size ? size[0] : Math.floor(box.clientWidth), high = size ? size[1] : ctx.data.plots[id].height * textSize();
    if (wide < 40) return;
    const figure = figureOf(id, ctx, wide, high, Boolean(size));
    box.style.height = figure.layout.height + "px";
    // What nothing can be pointed at in needs none of the areas that feel for the pointer.
    window.Plotly.react(box, figure.data, figure.layout, {...ctx.data.config, staticPlot: figure.layout.hovermode === false});
    // An area of the map opens its page, as its name in the table below does; a single file has no other pages.
    const {links} = ctx.data.plots[id];
    if (!links || ctx.data.single || box.dataset.opens) return;
    box.dataset.opens = id;
    box.on("plotly_click", ({points: [{data: {name}}]}) => { if (links[name]) location.href = links[name]; });
  }
  return {draw, figureOf, escapeText};
})();
