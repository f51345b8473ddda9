#!/usr/bin/env node
// draw.mjs: pictures of deploy/grafana's dashboards, over what a Prometheus knows.
//
//   node draw.mjs --prometheus http://127.0.0.1:9090 --minutes 30 --out ../../docs/images
//
// Needs `npm ci` and a Chromium ($CHROMIUM, or chromium on the path).
import { build } from 'esbuild';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { extname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { chromium } from 'playwright-core';
import sharp from 'sharp';

const here = fileURLToPath(new URL('.', import.meta.url));
const { values: o } = parseArgs({
  options: {
    prometheus: { type: 'string', default: 'http://127.0.0.1:9090' },
    minutes: { type: 'string', default: '30' },
    interval: { type: 'string', default: '15' }, // seconds between two scrapes
    width: { type: 'string', default: '1400' },
    mode: { type: 'string', default: 'dark' },
    dashboards: { type: 'string', default: join(here, '../../deploy/grafana/dashboards') },
    out: { type: 'string', default: join(here, '../../docs/images') },
  },
});

const work = await mkdtemp(join(tmpdir(), 'dashboards-'));
await build({
  entryPoints: [join(here, 'page.jsx')], outfile: join(work, 'page.js'), bundle: true, jsx: 'automatic', minify: true, logLevel: 'error',
  define: { 'process.env.NODE_ENV': '"production"', global: 'window' }, loader: { '.svg': 'dataurl', '.ttf': 'empty', '.woff2': 'dataurl', '.woff': 'dataurl' },
});
const types = { '.js': 'text/javascript', '.css': 'text/css', '.svg': 'image/svg+xml', '.html': 'text/html' };
const page = '<!doctype html><meta charset=utf-8><link rel=stylesheet href=/page.css><body style="margin:0"><div id=root></div><script src=/page.js></script>';
const server = createServer(async (req, res) => {
  const path = normalize(new URL(req.url, 'http://x').pathname);
  try {
    const body = path === '/' ? page : await readFile(join(path.startsWith('/public/') ? join(here, 'node_modules/@grafana/ui/dist') : work, path));
    res.setHeader('Content-Type', types[extname(path) || '.html'] ?? 'application/octet-stream');
    res.end(body);
  } catch {
    res.statusCode = 404;
    res.end();
  }
});
await new Promise((ready) => server.listen(0, '127.0.0.1', ready));

const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: ['--no-sandbox'] });
let failed = false;
try {
  const to = Date.now();
  for (const file of (await readdir(o.dashboards)).filter((f) => f.endsWith('.json')).sort()) {
    const dashboard = JSON.parse(await readFile(join(o.dashboards, file), 'utf8'));
    const tab = await browser.newPage({ viewport: { width: Number(o.width), height: 900 } });
    tab.on('pageerror', (e) => { failed = true; console.error(`${file}: ${e.stack ?? e}`); });
    await tab.goto(`http://127.0.0.1:${server.address().port}/`);
    const { height, empty } = await tab.evaluate(([d, options]) => window.draw(d, options), [dashboard, {
      source: o.prometheus, from: to - Number(o.minutes) * 60_000, to, interval: Number(o.interval), width: Number(o.width), mode: o.mode,
    }]);
    await tab.setViewportSize({ width: Number(o.width), height: Math.ceil(height) });
    await tab.waitForLoadState('networkidle');
    const out = join(o.out, `dashboard-${file.replace('.json', '.png')}`);
    // 32 colours are enough for lines and letters, and a third of the size.
    await writeFile(out, await sharp(await tab.screenshot()).png({ palette: true, colours: 32, effort: 10 }).toBuffer());
    console.log(`${out}${empty.length ? `; no data in: ${empty.join(', ')}` : ''}`);
    await tab.close();
  }
} finally {
  await browser.close();
  server.close();
  await rm(work, { recursive: true });
}
process.exit(failed ? 1 : 0);
