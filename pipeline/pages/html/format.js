// Numbers, dates and sentences, exactly as pages/format.py and pages/messages.py write them; both are held to tests/pages/format_cases.json.
const Fmt = (() => {
  const MINUS = "\u2212", UNKNOWN = "\u2014";
  const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
  // Limit of the written number, power of ten, decimals, suffix.
  const SCALES = {
    zh: [[10000, 0, 0, ""], [1000, 4, 1, "万"], [10000, 4, 0, "万"], [Infinity, 8, 2, "亿"]],
    en: [[10000, 0, 0, ""], [100, 3, 1, "k"], [1000, 3, 0, "k"], [100, 6, 2, "M"], [1000, 6, 0, "M"], [Infinity, 9, 2, "B"]],
  };

  // value × 10^shift rounded half up on its written digits: {negative, whole, fraction} as texts.
  function rounded(value, shift, decimals) {
    let [mantissa, exponent] = Math.abs(value).toString().split("e");
    let [whole, fraction = ""] = mantissa.split(".");
    const move = Number(exponent || 0) + shift;
    const all = whole + fraction, point = whole.length + move;
    const padded = point <= 0 ? "0".repeat(1 - point) + all : all.padEnd(point, "0");
    const at = Math.max(point, 1), cut = at + decimals;
    const kept = padded.slice(0, cut).padEnd(cut, "0");
    let n = BigInt(kept) + (padded.charAt(cut) >= "5" ? 1n : 0n);
    const text = n.toString().padStart(decimals + 1, "0");
    return {negative: value < 0, zero: n === 0n, whole: text.slice(0, text.length - decimals), fraction: decimals ? text.slice(-decimals) : ""};
  }
  const digits = (r) => (r.negative && !r.zero ? MINUS : "") + r.whole.replace(/\B(?=(\d{3})+$)/g, ",") + (r.fraction ? "." + r.fraction : "");
  const signed = (r) => (r.negative || r.zero ? "" : "+") + digits(r);
  const number = (r) => Number(r.whole + (r.fraction ? "." + r.fraction : ""));

  function scale(value, kind, lang) {
    const [, power, decimals, suffix] = SCALES[lang].find(([limit, power, decimals]) => number(rounded(value, -power, decimals)) < limit);
    return [power, decimals, kind === "money" && lang === "zh" ? suffix + "元" : suffix];
  }
  function parts(value, kind, lang) {
    const [power, decimals, suffix] = scale(value, kind, lang), n = digits(rounded(value, -power, decimals));
    return kind === "money" && lang === "en" ? [n + suffix, "CNY"] : [n, suffix];
  }
  const joined = (n, unit, kind, lang) => kind === "count" ? n + unit : lang === "en" ? unit + " " + n : n + " " + unit;
  function span(low, high, kind, lang) {
    if (kind === "bin") kind = "pct0_number";
    if (kind.startsWith("pct")) return show(low, kind, lang) + "–" + show(high, kind, lang);
    const [power, decimals, suffix] = scale(high, kind, lang);
    const [a, b] = [low, high].map((x) => digits(rounded(x, -power, decimals)));
    return lang === "en" && kind === "money" ? "CNY " + a + suffix + "–" + b + suffix : joined(a + "–" + b, suffix, kind, lang);
  }
  function split(amounts, lang) {
    const [power, decimals, suffix] = scale(amounts.reduce((sum, [, v]) => sum + v, 0), "money", lang);
    const list = amounts.map(([name, v]) => [name, digits(rounded(v, -power, decimals))]);
    return lang === "zh" ? list.map(([name, n]) => name + " " + n).join(" · ") + " " + suffix : "CNY " + list.map(([name, n]) => n + suffix + " " + name).join(" · ");
  }
  function change(v, lang) {
    if (v >= 3) { const times = digits(rounded(1 + v, 0, 0)); return lang === "zh" ? "约 " + times + " 倍" : "about " + times + "×"; }
    return signed(rounded(v, 2, Math.abs(v) < 0.1 ? 1 : 0)) + "%";
  }
  const ymd = (text) => text.slice(0, 10).split("-").map(Number);
  function day(text, lang, year = true) {
    const [y, m, d] = ymd(text);
    return lang === "zh" ? (year ? y + "年" : "") + m + "月" + d + "日" : d + " " + MONTHS[m - 1] + (year ? " " + y : "");
  }
  const plus = (text, n) => { const [y, m, d] = ymd(text); return new Date(Date.UTC(y, m - 1, d + n)).toISOString().slice(0, 10); };
  function days(start, end, lang) {
    const a = ymd(start), b = ymd(end), sameMonth = a[0] === b[0] && a[1] === b[1];
    if (lang === "zh") return day(start, lang) + "—" + (sameMonth ? b[2] + "日" : day(end, lang, a[0] !== b[0]));
    return (sameMonth ? String(a[2]) : day(start, lang, a[0] !== b[0])) + "–" + day(end, lang);
  }
  function weekNumber(monday) {
    const thursday = plus(monday, 3), year = ymd(thursday)[0];
    return Math.floor((Date.parse(thursday) - Date.UTC(year, 0, 1)) / 86400000 / 7) + 1;
  }
  const weekno = (monday, lang) => lang === "zh" ? "第" + weekNumber(monday) + "周" : "W" + weekNumber(monday);
  const week = (monday, lang) => days(monday, plus(monday, 6), lang) + (lang === "zh" ? "（" + weekno(monday, lang) + "）" : " (" + weekno(monday, lang) + ")");
  const points = (text, lang) => text + (lang === "zh" ? " 个百分点" : " pp"), moved = (v) => signed(rounded(v, 2, 1));
  const plainly = (shift, decimals, end = "") => (v) => digits(rounded(v, shift, decimals)) + end;

  const KINDS = {
    n: plainly(0, 0), fixed1: plainly(0, 1), pct: plainly(2, 1, "%"), pct_number: plainly(2, 1), pct0: plainly(2, 0, "%"), pct0_number: plainly(2, 0),
    money_axis: (v, lang) => (lang === "zh" ? plainly(-4, v % 10000 ? 1 : 0) : plainly(-3, 0))(v),
    pp: (v, lang) => points(moved(v), lang), pp_number: moved, pp_abs: (v, lang) => points(KINDS.pct_number(Math.abs(v)), lang),
    change, date: day, md: (v, lang) => day(v, lang, false), week, weekno,
    moment: (v, lang) => day(v, lang, false) + " " + v.slice(11, 16),
    s: String,
  };
  for (const kind of ["count", "money"]) {
    KINDS[kind] = (v, lang) => joined(...parts(v, kind, lang), kind, lang);
    KINDS[kind + "_number"] = (v, lang) => parts(v, kind, lang)[0]; KINDS[kind + "_unit"] = (v, lang) => parts(v, kind, lang)[1];
  }
  const show = (v, kind, lang) => v === null || v === undefined ? UNKNOWN : KINDS[kind](v, lang);

  const PLACEHOLDER = /\{([a-z_0-9]+)(?:~([a-z_0-9]+))?(?::([a-z0-9_]+)(!([a-z_]*))?|\|([^|}]*)\|([^|}]*))\}/g;
  // A name by key (area:03) or by its place in the page's list.
  const nameOf = (key, lang, names) => { const [zh, en] = (typeof key === "number" ? Object.values(names)[key] : names[key]) || [key, null]; return lang === "en" && en ? en : zh; };
  // Names of a message's arguments in order of first appearance, Chinese first.
  const argumentsOf = ([zh, en]) => [...new Set([zh, en].flatMap((template) => [...template.matchAll(PLACEHOLDER)].flatMap(([, first, second]) => second ? [first, second] : [first])))];
  // A packed text as pieces [text, is strong, metric]; the grammar is in messages.py.
  function pieces(text, lang, messages, names) {
    const out = [];
    for (const [key, ...values] of text) {
      const message = typeof key === "number" ? Object.values(messages)[key] : messages[key], template = message[lang === "zh" ? 0 : 1], given = {};
      argumentsOf(message).forEach((name, i) => { given[name] = values[i]; });
      let position = 0;
      for (const match of template.matchAll(PLACEHOLDER)) {
        if (match.index > position) out.push([template.slice(position, match.index), false, ""]);
        const [all, first, second, kind, bang, metric, one, many] = match, v = given[first];
        let shown;
        if (kind === undefined) shown = v === 1 ? one : many;
        else if (kind === "name") shown = nameOf(v, lang, names);
        else if (kind === "names") shown = v.map((k) => nameOf(k, lang, names)).join(lang === "zh" ? "、" : ", ");
        else if (kind === "grades") shown = split(v.map(([k, amount]) => [nameOf(k, lang, names), amount]), lang);
        else shown = second ? span(v, given[second], kind, lang) : show(v, kind, lang);
        out.push([shown, bang !== undefined, metric || ""]);
        position = match.index + all.length;
      }
      if (position < template.length) out.push([template.slice(position), false, ""]);
    }
    return out;
  }
  return {show, span, pieces, argumentsOf, nameOf, plus};
})();
