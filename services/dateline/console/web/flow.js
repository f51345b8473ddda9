// The flow: one box a stage, in the order of an article's way.
import { bytes, count, duration, el, foreign, rate, setText, svg, time } from "./dom.js";

// Boxes of the line. Three stages take what comes from outside: feeds, documents, and
// what hubs deliver.
const boxes = [
  { id: "submit", title: "Submit", what: "takes feeds and documents", stages: ["fetcher-registry", "fetcher-push", "fetcher-deliver"] },
  { id: "poll", title: "Poll", what: "reads feeds that are due", stages: ["fetcher-poll"], scheduled: "scheduled" },
  { id: "admit", title: "Admit", what: "gives each host its pace", stages: ["fetcher-admit"] },
  { id: "page", title: "Page", what: "fetches pages", stages: ["fetcher-page"], scheduled: "scheduled" },
  { id: "parser", title: "Parser", what: "finds text and metadata", stages: ["parser"] },
  { id: "enricher", title: "Enricher", what: "marks who, where, when", stages: ["enricher"] },
  { id: "events", title: "Events", what: "enriched articles, kept", stages: [] },
];

// How many snapshots, one a second, the little curves show.
const curveLength = 60;

const parts = new Map();
const curves = new Map();

/** build makes the boxes and figures, empty. */
export function build(line, figures) {
  for (const box of boxes) {
    const node = {
      rate: el("strong", {}, "–"),
      inRate: el("span", { class: "in" }, ""),
      curve: svg("path", { class: "curve" }),
      area: svg("path", { class: "area" }),
      facts: el("dl", { class: "facts" }),
      more: el("details", { class: "more", hidden: true }, el("summary", {}, ""), el("ul", {})),
    };
    const drawing = svg("svg", { viewBox: "0 0 100 24", preserveAspectRatio: "none", "aria-hidden": "true" });
    drawing.append(node.area, node.curve);
    node.item = el(
      "li",
      { class: "stage", "data-stage": box.id },
      el("h3", {}, box.title),
      el("p", { class: "what" }, box.what),
      el("p", { class: "rate" }, node.rate, el("span", { class: "unit" }, "/s"), node.inRate),
      drawing,
      node.facts,
      node.more,
    );
    line.append(node.item);
    parts.set(box.id, node);
    curves.set(box.id, []);
  }
  for (const [id, title] of [
    ["events", "Events"],
    ["freshness", "Published → event"],
    ["transit", "First seen → event"],
    ["backlog", "Waiting"],
    ["lost", "Dropped"],
    ["quarantined", "Quarantine"],
  ]) {
    const value = el("dd", {}, el("strong", {}, "–"), el("small", {}, ""));
    figures.append(el("div", { "data-figure": id }, el("dt", {}, title), value));
    parts.set(`figure-${id}`, value);
  }
}

/** show brings everything up to date with a snapshot. */
export function show(flow) {
  const stages = new Map((flow.stages ?? []).map((stage) => [stage.name, stage]));
  for (const box of boxes) {
    if (box.id === "events") showEvents(flow);
    else showStage(box, box.stages.map((name) => stages.get(name)).filter(Boolean));
  }
  showFigures(flow);
}

function sum(stages, field) {
  const known = stages.map((stage) => stage[field]).filter((n) => n !== undefined);
  return known.length === 0 ? undefined : known.reduce((a, b) => a + b, 0);
}

function showStage(box, stages) {
  const node = parts.get(box.id);
  const [inRate, out] = [sum(stages, "in"), sum(stages, "out")];
  const waiting = sum(stages, "waiting");
  setText(node.rate, rate(out));
  setText(node.inRate, inRate > 0 ? `${rate(inRate)} in` : "");
  draw(box.id, out);
  const facts = [
    ["waiting", waiting],
    ["in hand", sum(stages, "inHand")],
  ];
  if (box.scheduled) facts.push([box.scheduled, sum(stages, "scheduled")]);
  const took = stages.length === 1 ? stages[0].took : undefined;
  showFacts(node.facts, [
    ...facts.map(([name, n]) => [name, n === undefined ? "–" : count(n)]),
    ...(took === undefined ? [] : [["median", duration(took)]]),
  ]);
  showOutcomes(node.more, stages);
  node.item.dataset.moving = String((out ?? 0) > 0 || (inRate ?? 0) > 0);
  // Behind: at this pace the backlog takes more than a minute.
  node.item.dataset.behind = String((waiting ?? 0) > 60 * Math.max(out ?? 0, 1));
}

function showEvents(flow) {
  const node = parts.get("events");
  const events = flow.events ?? {};
  setText(node.rate, rate(events.rate));
  draw("events", events.rate);
  showFacts(node.facts, [
    ["kept", events.total === undefined ? "–" : count(events.total)],
    ["on disk", events.bytes === undefined ? "–" : bytes(events.bytes)],
    ["last", events.last ? time(events.last) : "–"],
  ]);
  node.item.dataset.moving = String((events.rate ?? 0) > 0);
}

function showFacts(list, facts) {
  const wanted = facts.map(([name, value]) => `${name}|${value.dateTime ?? value}`).join("\n");
  if (list.dataset.facts === wanted) return;
  list.dataset.facts = wanted;
  list.replaceChildren(...facts.map(([name, value]) => el("div", { "data-fact": name }, el("dt", {}, name), el("dd", {}, value))));
}

function showOutcomes(more, stages) {
  const outcomes = stages.flatMap((stage) => stage.outcomes ?? []);
  more.hidden = outcomes.length === 0;
  const words = [
    [sum(stages, "quarantined"), "quarantined"],
    [sum(stages, "dropped"), "dropped"],
    [sum(stages, "duplicate"), "duplicate"],
    [sum(stages, "retried"), "retried"],
  ].filter(([n]) => n > 0);
  setText(more.firstChild, words.map(([n, word]) => `${count(n)} ${word}`).join(" · "));
  more.dataset.bad = String((sum(stages, "quarantined") ?? 0) > 0);
  const wanted = JSON.stringify(outcomes);
  if (more.dataset.outcomes === wanted) return;
  more.dataset.outcomes = wanted;
  more.lastChild.replaceChildren(
    ...outcomes.map((o) => el("li", {}, el("b", {}, count(o.count)), ` ${o.outcome}`, o.reason ? ": " : "", o.reason ? foreign(o.reason) : "")),
  );
}

function draw(id, value) {
  const curve = curves.get(id);
  curve.push(value ?? 0);
  if (curve.length > curveLength) curve.shift();
  const top = Math.max(...curve, 0.5);
  const points = curve.map((v, i) => `${(100 * (i + curveLength - curve.length)) / (curveLength - 1)},${23 - (21 * v) / top}`);
  const first = points[0].split(",")[0];
  parts.get(id).curve.setAttribute("d", `M${points.join("L")}`);
  parts.get(id).area.setAttribute("d", `M${first},24L${points.join("L")}L100,24Z`);
}

function figure(id, value, note, state) {
  const [strong, small] = parts.get(`figure-${id}`).children;
  setText(strong, value);
  setText(small, note);
  parts.get(`figure-${id}`).parentElement.dataset.state = state ?? "";
}

function showFigures(flow) {
  const stages = flow.stages ?? [];
  figure("events", count(flow.events?.lastMinute ?? 0), "in the last minute");
  for (const [id, ages] of [["freshness", flow.freshness], ["transit", flow.transit]]) {
    const span = ages?.recent ? "last minute" : "since start";
    figure(id, ages ? duration(ages.p50) : "–", ages ? `p50 · p95 ${duration(ages.p95)} · ${span}` : "p50");
  }
  const waiting = sum(stages, "waiting");
  figure("backlog", waiting === undefined ? "–" : count(waiting), `${count(sum(stages, "inHand") ?? 0)} in hand`);
  const ok = stages.find((s) => s.name === "enricher")?.ok ?? 0;
  figure("lost", count(sum(stages, "dropped") ?? 0), `${count(ok)} enriched, since start`);
  const held = flow.quarantine?.total;
  figure("quarantined", held === undefined ? "–" : count(held), held > 0 ? "to be looked at" : "", held > 0 ? "bad" : "");
}
