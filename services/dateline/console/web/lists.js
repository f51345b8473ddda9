// The lists beside the articles: feeds by state, and the quarantine.
import { bytes, count, duration, el, foreign, language, link, setText, time } from "./dom.js";

const meanings = {
  failing: "answers with errors",
  gone: "ended: its server says so for good",
  moved: "has a new address",
  limited: "its server asks for fewer requests",
  late: "a poll is overdue",
  quiet: "silent for longer than it uses to be",
  new: "not polled yet",
  healthy: "all is well",
  other: "in a state that this version does not know",
};

let chosen = "";
let latestFeeds = { total: 0, states: [] };

const byId = (id) => document.getElementById(id);

/** showFeeds shows the registry. */
export function showFeeds(list) {
  latestFeeds = list;
  const states = list.states ?? [];
  if (!states.some((s) => s.state === chosen)) chosen = "";
  byId("feeds-empty").hidden = list.total > 0;
  setText(byId("feeds-total"), list.total === 1 ? "1 feed" : `${count(list.total)} feeds`);
  byId("feeds-bar").hidden = list.total === 0;
  byId("feeds-bar").replaceChildren(
    ...states.map((s) => {
      const part = el("span", { "data-state": s.state });
      part.style.flexGrow = String(s.count);
      return part;
    }),
  );
  showChips(states);
  showFeedRows();
}

function showChips(states) {
  const focused = document.activeElement?.dataset?.chip;
  const chip = (state, label, n) =>
    el(
      "button",
      {
        type: "button", class: "chip", "data-chip": state || "all", "data-state": state, title: meanings[state],
        "aria-pressed": String(chosen === state),
        on: {
          click: () => {
            chosen = state;
            showFeeds(latestFeeds);
          },
        },
      },
      `${label} `,
      el("b", {}, count(n)),
    );
  const chips = states.length > 1 ? [chip("", "all", latestFeeds.total)] : [];
  byId("feeds-states").replaceChildren(...chips, ...states.map((s) => chip(s.state, s.state, s.count)));
  if (focused) byId("feeds-states").querySelector(`[data-chip="${CSS.escape(focused)}"]`)?.focus();
}

function showFeedRows() {
  const states = (latestFeeds.states ?? []).filter((s) => chosen === "" || s.state === chosen);
  const open = new Set([...byId("feeds-list").querySelectorAll("details[open]")].map((d) => d.dataset.id));
  const rows = [];
  for (const { state, count: all, feeds } of states) {
    for (const feed of feeds) rows.push(feedRow(feed, state, open.has(feed.id)));
    if (all > feeds.length) {
      rows.push(el("li", { class: "rest" }, `and ${count(all - feeds.length)} more ${state}: `, el("code", {}, `dateline feeds ls --state ${state}`)));
    }
  }
  const focused = document.activeElement?.closest?.("#feeds-list details")?.dataset.id;
  byId("feeds-list").replaceChildren(...rows);
  if (focused) byId("feeds-list").querySelector(`details[data-id="${CSS.escape(focused)}"] summary`)?.focus();
}

function feedRow(feed, state, open) {
  const facts = [
    ["state", el("span", {}, `${state}: ${meanings[state] ?? ""}`)],
    ["address", link(feed.url)],
    ["format", feed.format],
    ["last poll", feed.lastPoll && time(feed.lastPoll)],
    ["last new entry", feed.lastNew && time(feed.lastNew)],
    ["next poll", feed.nextPoll && time(feed.nextPoll)],
    ["interval", feed.intervalSeconds && duration(feed.intervalSeconds)],
    ["last answer", feed.lastStatus && String(feed.lastStatus)],
    ["errors in a row", feed.errorsInARow && count(feed.errorsInARow)],
    ["entries found", `${count(feed.entriesFound)} in ${count(feed.polls)} polls`],
    ["id", el("code", {}, feed.id)],
  ].filter(([, value]) => value);
  return el(
    "li",
    { "data-state": state },
    el(
      "details",
      { "data-id": feed.id, open },
      el(
        "summary",
        {},
        el("span", { class: "dot", "data-state": state, title: state }),
        el("span", { class: "name" }, foreign(feed.title || feed.url, { lang: language(feed.language) })),
        el("span", { class: "aside" }, feed.lastNew ? time(feed.lastNew) : state),
        state !== "healthy" || feed.errorsInARow ? el("span", { class: "reason" }, foreign(feed.reason || meanings[state] || state)) : "",
      ),
      el("dl", { class: "pairs" }, ...facts.flatMap(([name, value]) => [el("dt", {}, name), el("dd", {}, value)])),
      state === "healthy" && feed.reason ? el("p", { class: "reason" }, foreign(feed.reason)) : "",
    ),
  );
}

const classes = {
  undecodable: "could not be read",
  permanent: "can never succeed",
  exhausted: "failed at every attempt",
  crashed: "took its process down",
  "too-large": "is too large for the broker",
};

/** showQuarantine shows what the stages gave up on. */
export function showQuarantine(list) {
  const messages = list.messages ?? [];
  byId("quarantine-empty").hidden = list.total > 0;
  setText(byId("quarantine-total"), list.total > 0 ? `${count(list.total)} held` : "");
  const open = new Set([...byId("quarantine-list").querySelectorAll("details[open]")].map((d) => d.dataset.id));
  const rows = messages.map((m) => quarantineRow(m, open.has(m.id)));
  if (list.total > messages.length) {
    rows.push(el("li", { class: "rest" }, `and ${count(list.total - messages.length)} older: `, el("code", {}, "dateline quarantine ls")));
  }
  byId("quarantine-list").replaceChildren(...rows);
}

function quarantineRow(m, open) {
  const facts = [
    ["article", m.article && el("code", {}, m.article)],
    ["came on", m.subject && el("code", {}, m.subject)],
    ["attempts", m.attempt && count(m.attempt)],
    ["payload", bytes(m.bytes)],
    ["version", m.version],
    ["look at it", el("code", {}, `dateline quarantine show ${m.id}`)],
    ["send it back", el("code", {}, `dateline quarantine retry ${m.id}`)],
    ["let it go", el("code", {}, `dateline quarantine drop ${m.id}`)],
  ].filter(([, value]) => value);
  return el(
    "li",
    {},
    el(
      "details",
      { "data-id": m.id, open },
      el(
        "summary",
        {},
        el("span", { class: "dot", "data-state": "failing" }),
        el("span", { class: "name" }, `${m.stage || "a stage"}: ${classes[m.class] ?? m.class}`),
        el("span", { class: "aside" }, time(m.at)),
        el("span", { class: "reason" }, foreign(m.error)),
      ),
      el("dl", { class: "pairs" }, ...facts.flatMap(([name, value]) => [el("dt", {}, name), el("dd", {}, value)])),
    ),
  );
}
