// What the stages took in and what came of it, the groups of articles that tell the
// same, and the standing searches: each is asked for while it is open.
import { get } from "./api.js";
import { count, el, foreign, language, setText, time } from "./dom.js";
import { traceLink } from "./trace.js";

const byId = (id) => document.getElementById(id);
const every = 4000;

/** watch keeps a list up to date while its details are open. */
function watch(details, refresh) {
  let timer = 0;
  const turn = async () => {
    clearTimeout(timer);
    if (!details.open) return;
    if (!document.hidden) await refresh().catch(() => {});
    timer = setTimeout(turn, every);
  };
  details.addEventListener("toggle", turn);
  turn();
}

/** start watches them. */
export function start() {
  watch(byId("watches-details"), showWatches);
  watch(byId("books"), showBooks);
  watch(byId("clusters-details"), showClusters);
}

async function showBooks() {
  const { stages } = await get("/api/accounting");
  const columns = ["in", "ok", "dropped", "duplicate", "quarantined", "inFlight"];
  byId("books-rows").replaceChildren(
    ...stages.map((stage) =>
      el(
        "tr",
        { "data-closed": String(stage.missing === 0) },
        el("th", { scope: "row" }, stage.name),
        ...columns.map((name) => el("td", { "data-column": name }, count(stage[name]))),
        el("td", { class: "aside" }, count(stage.retried)),
        el("td", { class: "reasons" }, foreign((stage.reasons ?? []).filter((r) => r.outcome !== "retried").map((r) => `${r.reason} ${count(r.count)}`).join(", "))),
      ),
    ),
  );
  const open = stages.filter((stage) => stage.missing !== 0);
  setText(byId("books-state"), open.length ? `The books of ${open.map((s) => s.name).join(", ")} do not close.` : "The books close: in = ok + dropped + duplicate + quarantined + in flight, since start.");
  byId("books-state").dataset.bad = String(open.length > 0);
}

async function showClusters() {
  const { clusters } = await get("/api/clusters");
  const open = new Set([...byId("clusters-list").querySelectorAll("details[open]")].map((d) => d.dataset.id));
  byId("clusters-empty").hidden = clusters.length > 0;
  byId("clusters-list").replaceChildren(
    ...clusters.map((cluster) => {
      const first = cluster.members[0];
      return el(
        "li",
        {},
        el(
          "details",
          { "data-id": cluster.id, open: open.has(cluster.id) },
          el(
            "summary",
            {},
            el("span", { class: "dot", "data-state": "new" }),
            el("span", { class: "name", dir: "auto", lang: language(first.language) }, first.headline || "Without a headline"),
            el("span", { class: "aside" }, `${count(cluster.size)} articles`),
          ),
          el(
            "ul",
            { class: "members" },
            ...cluster.members.map((m, i) =>
              el(
                "li",
                {},
                el("a", { href: `#article-${m.seq}`, dir: "auto", lang: language(m.language) }, m.headline || "Without a headline"),
                el("span", { class: "aside" }, foreign(m.source), i > 0 && m.similarity ? ` · ${Math.round(100 * m.similarity)} % alike` : i === 0 ? " · first" : ""),
              ),
            ),
          ),
        ),
      );
    }),
  );
}

async function showWatches() {
  const { watches } = await get("/api/watches");
  byId("watches-empty").hidden = watches.length > 0;
  byId("watches-list").replaceChildren(
    ...watches.map((w) =>
      el(
        "li",
        { class: "watch" },
        el("span", { class: "name" }, w.name),
        el("span", { class: "aside" }, w.last ? "matched " : "no match yet", w.last ? time(w.last) : ""),
        el("span", { class: "reason" }, el("code", { dir: "auto" }, w.query), w.article ? " " : "", w.article ? traceLink(w.article, "last match") : ""),
      ),
    ),
  );
}
