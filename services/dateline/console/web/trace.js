// The life of one article, or why there is none to tell.
import { count, duration, el, foreign, link, time } from "./dom.js";

/** render makes the content of the reader for a trace. */
export function render(trace) {
  const event = trace.events?.at(-1);
  const facts = [
    ["address", trace.url && link(trace.url)],
    ["also", trace.aliases?.length && el("span", {}, ...trace.aliases.map((a) => el("span", { class: "line-of" }, link(a))))],
    ["same as", trace.sameAs && traceLink(trace.sameAs)],
    ["feed", trace.feed && feed(trace.feed)],
    ["raw page", trace.kept && el("span", {}, "kept since ", time(trace.kept.at))],
    ["cluster", trace.cluster?.size > 1 && el("span", {}, `${count(trace.cluster.size)} articles; the first was `, traceLink(trace.cluster.first))],
    ["id", trace.id && el("code", {}, trace.id)],
  ].filter(([, value]) => value);
  return el(
    "div",
    { class: "story plain" },
    el(
      "header",
      {},
      el("p", { class: "kicker" }, el("span", {}, "Trace"), el("span", { class: "state", "data-outcome": trace.state }, trace.state)),
      el("h2", { id: "reader-title", dir: "auto" }, trace.headline || trace.url || trace.query),
      el("p", { class: "abstract", dir: "auto" }, sentence(trace.summary)),
      event ? el("p", { class: "address" }, el("a", { href: `#article-${event.seq}` }, "Read the event")) : "",
    ),
    el("dl", { class: "pairs wide" }, ...facts.flatMap(([name, value]) => [el("dt", {}, name), el("dd", {}, value)])),
    expected(trace.expected),
    steps(trace.steps ?? []),
  );
}

/** traceLink is a link to the trace of an article. */
export function traceLink(id, text) {
  return el("a", { href: `#trace-${encodeURIComponent(id)}` }, text ?? el("code", {}, id));
}

function sentence(text) {
  return text ? `${text[0].toUpperCase()}${text.slice(1)}.` : "";
}

function feed(f) {
  return el(
    "span",
    {},
    foreign(f.title || ""), f.title ? " " : "", link(f.url), f.state ? ` ${f.state}` : "", f.reason ? ": " : "", f.reason ? foreign(f.reason) : "",
    f.lastPoll ? el("small", {}, " polled ", time(f.lastPoll)) : "",
  );
}

function expected(feeds) {
  if (!feeds?.length) return "";
  return el("div", {}, el("h3", {}, "Feeds that would bring it"), el("ul", { class: "bare" }, ...feeds.map((f) => el("li", {}, feed(f)))));
}

function steps(list) {
  if (list.length === 0) return "";
  let before = null;
  return el(
    "ol",
    { class: "steps", "aria-label": "What happened, the oldest first" },
    ...list.map((step) => {
      const at = Date.parse(step.at);
      const since = before === null ? "" : `+${duration(Math.max(0, at - before) / 1000)}`;
      before = at;
      const facts = [
        step.took && `took ${duration(step.took)}`, step.attempt > 1 && `attempt ${step.attempt}`, step.revision > 1 && `revision ${step.revision}`,
        step.host && `on ${step.host}`, step.version,
      ].filter(Boolean);
      return el(
        "li",
        { "data-outcome": step.outcome, "data-ahead": step.ahead },
        el("span", { class: "name" }, step.stage),
        el("span", { class: "what" }, step.outcome, step.reason ? ": " : "", step.reason ? foreign(step.reason) : ""),
        el("span", { class: "aside" }, time(step.at), since ? ` · ${since}` : ""),
        facts.length ? el("span", { class: "note" }, foreign(facts.join(" · "))) : "",
        ...(step.notes ?? []).map((note) => el("span", { class: "note" }, foreign(note))),
        step.quarantine ? el("span", { class: "note" }, "in quarantine as ", el("code", {}, step.quarantine)) : "",
      );
    }),
  );
}
