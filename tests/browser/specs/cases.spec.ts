// Reports of citizens: who is late, and which reports these are.
import { drawings, expect, test } from "../site";

test("three clicks lead from the city to the reports behind the worst district", async ({ page }) => {
  await page.goto("/");
  const worst = page.locator(".attention").first().getByRole("listitem").filter({ hasText: /trễ hạn/ }).first();
  const share = /trễ hạn (\d+)/.exec((await worst.innerText()).replaceAll("\u00a0", " "))?.[1] ?? "no share";
  expect(Number(share)).toBeGreaterThan(60);

  await worst.getByRole("link").first().click();
  await expect(page).toHaveURL(/\/cases\?.*area=/);
  await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
  await expect(page.locator("table.heat")).toBeVisible();

  // The darkest ward, all its fields together.
  await page.locator("table.heat tbody tr").first().locator("td.c a").first().click();
  await expect(page).toHaveURL(/\/cases\/list\?.*area=/);
  await expect(page.getByRole("banner")).toBeVisible();
  const reports = page.locator("table.ids tbody tr");
  await expect(reports.first()).toContainText("trễ");

  await reports.first().getByRole("link").first().click();
  await expect(page).toHaveURL(/\/cases\/1022-/);
  await expect(page.getByRole("heading", { name: "Diễn biến" })).toBeVisible();
  await expect(page.getByRole("banner")).toBeVisible();
});

test("the reports behind a share are one click away as well", async ({ page }) => {
  await page.goto("/");
  await page.getByRole("link", { name: /^→ xem hồ sơ/ }).first().click();
  await expect(page).toHaveURL(/\/cases\/list\?.*area=/);
  await expect(page.locator("table.ids tbody tr").first()).toContainText("trễ");
});

test("a report has its course, its deadlines, its place in a file and no name", async ({ page }) => {
  await page.goto("/cases/list");
  await page.locator("table.ids tbody a").first().click();
  await expect(page).toHaveURL(/\/cases\/1022-/);
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

test("a filter chosen by keyboard keeps the place, and a day is sent when it is whole", async ({ page }) => {
  await page.goto("/cases");
  const area = page.getByRole("combobox", { name: "Địa bàn" });
  await area.focus();
  // Down the list: what is passed on the way is not asked for.
  for (let i = 0; i < 40 && (await area.inputValue()) !== "773"; i++) await page.keyboard.press("ArrowDown");
  await expect(page).toHaveURL(/area=773/);
  await expect(area).toBeFocused();
  await page.getByLabel("Từ", { exact: true }).fill("2022-05-01");
  await expect(page).not.toHaveURL(/from=2022/);
  await page.getByRole("button", { name: "Lọc" }).click();
  await expect(page).toHaveURL(/from=2022-05-01/);
  await expect(page.getByRole("main")).toContainText("1/5");
});
