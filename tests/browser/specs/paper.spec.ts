// What comes out of the printer: A4, no buttons, nothing cut off. The PDFs are kept to be looked at.
import { mkdirSync } from "node:fs";
import { expect, fits, test } from "../site";

for (const [name, address] of [
  ["overview", "/"],
  ["indicator", "/indicators/0403"],
  ["explain", "/indicators/1001/explain?period=2022-05"],
  ["unit", "/units/760"],
  ["group", "/groups/10"],
  ["cases", "/cases"],
  ["dashboard", "/dashboards/kinh-te"],
] as const) {
  test(`${name} on A4`, async ({ page }) => {
    await page.goto(address);
    await page.emulateMedia({ media: "print" });
    // 186 mm between the margins.
    await page.setViewportSize({ width: 703, height: 1000 });
    await fits(page);
    await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
    await expect(page.locator(".pickers, .top nav, .skip").filter({ visible: true })).toHaveCount(0);
    // The foot says which figures these are.
    await expect(page.locator("#foot")).toContainText(/Phiên bản dữ liệu/);
    mkdirSync("results/pictures", { recursive: true });
    const pdf = await page.pdf({ path: `results/pictures/${name}.pdf`, preferCSSPageSize: true });
    const sheets = pdf.toString("latin1").match(/\/Type\s*\/Page[^s]/g)?.length ?? 0;
    expect(sheets).toBeGreaterThan(0);
    expect(sheets).toBeLessThanOrEqual(4);
  });
}
