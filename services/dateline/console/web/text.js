// From spans to marked text. Spans are half-open ranges of Unicode code points;
// strings here are UTF-16, in which a character beyond U+FFFF takes two units.

/** offsets returns, for each code point offset of text, its offset in UTF-16. */
export function offsets(text) {
  const table = new Uint32Array(text.length + 1);
  let points = 0;
  for (let unit = 0; unit < text.length; points++) {
    table[points] = unit;
    unit += text.codePointAt(unit) > 0xffff ? 2 : 1;
  }
  table[points] = text.length;
  return table.subarray(0, points + 1);
}

/** place turns a span into UTF-16 offsets; null where it is empty or out of range. */
export function place(span, table) {
  const start = span?.start ?? 0;
  const end = Math.min(span?.end ?? 0, table.length - 1);
  if (!(start >= 0) || !(end > start)) return null;
  return { start: table[start], end: table[end] };
}

const entityKinds = new Set(["person", "organisation", "place"]);

// More marks than this help nobody and make the page slow.
const maxAnnotations = 5000;

/**
 * annotations collects what is to be marked in a text: {kind, start, end, title,
 * label, index}, in the order of the text.
 */
export function annotations(enrichment, table) {
  const list = [];
  const add = (kind, span, rest) => {
    const where = place(span, table);
    if (where) list.push({ kind, ...where, ...rest });
  };
  const dateline = enrichment.dateline;
  if (dateline) {
    const parts = [dateline.located, dateline.countryCode, dateline.date, dateline.source];
    add("dateline", dateline.span, { title: `Dateline: ${parts.filter(Boolean).join(", ")}` });
  }
  (enrichment.quotes ?? []).forEach((quote, index) => {
    const who = quote.speaker || "speaker unknown";
    add("quote", quote.span, { title: `Quote: ${who}${quote.verb ? ` (${quote.verb})` : ""}`, label: who, index });
  });
  (enrichment.acronyms ?? []).forEach((acronym, index) => {
    add("acronym", acronym.span, { title: `${acronym.short} = ${acronym.long}`, index });
    add("acronym", acronym.longSpan, { title: `${acronym.long} (${acronym.short})` });
  });
  (enrichment.dates ?? []).forEach((date, index) => {
    const value = date.value || (date.candidates ?? []).join(" or ") || "not resolved";
    add("date", date.span, { title: `Date: ${value}`, index });
  });
  (enrichment.entities ?? []).forEach((entity, index) => {
    for (const mention of entity.mentions ?? []) {
      add(entityKinds.has(entity.kind) ? entity.kind : "entity", mention.span, { title: `${entity.kind}: ${entity.name}${entity.role ? `, ${entity.role}` : ""}`, index });
    }
  });
  return list.slice(0, maxAnnotations).sort((a, b) => a.start - b.start || b.end - a.end);
}

/**
 * pieces cuts text[start, end) at every boundary of an annotation and at every
 * offset of extra. Each piece is {start, end, marks}; marks are the annotations
 * that cover it.
 */
export function pieces(start, end, list, extra) {
  const inside = list.filter((a) => a.start < end && a.end > start);
  const bounds = new Set([start, end, ...[...extra].filter((at) => at > start && at < end)]);
  for (const a of inside) {
    bounds.add(Math.max(start, a.start));
    bounds.add(Math.min(end, a.end));
  }
  const cuts = [...bounds].sort((a, b) => a - b);
  const result = [];
  let next = 0;
  let open = [];
  for (let i = 0; i + 1 < cuts.length; i++) {
    open = open.filter((a) => a.end > cuts[i]);
    while (next < inside.length && inside[next].start <= cuts[i]) {
      if (inside[next].end > cuts[i]) open.push(inside[next]);
      next++;
    }
    result.push({ start: cuts[i], end: cuts[i + 1], marks: [...open] });
  }
  return result;
}

const closing = /^[\s\u00a0\u202f]?["'»›«‹”“’‘」』》]/u;

/** labels are the speakers' names by the offset where each belongs: after the closing quotation mark. */
export function labels(text, list) {
  const result = new Map();
  for (const quote of list.filter((a) => a.kind === "quote")) {
    const mark = closing.exec(text.slice(quote.end, quote.end + 3));
    const at = quote.end + (mark ? mark[0].length : 0);
    result.set(at, [...(result.get(at) ?? []), quote.label]);
  }
  return result;
}

/** paragraphs are the text's blocks: {start, end, kind, level} in UTF-16 offsets. */
export function paragraphs(text, blocks, table) {
  const known = (blocks ?? [])
    .map((block) => ({ ...place(block.span, table), kind: block.kind, level: block.level ?? 0 }))
    .filter((block) => block.end > 0)
    .sort((a, b) => a.start - b.start);
  const result = [];
  let at = 0;
  const plain = (to) => {
    for (const part of text.slice(at, to).matchAll(/[^\n]+(?:\n[^\n]+)*/g)) {
      if (part[0].trim() !== "") {
        result.push({ start: at + part.index, end: at + part.index + part[0].length, kind: "paragraph", level: 0 });
      }
    }
  };
  for (const block of known) {
    if (block.start < at) continue;
    plain(block.start);
    result.push(block);
    at = block.end;
  }
  plain(text.length);
  return result;
}
