// Interactive charts: the figures are read from the table beside the drawing, so there is one source for both.
import { LineChart } from "echarts/charts";
import { DataZoomInsideComponent, GridComponent, TooltipComponent } from "echarts/components";
import { init, use } from "echarts/core";
import { SVGRenderer } from "echarts/renderers";

use([LineChart, GridComponent, TooltipComponent, DataZoomInsideComponent, SVGRenderer]);

interface Column {
  name: string;
  values: (number | null)[];
  shown: string[];
  firm: boolean[];
}

/** Periods and columns of a table whose cells carry their exact value in `data-v` and `data-soft` if not final. */
function read(table: HTMLTableElement): { periods: string[]; columns: Column[] } {
  const heads = [...table.querySelectorAll<HTMLElement>("thead th[data-series]")];
  const columns: Column[] = heads.map((h) => ({ name: h.dataset.series ?? "", values: [], shown: [], firm: [] }));
  const periods: string[] = [];
  // The table shows the newest first, a chart the oldest.
  for (const row of [...table.querySelectorAll("tbody tr")].reverse()) {
    periods.push(row.querySelector("th")?.textContent?.trim() ?? "");
    const cells = [...row.querySelectorAll<HTMLElement>("td[data-of]")];
    columns.forEach((column, i) => {
      const cell = cells[i];
      const text = cell?.dataset.v;
      column.values.push(text ? Number(text) : null);
      column.shown.push(cell?.textContent?.trim() ?? "");
      column.firm.push(cell?.dataset.soft === undefined);
    });
  }
  return { periods, columns };
}

const INK = ["#16222e", "#a9b4be", "#0b5cad"];

/** Puts an interactive chart in the place of the drawing. */
export function openChart(figure: HTMLElement): void {
  const table = figure.querySelector("table");
  const drawing = figure.querySelector<HTMLElement>(".drawing");
  if (!table || !drawing) return;
  const { periods, columns } = read(table);
  const holder = document.createElement("div");
  holder.className = "interactive";
  drawing.replaceChildren(holder);
  const chart = init(holder, null, { renderer: "svg" });
  chart.setOption({
    animation: false,
    textStyle: { fontFamily: "Be Vietnam Pro, sans-serif", color: "#16222e" },
    grid: { left: 8, right: 16, top: 24, bottom: 8, outerBoundsMode: "same", outerBoundsContain: "axisLabel" },
    // Drawn, not written as HTML: the pages allow no inline style.
    tooltip: {
      trigger: "axis",
      renderMode: "richText",
      formatter: (items: unknown) => {
        const list = items as { dataIndex: number; seriesIndex: number }[];
        const at = list[0]?.dataIndex ?? 0;
        const lines = list.map((i) => `${columns[i.seriesIndex]?.name}: ${columns[i.seriesIndex]?.shown[at]}`);
        return [periods[at], ...lines].join("\n");
      },
    },
    dataZoom: [{ type: "inside" }],
    xAxis: { type: "category", data: periods, axisTick: { show: false } },
    yAxis: { type: "value", scale: true, axisLabel: { show: false }, splitLine: { lineStyle: { color: "#d9e0e6" } } },
    series: columns.map((column, i) => ({
      type: "line" as const,
      name: column.name,
      data: column.values.map((value, k) => ({ value: value ?? "-", symbol: column.firm[k] ? "circle" : "emptyCircle" })),
      color: INK[i % INK.length],
      symbolSize: 5,
      lineStyle: { width: i === 0 ? 2.5 : 1.5 },
    })),
  });
  new ResizeObserver(() => chart.resize()).observe(holder);
}
