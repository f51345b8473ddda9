// The page: follows the stream, keeps the list of the latest articles, and opens
// one of them.
import { get, learnAccess } from "./api.js";
import { render } from "./article.js";
import * as books from "./books.js";
import * as colours from "./colours.js";
import { count, el, foreign, language, languageName, published, refreshTimes, setText, time } from "./dom.js";
import * as flow from "./flow.js";
import { addFeed, showFeeds, showQuarantine } from "./lists.js";
import { render as renderTrace } from "./trace.js";

const maxArticles = 50;
const silence = 8000;
const reopenAfter = 5000;

const byId = (id) => document.getElementById(id);
const articles = new Map();
const revisions = { feeds: "", quarantine: "" };
let stream = null;
let streamId = "";
let heard = 0;
let paused = false;
let held = [];
let brokerError = "";

// --- the stream

function connect() {
  stream?.close();
  stream = new EventSource("/api/stream");
  stream.addEventListener("open", () => listen());
  stream.addEventListener("error", () => {
    showStatus();
    // A refusal ends an EventSource for good; a cut connection does not.
    if (stream.readyState === EventSource.CLOSED) setTimeout(connect, reopenAfter);
  });
  stream.addEventListener("stream", (event) => {
    const { id } = JSON.parse(event.data);
    const other = streamId !== "" && streamId !== id;
    streamId = id;
    if (!other) return;
    // Sequences of another stream mean nothing here.
    articles.clear();
    held = [];
    byId("latest").replaceChildren();
    connect();
  });
  stream.addEventListener("article", (event) => {
    listen();
    const article = JSON.parse(event.data);
    if (paused) {
      held.push(article);
      held = held.slice(-maxArticles);
      showPause();
    } else {
      addArticle(article);
    }
  });
  stream.addEventListener("flow", (event) => {
    listen();
    const snapshot = JSON.parse(event.data);
    brokerError = snapshot.broker ?? "";
    setText(byId("version"), snapshot.version);
    flow.show(snapshot);
    refresh("feeds", snapshot.feeds?.revision, showFeeds);
    refresh("quarantine", snapshot.quarantine?.revision, showQuarantine);
    showStatus();
  });
}

function listen() {
  heard = Date.now();
  showStatus();
}

function showStatus() {
  const node = byId("status");
  let [state, text] = ["live", "Live"];
  if (stream.readyState !== EventSource.OPEN || Date.now() - heard > silence) [state, text] = ["lost", "Reconnecting…"];
  else if (brokerError) [state, text] = ["lost", "Broker not reachable"];
  node.dataset.state = state;
  setText(node, text);
  const banner = byId("banner");
  const why = stream.readyState === EventSource.OPEN ? brokerError : state === "lost" && heard > 0 ? "Dateline does not answer. What you see is the last that it told; this page goes on by itself." : "";
  banner.hidden = why === "";
  setText(banner, why && brokerError ? `${why}. The page goes on by itself when it is back.` : why);
  document.body.dataset.stale = String(state === "lost");
}

// --- lists that are asked for when they have changed

const asking = { feeds: false, quarantine: false };

async function refresh(name, revision, show) {
  if (!revision || revisions[name] === revision || asking[name] || document.hidden) return;
  asking[name] = true;
  try {
    const list = await get(`/api/${name}`);
    // The answer may be some seconds older than the revision that was asked for.
    revisions[name] = list.revision;
    show(list);
  } catch {
    // The next snapshot asks again.
  } finally {
    // The list changes as often as feeds are polled; people read slower.
    setTimeout(() => (asking[name] = false), 2500);
  }
}

// --- the latest articles

function addArticle(article) {
  const known = articles.get(article.seq);
  if (known) return;
  const item = row(article);
  articles.set(article.seq, { article, item });
  const list = byId("latest");
  const after = [...list.children].find((other) => Number(other.dataset.seq) < article.seq);
  list.insertBefore(item, after ?? null);
  while (articles.size > maxArticles) {
    const oldest = Math.min(...articles.keys());
    articles.get(oldest).item.remove();
    articles.delete(oldest);
  }
  item.hidden = !matches(article);
  offer("by-language", article.language, languageName(article.language));
  offer("by-topic", article.topic, article.topic);
  showEmpty();
}

// offer adds a choice to a filter, in the order of the alphabet.
function offer(id, value, label) {
  const select = byId(id);
  if (!value || [...select.options].some((option) => option.value === value)) return;
  const after = [...select.options].slice(1).find((option) => option.label.localeCompare(label) > 0);
  select.add(el("option", { value }, label), after ?? null);
}

function showEmpty() {
  byId("latest-empty").hidden = articles.size > 0 || !byId("found").hidden;
}

function row(a) {
  const lang = language(a.language);
  const facts = [el("span", { class: "source" }, foreign(a.source))];
  if (a.dateline) facts.push(el("span", { class: "place", title: "Dateline" }, foreign(a.dateline), a.country ? ` (${a.country})` : ""));
  if (a.topic) facts.push(el("span", {}, a.topic));
  if (a.quotes) facts.push(el("span", {}, `${count(a.quotes)} ${a.quotes === 1 ? "quote" : "quotes"}`));
  facts.push(el("span", {}, `${count(a.words)} words`));
  if (a.pageType && a.pageType !== "article") facts.push(el("span", { class: "kind" }, a.pageType));
  if (a.cluster > 1) facts.push(el("span", {}, `1 of ${count(a.cluster)} alike`));
  if (a.revision > 1) facts.push(el("span", {}, `revision ${a.revision}`));
  return el(
    "li",
    { "data-seq": a.seq, class: Date.now() - Date.parse(a.at) < 10_000 ? "fresh" : undefined },
    el(
      "a",
      { href: `#article-${a.seq}` },
      el("span", { class: "lang", title: languageName(a.language) }, lang ?? "und"),
      el("span", { class: "headline", dir: "auto", lang }, a.headline || "Without a headline"),
      el("span", { class: "when" }, a.published ? when(a) : time(a.at)),
      el("span", { class: "facts" }, ...facts),
    ),
  );
}

// A publication time that is exact is told as a distance; a mere day as a day.
function when(a) {
  return a.precision === "second" || a.precision === "minute" || !a.precision ? time(a.published) : published(a.published, a.precision);
}

function matches(a) {
  const wanted = byId("filter").value.trim().toLowerCase();
  if (byId("by-language").value && a.language !== byId("by-language").value) return false;
  if (byId("by-topic").value && a.topic !== byId("by-topic").value) return false;
  if (wanted === "") return true;
  return [a.headline, a.source, a.dateline, a.country, a.language, languageName(a.language), a.topic].some((text) => (text ?? "").toLowerCase().includes(wanted));
}

function showPause() {
  const button = byId("pause");
  button.setAttribute("aria-pressed", String(paused));
  setText(button, paused ? (held.length ? `Go on (${count(held.length)} new)` : "Go on") : "Pause");
}

// --- the reader

const reader = byId("reader");
let shown = 0;
let wanted = "";

async function open(seq) {
  shown = seq;
  byId("reader-trace").hidden = true;
  await fill(`#article-${seq}`, async () => {
    const event = await get(`/api/articles/${seq}`);
    byId("reader-trace").href = `#trace-${encodeURIComponent(event.article.id)}`;
    byId("reader-trace").hidden = false;
    return render(event);
  });
}

async function openTrace(query) {
  shown = 0;
  byId("reader-trace").hidden = true;
  await fill(`#trace-${encodeURIComponent(query)}`, async () => renderTrace(await get(`/api/trace?q=${encodeURIComponent(query)}`)));
}

// fill shows in the reader what read gives, unless the reader has moved on meanwhile.
async function fill(place, read) {
  const body = byId("reader-body");
  wanted = place;
  if (!reader.open) reader.showModal();
  showNeighbours();
  body.setAttribute("aria-busy", "true");
  let content;
  try {
    content = await read();
  } catch (error) {
    content = el("div", { class: "story plain" }, el("h2", { id: "reader-title" }, "This cannot be shown"), el("p", {}, foreign(error.message)));
  }
  if (wanted !== place) return;
  body.replaceChildren(content);
  body.removeAttribute("aria-busy");
  body.scrollTop = 0;
  body.focus({ preventScroll: true });
}

function neighbours() {
  const visible = [...articles.values()].filter(({ item }) => !item.hidden).map(({ article }) => article.seq).sort((a, b) => b - a);
  const at = visible.indexOf(shown);
  return { newer: visible[at - 1], older: at < 0 ? undefined : visible[at + 1], at, of: visible.length };
}

function showNeighbours() {
  const { newer, older, at, of } = neighbours();
  byId("reader-previous").disabled = !newer;
  byId("reader-next").disabled = !older;
  setText(byId("reader-place"), at < 0 ? "" : `${at + 1} of ${of}`);
}

function turn(direction) {
  const seq = neighbours()[direction];
  if (seq) location.replace(`#article-${seq}`);
}

function route() {
  const [, seq] = /^#article-(\d{1,16})$/.exec(location.hash) ?? [];
  const [, query] = /^#trace-(.+)$/.exec(location.hash) ?? [];
  if (seq) open(Number(seq));
  else if (query) openTrace(decodeURIComponent(query));
  else if (reader.open) reader.close();
}

reader.addEventListener("close", () => {
  const item = articles.get(shown)?.item;
  shown = 0;
  wanted = "";
  if (/^#(article|trace)-/.test(location.hash)) history.pushState(null, "", location.pathname);
  byId("reader-body").replaceChildren();
  item?.querySelector("a").focus();
});
reader.addEventListener("click", (event) => {
  if (event.target === reader) reader.close();
});
reader.addEventListener("keydown", (event) => {
  if (event.altKey || event.ctrlKey || event.metaKey) return;
  if (event.key === "ArrowLeft") turn("newer");
  if (event.key === "ArrowRight") turn("older");
});
byId("reader-close").addEventListener("click", () => reader.close());
byId("reader-previous").addEventListener("click", () => turn("newer"));
byId("reader-next").addEventListener("click", () => turn("older"));
for (const id of ["filter", "by-language", "by-topic"]) {
  byId(id).addEventListener("input", () => {
    for (const { article, item } of articles.values()) item.hidden = !matches(article);
  });
}
byId("pause").addEventListener("click", () => {
  paused = !paused;
  if (!paused) held.splice(0).forEach(addArticle);
  showPause();
});

// --- search: an address or an id leads to the article's trace, words to headlines

byId("search").addEventListener("submit", async (event) => {
  event.preventDefault();
  const query = byId("query").value.trim();
  if (query === "") return showFound(null);
  if (/^https?:\/\//i.test(query) || /^[aqf][a-z2-7]{15,}$/.test(query)) {
    location.hash = `#trace-${encodeURIComponent(query)}`;
    return;
  }
  try {
    showFound(query, await get(`/api/search?q=${encodeURIComponent(query)}`));
  } catch (error) {
    showFound(query, { articles: [], of: 0, error: error.message });
  }
});
byId("found-close").addEventListener("click", () => showFound(null));

function showFound(query, answer) {
  const searching = query !== null;
  for (const id of ["found", "found-list"]) byId(id).hidden = !searching;
  byId("latest").hidden = searching;
  showEmpty();
  if (!searching) return;
  const n = answer.articles.length;
  setText(byId("found-what"), answer.error ?? `${n === 0 ? "Nothing" : count(n)} for “${query}” among the latest ${count(answer.of)} articles${n === 0 ? ". Older ones are found by their address or id." : ""}`);
  byId("found-list").replaceChildren(...answer.articles.map(row));
  byId("articles").scrollIntoView({ block: "start" });
}

// --- keys, and the start

addEventListener("keydown", (event) => {
  if (event.altKey || event.ctrlKey || event.metaKey || reader.open || event.target.closest("input, select, textarea, dialog")) return;
  if (event.key === "/") {
    event.preventDefault();
    byId("query").focus();
  }
  if (event.key === "p") byId("pause").click();
});
byId("feeds-add").addEventListener("submit", (event) => {
  event.preventDefault();
  addFeed(byId("feeds-url"));
});
addEventListener("hashchange", route);

colours.offer(byId("theme"));
flow.build(byId("line"), byId("figures"));
byId("feeds-empty").hidden = true;
byId("quarantine-empty").hidden = true;
byId("latest-empty").hidden = true;
setTimeout(showEmpty, 3000);
setInterval(() => {
  refreshTimes();
  showStatus();
}, 1000);
await learnAccess();
books.start();
connect();
route();
