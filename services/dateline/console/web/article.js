// One article: its text with what was found in it, where each field came from,
// and its way through the stages.
import { bytes, count, duration, el, foreign, httpURL, language, languageName, link, protoDuration, published, time } from "./dom.js";
import { annotations, labels, offsets, paragraphs, pieces, place } from "./text.js";
import { traceLink } from "./trace.js";

const kinds = { dateline: "Dateline", quote: "Quotes", acronym: "Acronyms", date: "Dates", person: "People", organisation: "Organisations", place: "Places", entity: "Other names" };

// What the reader chose to hide stays hidden from article to article.
const hidden = new Set();

/** render makes the content of the reader for an event. */
export function render(event) {
  const article = event.article ?? {};
  const doc = article.document ?? {};
  const enrichment = article.enrichment ?? {};
  const text = doc.text ?? "";
  const table = offsets(text);
  const marks = annotations(enrichment, table);
  const lang = language(enrichment.language?.code);
  const body = textOf(text, doc.blocks, table, marks, lang);
  return el(
    "div",
    { class: "story" },
    heading(event, doc, article, enrichment, lang),
    el("div", { class: "story-text" }, legend(marks, body), body, event.truncated ? el("p", { class: "hint" }, "The article is longer than what is shown here.") : ""),
    el(
      "aside",
      { "aria-label": "What was found in the article" },
      findings(enrichment, body, text, table, lang),
      metadata(doc, article, event),
      trail(article, event),
    ),
  );
}

function heading(event, doc, article, enrichment, lang) {
  const facts = [
    doc.siteName || article.source?.feedTitle || httpURL(article.fetch?.finalUrl)?.host,
    doc.section,
  ].filter(Boolean).map((fact) => foreign(fact));
  if (doc.publishedAt) facts.push(published(doc.publishedAt, doc.publishedPrecision));
  facts.push(el("span", {}, languageName(enrichment.language?.code)));
  if (doc.wordCount) facts.push(el("span", {}, `${count(doc.wordCount)} words`));
  if (enrichment.readingTimeSeconds) facts.push(el("span", {}, `${duration(enrichment.readingTimeSeconds)} to read`));
  if (article.revision > 1) facts.push(el("span", {}, `revision ${article.revision}`));
  const address = doc.canonicalUrl || article.fetch?.finalUrl || article.fetch?.url;
  return el(
    "header",
    {},
    el("p", { class: "kicker" }, ...facts.map((fact) => el("span", {}, fact))),
    el("h2", { id: "reader-title", dir: "auto", lang }, doc.headline || "Without a headline"),
    doc.byline ? el("p", { class: "byline", dir: "auto", lang }, doc.byline) : "",
    doc.abstract ? el("p", { class: "abstract", dir: "auto", lang }, doc.abstract) : "",
    address ? el("p", { class: "address" }, link(address)) : "",
    enrichment.cluster?.size > 1
      ? el("p", { class: "hint" }, `One of ${count(enrichment.cluster.size)} near-identical articles; the first was `, traceLink(enrichment.cluster.firstArticleId))
      : "",
  );
}

function legend(marks, body) {
  const present = Object.keys(kinds).filter((kind) => marks.some((m) => m.kind === kind));
  for (const kind of hidden) body.classList.add(`hide-${kind}`);
  if (present.length === 0) return "";
  return el(
    "div",
    { class: "legend", role: "group", "aria-label": "Show marks" },
    ...present.map((kind) => {
      const toggle = (pressed) => {
        body.classList.toggle(`hide-${kind}`, !pressed);
        if (pressed) hidden.delete(kind);
        else hidden.add(kind);
        button.setAttribute("aria-pressed", String(pressed));
      };
      const button = el(
        "button",
        { type: "button", class: "chip", "data-mark": kind, "aria-pressed": String(!hidden.has(kind)), on: { click: () => toggle(hidden.has(kind)) } },
        kinds[kind],
      );
      return button;
    }),
  );
}

const tags = { heading: "h3", item: "li", quotation: "blockquote", preformatted: "pre" };

function textOf(text, blocks, table, marks, lang) {
  const body = el("div", { class: "text", lang });
  const speakers = labels(text, marks);
  let list = null;
  for (const block of paragraphs(text, blocks, table)) {
    const node = el(tags[block.kind] ?? "p", { dir: "auto" });
    for (const piece of pieces(block.start, block.end, marks, speakers.keys())) {
      node.append(marked(text, piece), ...(speakers.get(piece.end) ?? []).map(speaker));
    }
    if (block.kind === "item") {
      if (!list) body.append((list = el("ul", {})));
      list.append(node);
    } else {
      list = null;
      body.append(node);
    }
  }
  if (text === "") body.append(el("p", { class: "hint" }, "The article has no text."));
  return body;
}

// marked is a piece of text as a node: one mark for all that covers it.
function marked(text, piece) {
  const content = text.slice(piece.start, piece.end);
  if (piece.marks.length === 0) return document.createTextNode(content);
  const classes = [...new Set(piece.marks.map((m) => m.kind))];
  const node = el("mark", { class: classes.join(" "), title: piece.marks.map((m) => m.title).join("\n") }, content);
  for (const mark of piece.marks) {
    if (mark.index !== undefined && mark.start === piece.start) node.dataset[mark.kind] = String(mark.index);
  }
  return node;
}

function speaker(name) {
  return el("span", { class: "speaker", "aria-label": `said by ${name}` }, foreign(name));
}

function findings(enrichment, body, text, table, lang) {
  const named = (kind, title) =>
    group(
      title,
      (enrichment.entities ?? [])
        .map((e, i) => [e, i])
        .filter(([e]) => e.kind === kind)
        .map(([e, i]) => el("p", {}, jump(kind, i, e.name), el("small", {}, e.role ? " " : "", e.role ? foreign(e.role) : "", e.countryCode ? ` ${e.countryCode}` : "", e.mentions?.length > 1 ? ` ×${e.mentions.length}` : ""))),
    );
  const jump = (kind, index, label) =>
    el("button", { type: "button", class: "jump", dir: "auto", on: { click: () => flash(body.querySelector(`[data-${kind}="${index}"]`)) } }, label);
  const dateline = enrichment.dateline;
  const located = dateline?.locatedKnown ? `${(dateline.lat ?? 0).toFixed(2)}, ${(dateline.lon ?? 0).toFixed(2)}` : "";
  const spot = dateline
    ? [
        el("p", {}, foreign(dateline.located || "no place"), dateline.countryCode ? ` (${dateline.countryCode}) ` : " ", el("small", {}, located)),
        el("p", {}, [dateline.date, dateline.source].filter(Boolean).join(" · ")),
      ]
    : [];
  return el(
    "section",
    { class: "findings" },
    group("Summary", summary(enrichment, text, table, lang)),
    group("Dateline", spot),
    group(
      "Quotes",
      (enrichment.quotes ?? []).map((q, i) =>
        el("div", { class: "found" }, el("p", { class: "who" }, foreign(q.speaker || "speaker unknown"), q.verb ? el("small", {}, " ", foreign(q.verb)) : "", q.indirect ? el("small", {}, " indirect") : ""), jump("quote", i, q.text)),
      ),
    ),
    group("Acronyms", (enrichment.acronyms ?? []).map((a, i) => el("p", {}, jump("acronym", i, a.short), " ", foreign(a.long)))),
    group(
      "Dates",
      (enrichment.dates ?? []).map((d, i) => el("p", {}, jump("date", i, d.text), " ", el("small", {}, d.value || (d.candidates ?? []).join(" or ") || "not resolved"))),
    ),
    named("person", "People"),
    named("organisation", "Organisations"),
    named("place", "Places"),
    group("Topics", (enrichment.topics ?? []).length ? [el("p", {}, enrichment.topics.map((t) => t.label || t.slug).join(", "))] : []),
    group("Keyphrases", (enrichment.keyphrases ?? []).length ? [el("p", { dir: "auto" }, enrichment.keyphrases.slice(0, 12).map((k) => k.text).join(" · "))] : []),
  );
}

function summary(enrichment, text, table, lang) {
  return (enrichment.summary ?? [])
    .map((extract) => place(extract.span, table))
    .filter(Boolean)
    .map((where) => el("p", { class: "extract", dir: "auto", lang }, text.slice(where.start, where.end)));
}

function group(title, items) {
  if (items.length === 0) return "";
  return el("details", { open: items.length <= 12 }, el("summary", {}, `${title} `, title !== "Dateline" && title !== "Summary" && items.length > 1 ? el("small", {}, count(items.length)) : ""), ...items);
}

function flash(node) {
  if (!node) return;
  const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
  node.scrollIntoView({ block: "center", behavior: calm ? "auto" : "smooth" });
  node.classList.remove("flash");
  requestAnimationFrame(() => node.classList.add("flash"));
}

function metadata(doc, article, event) {
  const source = article.source ?? {};
  const fetched = article.fetch ?? {};
  const rights = doc.rights ?? {};
  const zone = doc.publishedZoneKnown ? "" : " (zone not given, read as UTC)";
  const rows = [
    ["canonicalUrl", "Address", doc.canonicalUrl && link(doc.canonicalUrl)],
    ["headline", "Headline", doc.headline && foreign(doc.headline)],
    ["byline", "Byline", doc.byline && foreign(doc.byline)],
    ["authors", "Authors", doc.authors?.length && foreign(doc.authors.join(", "))],
    ["publishedAt", "Published", doc.publishedAt && el("span", {}, published(doc.publishedAt, doc.publishedPrecision), zone)],
    ["modifiedAt", "Modified", doc.modifiedAt && published(doc.modifiedAt)],
    ["siteName", "Site", doc.siteName && foreign(doc.siteName)],
    ["section", "Section", doc.section && foreign(doc.section)],
    ["slugline", "Slugline", doc.slugline && foreign(doc.slugline)],
    ["tags", "Tags", doc.tags?.length && foreign(doc.tags.join(", "))],
    ["language", "Declared language", doc.language && foreign(doc.language)],
    ["text", "Text", doc.text && `${count(doc.wordCount ?? 0)} words`],
    ["pageType", "Page type", doc.pageType],
    ["images", "Images", doc.images?.length && count(doc.images.length)],
    ["rights", "Licence", rights.license && foreign(rights.license)],
    ["rights", "Text and data mining", rights.tdmReservation],
    [null, "Detected language", article.enrichment?.language && `${languageName(article.enrichment.language.code)}, ${percent(article.enrichment.language.confidence)}`],
    [null, "Feed", source.feedUrl && link(source.feedUrl, source.feedTitle || undefined)],
    [null, "Fetched", fetched.fetchedAt && el("span", {}, `${fetched.via || "http"} ${fetched.status || ""} · ${bytes(fetched.bytes ?? 0)} · `, time(fetched.fetchedAt))],
    [null, "Event", el("span", {}, `${count(event.seq)} · ${bytes(event.bytes)} · `, el("code", {}, event.subject))],
    [null, "Article", article.id && el("code", {}, article.id)],
  ].filter(([, , value]) => value);
  return el(
    "details",
    { open: true },
    el("summary", {}, "Metadata"),
    el("dl", { class: "pairs" }, ...rows.flatMap(([field, name, value]) => [el("dt", {}, name), el("dd", {}, value, origin(doc.origins?.[field]))])),
  );
}

function origin(o) {
  if (!o?.source) return "";
  return el("span", { class: "origin", title: `From ${o.source}, confidence ${percent(o.confidence)}` }, o.source, el("small", {}, ` ${percent(o.confidence)}`));
}

function percent(n) {
  return `${Math.round(100 * (n ?? 0))} %`;
}

// trail draws each stage's work on one axis from first sight to event.
function trail(article, event) {
  const stamps = (article.trail ?? []).filter((s) => s.startedAt);
  if (stamps.length === 0) return "";
  const starts = stamps.map((s) => Date.parse(s.startedAt));
  const begin = Math.min(...starts, article.firstSeenAt ? Date.parse(article.firstSeenAt) : Infinity);
  const end = Math.max(Date.parse(event.at), ...stamps.map((s, i) => starts[i] + 1000 * protoDuration(s.took)));
  const whole = Math.max(end - begin, 1);
  const rows = stamps.map((s, i) => {
    const took = protoDuration(s.took);
    const part = el("span", { class: "work" });
    part.style.insetInlineStart = `${Math.min(99, (100 * (starts[i] - begin)) / whole)}%`;
    part.style.inlineSize = `${Math.max(0.8, (100_000 * took) / whole)}%`;
    return el(
      "li",
      { title: [`started ${s.startedAt}`, s.host && `on ${s.host}`, s.version && `version ${s.version}`].filter(Boolean).join("\n") },
      el("span", { class: "name" }, s.stage),
      el("span", { class: "aside" }, `+${duration((starts[i] - begin) / 1000)}, took ${duration(took)}`, s.attempt > 1 ? `, attempt ${s.attempt}` : ""),
      el("span", { class: "track", "aria-hidden": "true" }, part),
      ...(s.notes ?? []).map((note) => el("span", { class: "note" }, foreign(note))),
    );
  });
  const annotators = article.enrichment?.annotators ?? [];
  return el(
    "details",
    { open: true },
    el("summary", {}, "Trail ", el("small", {}, `${duration(whole / 1000)} from first sight to event`)),
    el("ol", { class: "trail" }, ...rows),
    annotators.length
      ? el("p", { class: "hint" }, "Annotators: ", annotators.map((a) => `${a.name} ${a.error ? `failed (${a.error})` : duration(protoDuration(a.took))}`).join(" · "))
      : "",
  );
}
