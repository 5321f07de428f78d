// Reports of citizens: who is late, and which reports these are.
import { drawings, expect, test } from "../site";
import { isThere } from "../pages";

test.beforeEach(async ({ request }) => {
  test.skip(!(await isThere(request, "/cases")), "not in this build");
});

test("three clicks lead from the city to the reports behind the worst district", async ({ page }) => {
  await page.goto("/?as_of=2022-05-25");
  const attention = page.locator(".attention").first();
  const district = attention.getByRole("listitem").filter({ hasText: /trễ hạn 70/ });
  await district.getByRole("link").first().click();

  await expect(page).toHaveURL(/\/cases\?.*area=/);
  await expect(page.getByRole("heading", { level: 1 })).toContainText("70");
  // A cell of the heatmap goes one level down.
  await page.locator("table.heat td.c a").first().click();
  const list = page.getByRole("link", { name: "Danh sách hồ sơ trễ hạn" });
  if (await list.isVisible()) await list.click();
  await expect(page).toHaveURL(/\/cases\/list/);
  await expect(page.getByRole("main").locator("table.ids tbody tr").first()).toBeVisible();
});

test("a report has its course, its deadlines, its place in a file and no name", async ({ page }) => {
  await page.goto("/cases/list");
  await page.locator("table.ids tbody a").first().click();
  await expect(page).toHaveURL(/\/cases\/[^/?]+/);
  await expect(page.getByRole("heading", { name: "Diễn biến" })).toBeVisible();
  expect(await page.locator("ol.timeline li").count()).toBeGreaterThan(0);
  await expect(page.getByRole("table").first()).toContainText(/\d+\/\d+\/2022/);
  await expect(page.getByRole("main")).toContainText("Tệp, dòng");
});

test("the pages about reports are joined and each shows its charts", async ({ page }) => {
  await page.goto("/cases");
  const tabs = page.getByRole("navigation", { name: "Các trang về phản ánh 1022" }).getByRole("link");
  expect(await tabs.count()).toBeGreaterThanOrEqual(4);
  for (const address of await tabs.evaluateAll((all) => all.map((a) => a.getAttribute("href") ?? ""))) {
    await page.goto(address);
    await expect(page.locator("h1")).toHaveCount(1);
    expect(await page.getByRole("table").count(), address).toBeGreaterThan(0);
  }
});

test("a new report appears by itself and is said politely", async ({ page }) => {
  // The server's part is held by its own tests; here it says that something came.
  await page.route("**/cases/stream*", (route) =>
    route.fulfill({
      contentType: "text/event-stream",
      body: `retry: 600000\nevent: cases\ndata: ${JSON.stringify({ words: "3 phản ánh mới lúc 08:05", aloud: true })}\n\n`,
    }),
  );
  const again = page.waitForRequest((request) => request.headers()["hx-request"] === "true");
  await page.goto("/cases");
  await again;
  const news = page.getByRole("status");
  await expect(news).toHaveText("3 phản ánh mới lúc 08:05");
  await expect(news).toHaveAttribute("aria-live", "polite");
  await expect(page.locator("table.heat")).toBeVisible();
});

test("on a phone the heatmap is a ranked list", async ({ page }) => {
  await page.setViewportSize({ width: 360, height: 800 });
  await page.goto("/cases");
  await expect(page.locator("table.heat")).toBeHidden();
  await expect(page.locator(".ranked-list li").first()).toBeVisible();
  expect(await drawings(page).count()).toBeGreaterThan(5);
});
