// The lists beside the articles: feeds by state, and the quarantine.
import { act, ask, get, writable } from "./api.js";
import { bytes, count, duration, el, foreign, language, link, setText, time } from "./dom.js";
import { traceLink } from "./trace.js";

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
  const more = el("div", { class: "past" });
  return el(
    "li",
    { "data-state": state },
    el(
      "details",
      { "data-id": feed.id, open, on: { toggle: (event) => event.target.open && showPast(feed, more) } },
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
      more,
      actions(["Remove", "danger", () => removeFeed(feed)]),
    ),
  );
}

// actions are buttons for what changes something; none where nothing may be changed.
function actions(...list) {
  if (!writable()) return "";
  return el("p", { class: "buttons" }, ...list.map(([label, kind, click]) => el("button", { type: "button", class: kind, on: { click } }, label)));
}

const pasts = new Map();

async function showPast(feed, node) {
  node.replaceChildren(...(pasts.get(feed.id) ?? []));
  const detail = await get(`/api/feeds/${encodeURIComponent(feed.id)}`).catch(() => null);
  if (!detail) return;
  const labels = Object.entries(detail.labels ?? {}).map(([name, value]) => (value ? `${name}: ${value}` : name));
  const parts = [];
  if (labels.length) parts.push(el("p", { class: "hint" }, "Labels: ", foreign(labels.join(", "))));
  if (detail.hub) parts.push(el("p", { class: "hint" }, `Its hub: ${detail.hub}`));
  if (detail.changes.length) {
    parts.push(
      el("h3", {}, "History"),
      el(
        "ol",
        { class: "steps" },
        ...detail.changes.map((change) =>
          el("li", { "data-state": change.state }, el("span", { class: "name" }, change.state), el("span", { class: "what" }, foreign(change.reason || meanings[change.state] || "")), el("span", { class: "aside" }, time(change.at))),
        ),
      ),
    );
  }
  pasts.set(feed.id, parts);
  node.replaceChildren(...parts);
}

async function removeFeed(feed) {
  const name = feed.title || feed.url;
  if (await ask({ title: "Remove this feed?", text: `${name} will be polled no more. Its articles stay.`, action: "Remove", danger: true })) {
    await act("/api/feeds/remove", { id: feed.id }, () => `Removed: ${name}`);
  }
}

/** addFeed registers the feed in the form. */
export async function addFeed(field) {
  const added = { added: "Added", exists: "Known already", queued: "Queued; no fetcher has taken it yet" };
  if (await act("/api/feeds/add", { url: field.value.trim() }, (receipt) => `${added[receipt.status] ?? receipt.status}: ${receipt.url || field.value}`)) field.value = "";
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
    ["article", m.article && traceLink(m.article)],
    ["came on", m.subject && el("code", {}, m.subject)],
    ["attempts", m.attempt && count(m.attempt)],
    ["payload", bytes(m.bytes)],
    ["version", m.version],
    ["id", el("code", {}, m.id)],
  ].filter(([, value]) => value);
  const whole = el("div", { class: "past" });
  return el(
    "li",
    {},
    el(
      "details",
      { "data-id": m.id, open, on: { toggle: (event) => event.target.open && showWhole(m, whole) } },
      el(
        "summary",
        {},
        el("span", { class: "dot", "data-state": "failing" }),
        el("span", { class: "name" }, `${m.stage || "a stage"}: ${classes[m.class] ?? m.class}`),
        el("span", { class: "aside" }, time(m.at)),
        el("span", { class: "reason" }, foreign(m.error)),
      ),
      el("dl", { class: "pairs" }, ...facts.flatMap(([name, value]) => [el("dt", {}, name), el("dd", {}, value)])),
      whole,
      actions(["Retry", "primary", () => retry(m)], ["Drop", "danger", () => drop(m)]),
    ),
  );
}

const wholes = new Map();

async function showWhole(m, node) {
  node.replaceChildren(...(wholes.get(m.id) ?? []));
  if (wholes.has(m.id)) return;
  const detail = await get(`/api/quarantine/${encodeURIComponent(m.id)}`).catch(() => null);
  if (!detail) return;
  const parts = [
    el("h3", {}, "Error"), el("pre", { dir: "auto" }, detail.error),
    el("p", { class: "hint" }, `From stream ${detail.stream}, sequence ${count(detail.seq)}`, detail.host ? ", on " : "", detail.host ? foreign(detail.host) : ""),
    el("h3", {}, "Headers"), el("pre", {}, detail.headers.join("\n") || "none"),
    el("h3", {}, "Payload"),
    detail.preview ? el("pre", { dir: "auto" }, detail.preview) : el("p", { class: "hint" }, "It is no text. ", el("code", {}, `dateline quarantine show --payload ${m.id}`)),
  ];
  wholes.set(m.id, parts);
  node.replaceChildren(...parts);
}

async function retry(m) {
  if (await ask({ title: "Send it back?", text: `${m.stage} will work on it once more. It comes back here if it fails again.`, action: "Retry" })) {
    await act("/api/quarantine/retry", { id: m.id }, () => `Sent back to ${m.stage}`);
  }
}

async function drop(m) {
  if (await ask({ title: "Drop it for good?", text: `The message and its payload are gone then: ${m.error}`, action: "Drop", danger: true })) {
    await act("/api/quarantine/drop", { id: m.id }, () => "Dropped for good");
  }
}
