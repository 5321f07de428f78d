// Indicators by areas by periods, as an address that can be sent to somebody.
import { drawings, expect, test } from "../site";

test("what is drawn is an address, and whoever opens it sees the same", async ({ page, browser }) => {
  await page.goto("/explore");
  await page.getByRole("listbox", { name: "Chỉ tiêu" }).selectOption(["0403"]);
  await page.getByRole("listbox", { name: "Địa bàn" }).selectOption(["79", "760"]);
  await page.getByLabel(/^Từ/).fill("2021-01");
  await page.getByLabel("Đến", { exact: true }).fill("2022-05");
  await page.getByRole("button", { name: "Vẽ" }).click();
  await expect(page).toHaveURL(/i=0403/);
  const title = await page.getByRole("heading", { level: 1 }).innerText();
  expect(title).toContain("Tỷ lệ giải ngân kế hoạch vốn đầu tư công");
  expect(await drawings(page).count()).toBeGreaterThan(0);
  const table = page.locator("main figure table");
  await expect(table.locator("tr")).toHaveCount(18);

  const other = await browser.newPage();
  await other.goto(page.url());
  await expect(other.getByRole("heading", { level: 1 })).toHaveText(title);
  await expect(other.locator("main figure table tr")).toHaveCount(18);
  await other.close();
});

test("what is shown can be taken along in every format", async ({ page }) => {
  await page.goto("/explore?i=0403&a=79,760&by=M&from=2022-01&to=2022-05");
  const links = page.locator("main .download a");
  const wanted: Record<string, RegExp> = {
    XLSX: /spreadsheetml/,
    CSV: /^text\/csv/,
    "JSON-stat": /json/,
    Parquet: /parquet/,
    PNG: /^image\/png/,
    SVG: /^image\/svg/,
  };
  for (const [name, type] of Object.entries(wanted)) {
    const address = await links.filter({ hasText: new RegExp(`^${name}`) }).first().getAttribute("href");
    const answer = await page.request.get(address ?? `no link ${name}`);
    expect(answer.status(), name).toBe(200);
    expect(answer.headers()["content-type"], name).toMatch(type);
    expect((await answer.body()).length, name).toBeGreaterThan(100);
  }
  const [file] = await Promise.all([page.waitForEvent("download"), links.filter({ hasText: /^CSV/ }).first().click()]);
  expect(file.suggestedFilename()).toMatch(/\.csv$/);
});
