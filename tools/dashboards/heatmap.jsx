// A heatmap over buckets. Grafana's own is in its server and not in its libraries: this
// one draws the cells on the plot of the libraries, with their axes.
import { getValueFormat, formattedValueToString } from '@grafana/data';
import { AxisPlacement, ScaleDirection, ScaleOrientation } from '@grafana/schema';
import { UPlotChart, UPlotConfigBuilder } from '@grafana/ui';

// From nothing to much, on a dark ground: d3's "Blues", turned round.
const blues = [[8, 48, 107], [8, 81, 156], [33, 113, 181], [66, 146, 198], [107, 174, 214], [158, 202, 225], [198, 219, 239], [222, 235, 247]];

function shade(share, dark) {
  const at = (dark ? share : 1 - share) * (blues.length - 1), i = Math.min(Math.floor(at), blues.length - 2);
  return `rgb(${blues[i].map((c, k) => Math.round(c + (blues[i + 1][k] - c) * (at - i)))})`;
}

export function Heatmap({ panel, frames, theme, range, width, height }) {
  const format = getValueFormat(panel.options.yAxis.unit);
  const label = (frame) => {
    const le = frame.fields[1].labels.le;
    return le === '+Inf' ? '+Inf' : formattedValueToString(format(Number(le)));
  };
  const times = frames[0].fields[0].values, step = times[1] - times[0];
  const most = Math.max(...frames.flatMap((f) => f.fields[1].values));
  const builder = new UPlotConfigBuilder('utc');
  builder.addScale({ scaleKey: 'x', isTime: true, orientation: ScaleOrientation.Horizontal, direction: ScaleDirection.Right, range: () => [range.from.valueOf(), range.to.valueOf()] });
  builder.addScale({ scaleKey: 'y', orientation: ScaleOrientation.Vertical, direction: ScaleDirection.Up, range: () => [0, frames.length] });
  builder.addAxis({ scaleKey: 'x', isTime: true, placement: AxisPlacement.Bottom, theme, timeZone: 'utc', grid: { show: false } });
  const every = Math.ceil(frames.length / 8);
  const shown = frames.map((_, i) => i + 1).filter((i) => i % every === 0);
  builder.addAxis({ scaleKey: 'y', placement: AxisPlacement.Left, theme, splits: shown, values: shown.map((i) => label(frames[i - 1])), grid: { show: false }, size: 70 });
  builder.addSeries({ scaleKey: 'y', theme, pathBuilder: () => null, pointsBuilder: () => false });
  builder.addHook('draw', (u) => {
    const { ctx } = u;
    frames.forEach((frame, row) => frame.fields[1].values.forEach((v, k) => {
      const x0 = Math.max(u.valToPos(times[k] - step, 'x', true), u.bbox.left), x1 = u.valToPos(times[k], 'x', true);
      if (!v || x1 <= x0) return;
      const y0 = u.valToPos(row + 1, 'y', true), y1 = u.valToPos(row, 'y', true);
      ctx.fillStyle = shade((v / most) ** panel.options.color.exponent, theme.isDark);
      ctx.fillRect(x0, y0, Math.max(1, x1 - x0 - 1), Math.max(1, y1 - y0 - 1));
    }));
  });
  return <UPlotChart data={[times, frames[0].fields[1].values]} config={builder} width={width} height={height} />;
}
