// Building blocks of the page. All text from outside goes through textContent,
// all links from outside through link().

/** el makes an element: el("p", {class: "x"}, child, "text", …). */
export function el(tag, attributes, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes ?? {})) {
    if (value === undefined || value === null || value === false) continue;
    if (name === "on") {
      for (const [event, handler] of Object.entries(value)) node.addEventListener(event, handler);
    } else {
      node.setAttribute(name, value === true ? "" : String(value));
    }
  }
  node.append(...children.filter((child) => child !== undefined && child !== null && child !== ""));
  return node;
}

const svgNamespace = "http://www.w3.org/2000/svg";

/** svg makes an element of a drawing. */
export function svg(tag, attributes, ...children) {
  const node = document.createElementNS(svgNamespace, tag);
  for (const [name, value] of Object.entries(attributes ?? {})) node.setAttribute(name, String(value));
  node.append(...children);
  return node;
}

/** foreign is text of a stranger, kept apart from the direction of what is around it. */
export function foreign(text, attributes) {
  return el("bdi", attributes, text);
}

/** httpURL returns the URL if it is http or https, and null otherwise. */
export function httpURL(text) {
  try {
    const url = new URL(text);
    return url.protocol === "http:" || url.protocol === "https:" ? url : null;
  } catch {
    return null;
  }
}

/** link is a link to a page of a stranger; plain text where it is none. */
export function link(address, text) {
  const url = httpURL(address);
  if (!url) return foreign(text ?? address);
  return el("a", { href: url.href, target: "_blank", rel: "noopener noreferrer nofollow", dir: "auto" }, text ?? address);
}

/** language returns a language code that may stand in a lang attribute, or undefined. */
export function language(code) {
  return /^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$/.test(code ?? "") && code !== "und" ? code : undefined;
}

/** languageName is the English name of a language. */
export function languageName(code) {
  if (!language(code)) return "unknown";
  try {
    return new Intl.DisplayNames("en", { type: "language" }).of(code) ?? code;
  } catch {
    return code;
  }
}

const number = new Intl.NumberFormat("en");

/** count writes a whole number. */
export function count(n) {
  return number.format(n);
}

/** rate writes messages a second. */
export function rate(n) {
  if (n === undefined || n === null) return "–";
  if (n === 0) return "0";
  if (n < 0.095) return "<0.1";
  return n < 10 ? n.toFixed(1) : count(Math.round(n));
}

/** bytes writes a size. */
export function bytes(n) {
  const units = ["B", "kB", "MB", "GB", "TB"];
  let i = 0;
  while (n >= 1000 && i < units.length - 1) {
    n /= 1000;
    i++;
  }
  return `${n < 10 && i > 0 ? n.toFixed(1) : Math.round(n)} ${units[i]}`;
}

/** duration writes seconds in the unit that fits. */
export function duration(seconds) {
  if (seconds === undefined || seconds === null || Number.isNaN(seconds)) return "–";
  if (seconds === 0) return "0 s";
  if (seconds < 0.001) return `${Math.round(seconds * 1e6)} µs`;
  if (seconds < 1) return `${Math.round(seconds * 1000)} ms`;
  if (seconds < 10) return `${seconds.toFixed(1)} s`;
  if (seconds < 100) return `${Math.round(seconds)} s`;
  if (seconds < 100 * 60) return `${Math.round(seconds / 60)} min`;
  if (seconds < 48 * 3600) return `${Math.round(seconds / 3600)} h`;
  return `${Math.round(seconds / 86400)} d`;
}

/** protoDuration reads the JSON form of a protobuf duration, such as "0.012s", in seconds. */
export function protoDuration(text) {
  const seconds = Number.parseFloat(text ?? "");
  return Number.isFinite(seconds) ? seconds : 0;
}

function ago(date) {
  const seconds = (Date.now() - date.getTime()) / 1000;
  if (seconds < -10) return `in ${duration(-seconds)}`;
  if (seconds < -1) return `in ${Math.round(-seconds)} s`;
  if (seconds < 2) return "now";
  if (seconds < 10) return `${Math.round(seconds)} s ago`;
  return `${duration(Math.round(seconds))} ago`;
}

const zoned = new Intl.DateTimeFormat("en-GB", { dateStyle: "medium", timeStyle: "short" });

/** time is a point in time, told as a distance that refreshTimes keeps true. */
export function time(text) {
  const date = new Date(text);
  if (Number.isNaN(date.getTime())) return foreign(String(text));
  return el("time", { datetime: date.toISOString(), title: date.toISOString(), "data-ago": true }, ago(date));
}

/** published is a publication time, as exactly as it is known. */
export function published(text, precision) {
  const date = new Date(text);
  if (Number.isNaN(date.getTime())) return foreign(String(text));
  const iso = date.toISOString();
  const short = { year: iso.slice(0, 4), month: iso.slice(0, 7), day: iso.slice(0, 10) }[precision];
  return el("time", { datetime: short ?? iso, title: short ?? iso }, short ?? zoned.format(date));
}

/** refreshTimes brings all distances in time up to date. */
export function refreshTimes() {
  for (const node of document.querySelectorAll("time[data-ago]")) {
    const text = ago(new Date(node.dateTime));
    if (node.textContent !== text) node.textContent = text;
  }
}

/** setText changes a node only where it differs, so that nothing is read out twice. */
export function setText(node, text) {
  if (node.textContent !== text) node.textContent = text;
}
