// What leaves the building: infographics and reports, made on the server, the same to the last byte when made again.
import { expect, test } from "../site";

const TYPES: Record<string, RegExp> = { PDF: /^application\/pdf/, PNG: /^image\/png/, SVG: /^image\/svg/ };

test("three infographics can be looked at and taken along", async ({ page }) => {
  await page.goto("/infographics");
  const cards = page.getByRole("article");
  expect(await cards.count()).toBeGreaterThanOrEqual(3);
  for (const card of await cards.all()) {
    const picture = card.getByRole("img").first();
    await picture.scrollIntoViewIfNeeded();
    await expect.poll(() => picture.evaluate((e) => (e as HTMLImageElement).naturalWidth), { timeout: 15_000 }).toBeGreaterThan(100);
    for (const [form, type] of Object.entries(TYPES)) {
      const address = await card.getByRole("link", { name: new RegExp(`${form}$`) }).first().getAttribute("href");
      const answer = await page.request.get(address ?? `no ${form}`);
      expect(answer.status(), `${address}`).toBe(200);
      expect(answer.headers()["content-type"], `${address}`).toMatch(type);
      expect((await answer.body()).length, `${address}`).toBeGreaterThan(5_000);
    }
  }
});

test("the monthly brief is one click away, and a reprint is the same", async ({ page }) => {
  await page.goto("/reports");
  const pdf = await page.getByRole("link", { name: /^PDF, / }).first().getAttribute("href");
  const first = await page.request.get(pdf ?? "no PDF", { timeout: 25_000 });
  expect(first.status()).toBe(200);
  expect(first.headers()["content-type"]).toMatch(/^application\/pdf/);
  const bytes = await first.body();
  expect(bytes.subarray(0, 5).toString()).toBe("%PDF-");
  const again = await (await page.request.get(pdf!, { headers: { "cache-control": "no-cache" } })).body();
  expect(again.equals(bytes)).toBe(true);

  const tables = await page.getByRole("link", { name: /^Excel, / }).first().getAttribute("href");
  const book = await page.request.get(tables ?? "no XLSX", { timeout: 25_000 });
  expect(book.status()).toBe(200);
  expect(book.headers()["content-type"]).toMatch(/spreadsheetml/);
});
