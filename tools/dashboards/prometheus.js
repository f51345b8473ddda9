// What a panel asks of Prometheus, as Grafana's data frames.
import { createDataFrame, FieldType } from '@grafana/data';

const second = 1000;

async function get(source, path, query) {
  const answer = await (await fetch(`${source}/api/v1/${path}?${new URLSearchParams(query)}`)).json();
  if (answer.status !== 'success') throw new Error(`${query.query}: ${answer.error}`);
  return answer.data.result;
}

const named = (legend, metric) => legend.replace(/{{\s*(\w+)\s*}}/g, (_, label) => metric[label] ?? '').replace(/ +/g, ' ').trim();

// asked makes a panel's queries. The step is as wide as Grafana makes it: a point for a
// pixel, and no finer than Prometheus scrapes; $__rate_interval is four scrapes at least.
export async function asked(panel, { source, from, to, interval, points }) {
  const step = Math.max(interval, Math.ceil((to - from) / points / second / interval) * interval);
  const rate = Math.max(step + interval, 4 * interval);
  const frames = [];
  for (const { expr, legendFormat, instant } of panel.targets) {
    const query = expr.replaceAll('$__rate_interval', `${rate}s`).replaceAll('$__interval', `${step}s`);
    if (instant) {
      frames.push(table(await get(source, 'query', { query, time: to / second })));
      continue;
    }
    const start = Math.floor(from / second / step) * step;
    for (const { metric, values } of await get(source, 'query_range', { query, start, end: to / second, step })) {
      const known = new Map(values.map(([t, v]) => [Math.round(t), Number(v)]));
      const times = [], numbers = [];
      for (let t = start; t <= to / second; t += step) {
        times.push(t * second);
        const v = known.get(t);
        numbers.push(Number.isFinite(v) ? v : null);
      }
      frames.push(createDataFrame({
        name: named(legendFormat, metric), fields: [
          { name: 'Time', type: FieldType.time, values: times, config: {} },
          { name: 'Value', type: FieldType.number, values: numbers, labels: metric, config: { displayNameFromDS: named(legendFormat, metric) || 'Value' } },
        ],
      }));
    }
  }
  return frames;
}

function table(rows) {
  const labels = [...new Set(rows.flatMap(({ metric }) => Object.keys(metric)))].sort();
  return createDataFrame({
    fields: [
      { name: 'Time', type: FieldType.time, values: rows.map(({ value }) => value[0] * second), config: {} },
      ...labels.map((name) => ({ name, type: FieldType.string, values: rows.map(({ metric }) => metric[name] ?? ''), config: {} })),
      { name: 'Value', type: FieldType.number, values: rows.map(({ value }) => Number(value[1])), config: {} },
    ],
  });
}

// buckets makes each bucket of a classic histogram count its own, and not those below it.
export function buckets(frames) {
  const bound = (f) => Number(f.fields[1].labels.le.replace('+Inf', 'Infinity'));
  const sorted = [...frames].sort((a, b) => bound(a) - bound(b));
  return sorted.map((frame, i) => createDataFrame({
    name: frame.name,
    fields: [frame.fields[0], {
      ...frame.fields[1],
      values: frame.fields[1].values.map((v, k) => (v === null ? null : Math.max(0, v - (sorted[i - 1]?.fields[1].values[k] ?? 0)))),
    }],
  }));
}
