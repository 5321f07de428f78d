// From the city to the cell of a spreadsheet: the way behind a retail figure.
import { drawings, expect, test } from "../site";

test("a retail figure leads from the overview down to file and cell", async ({ page }) => {
  await page.goto("/");
  await page.getByRole("link", { name: /^10 Thương mại, dịch vụ/ }).click();
  await expect(page).toHaveURL(/\/groups\/10/);
  await expect(page.getByRole("heading", { level: 1 })).toContainText("Thương mại, dịch vụ");

  await page.getByRole("rowheader", { name: /^1001 / }).getByRole("link").click();
  await expect(page).toHaveURL(/\/indicators\/1001/);
  await expect(page.getByRole("heading", { level: 1 })).toContainText("Tổng mức bán lẻ");
  await expect(drawings(page).first()).toBeVisible();

  // May is final and was corrected once; June is still an estimate.
  await page.getByRole("link", { name: "Kỳ trước" }).click();
  await expect(page.getByRole("heading", { level: 1 })).toContainText("tháng 5/2022 đạt 92.003 tỷ đồng");
  await page.getByRole("link", { name: "Giải thích con số này" }).last().click();
  await expect(page).toHaveURL(/\/indicators\/1001\/explain\?period=2022-05/);

  const used = page.getByRole("table").filter({ hasText: "ctk_monthly" });
  await expect(used).toContainText("92.003 tỷ đồng");
  // File, sheet and cell, and the pull that brought it.
  await expect(used.locator("code")).toHaveText(/^ctk_monthly\/2022-06\.xlsx#3\. Thương mại!D6$/);
  await expect(used).toContainText("08:00 30/6/2022");

  const values = page.getByRole("table").filter({ hasText: "ước tính" }).last();
  await expect(values.getByRole("row")).toHaveCount(3);
  await expect(values).toContainText("92.820 tỷ đồng");

  await used.getByRole("link", { name: "ctk_monthly" }).click();
  await expect(page).toHaveURL(/\/sources#ctk_monthly$/);
  await expect(page.locator("#ctk_monthly")).toBeVisible();
});

test("an earlier day shows what was known then", async ({ page }) => {
  await page.goto("/indicators/1001?period=2022-05");
  await page.getByLabel("Số liệu biết đến").fill("2022-05-31");
  await page.getByRole("button", { name: "Xem", exact: true }).click();
  // An instant that nobody asked for before is computed from the lake: seconds on a busy machine.
  await expect(page.getByRole("heading", { level: 1 })).toContainText("92.820 tỷ đồng", { timeout: 25_000 });
  await expect(page).toHaveURL(/as_of=2022-05-31/);
  // The day goes with the reader.
  await page.getByRole("link", { name: /^10 / }).click();
  await expect(page.getByLabel("Số liệu biết đến")).toHaveValue("2022-05-31");
});

test("script adds hover to a chart and takes nothing away", async ({ page }) => {
  await page.goto("/indicators/1001");
  await page.getByRole("button", { name: "Xem từng điểm, phóng to" }).first().click();
  const chart = page.locator("figure .interactive");
  await expect(chart.locator("svg")).toBeVisible();
  const box = await chart.boundingBox();
  await page.mouse.move(box!.x + box!.width / 2, box!.y + box!.height / 2);
  // The words of the table: the chart knows no other figures.
  await expect(chart).toContainText(/Tháng \d+\/\d{4}/);
  await expect(page.getByText("Bảng số liệu").first()).toBeVisible();
});
