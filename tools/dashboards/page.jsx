import '@fontsource/inter/400.css';
import '@fontsource/inter/500.css';
// Draws one of deploy/grafana's dashboards with Grafana's own components. draw.mjs opens
// this page in a browser; window.draw is what it calls.
import {
  applyFieldOverrides, createDataFrame, createTheme, FieldType, getFieldDisplayValues, rangeUtil, ThresholdsMode,
} from '@grafana/data';
import { BigValue, GlobalStyles, PanelChrome, ThemeContext, TimeSeries } from '@grafana/ui';
import { TableNG } from '@grafana/ui/unstable';
import { createRoot } from 'react-dom/client';
import { flushSync } from 'react-dom';
import { Heatmap } from './heatmap.jsx';
import { asked, buckets } from './prometheus.js';

// Grafana's grid: 24 columns, rows of 30 pixels, gaps of 8.
const gap = 8, rowHeight = 30, columns = 24;

// What a panel's plugin presumes, which the files leave out.
const presumed = {
  timeseries: { color: { mode: 'palette-classic' }, custom: { axisPlacement: 'auto', lineInterpolation: 'linear', pointSize: 5, scaleDistribution: { type: 'linear' } } },
  stat: { color: { mode: 'thresholds' } },
  table: { custom: { align: 'auto', cellOptions: { type: 'auto' } } },
};

function configured(panel, frames, theme) {
  const { defaults, overrides } = panel.fieldConfig;
  const base = presumed[panel.type] ?? {};
  const fieldConfig = { defaults: { ...base, ...defaults, custom: { ...base.custom, ...defaults.custom } }, overrides };
  if (!fieldConfig.defaults.thresholds) fieldConfig.defaults.thresholds = { mode: ThresholdsMode.Absolute, steps: [] };
  for (const step of fieldConfig.defaults.thresholds.steps) step.value ??= -Infinity;
  const replaceVariables = (text) => text;
  // Grafana's registry of settings is in its server: here a panel's settings, and those
  // that overrides give to a name, are written to the fields.
  for (const field of frames.flatMap((f) => f.fields).filter((f) => f.type === FieldType.number)) {
    field.config = { ...fieldConfig.defaults, ...field.config, custom: { ...fieldConfig.defaults.custom } };
    for (const { matcher, properties } of overrides) {
      if (matcher.id !== 'byName' || matcher.options !== field.config.displayNameFromDS) continue;
      for (const { id, value } of properties) field.config[id] = value;
    }
  }
  return { fieldConfig, frames: applyFieldOverrides({ data: frames, fieldConfig, replaceVariables, theme, timeZone: 'utc' }), replaceVariables };
}

function Stat({ panel, frames, theme, width, height }) {
  const { fieldConfig, frames: data, replaceVariables } = configured(panel, frames, theme);
  const [shown] = getFieldDisplayValues({ data, fieldConfig, reduceOptions: panel.options.reduceOptions, replaceVariables, sparkline: true, theme, timeZone: 'utc' });
  return <BigValue value={shown.display} sparkline={shown.sparkline} theme={theme} width={width} height={height} colorMode={panel.options.colorMode}
    graphMode={panel.options.graphMode} justifyMode={panel.options.justifyMode} textMode={panel.options.textMode} />;
}

function Graph({ panel, frames, theme, range, width, height }) {
  const { frames: data } = configured(panel, frames, theme);
  return <TimeSeries frames={data} width={width} height={height} timeRange={range} timeZone="utc" legend={panel.options.legend} options={panel.options} />;
}

function Cells({ panel, frames, theme, width, height }) {
  const organize = panel.transformations?.find((t) => t.id === 'organize')?.options ?? {};
  const [frame] = frames;
  const at = (name) => organize.indexByName?.[name] ?? 99;
  const fields = frame.fields.filter((f) => !organize.excludeByName?.[f.name]).sort((a, b) => at(a.name) - at(b.name))
    .map((f) => ({ ...f, name: organize.renameByName?.[f.name] ?? f.name }));
  const { frames: [data] } = configured(panel, [createDataFrame({ fields })], theme);
  return <TableNG data={data} width={width} height={height} />;
}

const kinds = { stat: Stat, timeseries: Graph, heatmap: Heatmap, table: Cells };

function Panel({ panel, frames, theme, range, at }) {
  if (panel.type === 'row') {
    return <div style={{ ...at, position: 'absolute', color: theme.colors.text.primary, fontWeight: 500, fontSize: 16, lineHeight: `${at.height}px` }}>{panel.title}</div>;
  }
  const Kind = kinds[panel.type];
  const empty = !frames.some((f) => f.length > 0);
  return <div style={{ ...at, position: 'absolute' }}>
    <PanelChrome title={panel.title} width={at.width} height={at.height} padding={panel.type === 'table' ? 'none' : 'md'}>
      {(width, height) => empty ? <div style={{ textAlign: 'center', paddingTop: height / 2 - 10 }}>No data</div>
        : <Kind panel={panel} frames={frames} theme={theme} range={range} width={width} height={height} />}
    </PanelChrome>
  </div>;
}

// draw asks Prometheus for what every panel shows, draws the dashboard, and returns its
// height and the titles of the panels that have no data.
window.draw = async (dashboard, { source, from, to, interval, width, mode }) => {
  const theme = createTheme({ colors: { mode } });
  const range = rangeUtil.convertRawToRange({ from: new Date(from).toISOString(), to: new Date(to).toISOString() });
  // Letters are measured while axes are laid out.
  await Promise.all(['400 12px Inter', '500 14px Inter'].map((font) => document.fonts.load(font)));
  const cell = (width - gap) / columns;
  const panels = [];
  for (const panel of dashboard.panels) {
    const { x, y, w, h } = panel.gridPos;
    const at = { left: gap + x * cell, top: gap + y * (rowHeight + gap), width: w * cell - gap, height: h * rowHeight + (h - 1) * gap };
    const points = panel.type === 'stat' ? at.width / 2 : at.width;
    let frames = panel.type === 'row' ? [] : await asked(panel, { source, from, to, interval, points });
    if (panel.type === 'heatmap') frames = buckets(frames);
    panels.push({ panel, frames, at });
  }
  const height = Math.max(...panels.map(({ at }) => at.top + at.height)) + gap;
  const root = createRoot(document.getElementById('root'));
  flushSync(() => root.render(
    <ThemeContext.Provider value={theme}>
      <GlobalStyles />
      <div style={{ position: 'relative', width, height, background: theme.colors.background.canvas }}>
        {panels.map((p) => <Panel key={p.panel.id} theme={theme} range={range} {...p} />)}
      </div>
    </ThemeContext.Provider>,
  ));
  return { height, empty: panels.filter((p) => p.panel.type !== 'row' && !p.frames.some((f) => f.length)).map((p) => p.panel.title) };
};
