// Catalogue, methods, sources, search: where a figure comes from and how it is found.
import { expect, test } from "../site";

test("the catalogue lists every indicator under its group", async ({ page }) => {
  await page.goto("/catalog");
  await expect(page.getByRole("heading", { level: 1 })).toHaveText(/^Danh mục 110 chỉ tiêu trong 20 nhóm$/);
  await expect(page.getByRole("rowheader")).toHaveCount(110);
  await page.getByRole("navigation", { name: "Các nhóm" }).getByRole("link", { name: /^14 / }).click();
  await expect(page.getByRole("heading", { name: /^14 / })).toBeInViewport();
  await page.getByRole("link", { name: "Tỷ lệ phản ánh, kiến nghị trễ hạn" }).click();
  await expect(page).toHaveURL(/\/indicators\/1405/);
});

test("the methods say how a figure is made and what a state means", async ({ page }) => {
  await page.goto("/catalog");
  await page.getByRole("link", { name: "Số liệu được làm ra như thế nào" }).click();
  await expect(page.getByRole("heading", { name: "Tình trạng so với kế hoạch" })).toBeVisible();
  await expect(page.getByText("● đạt, ◆ cần theo dõi, ▼ không đạt, ○ chưa đánh giá")).toBeVisible();
});

test("the sources say which of them is late", async ({ page }) => {
  await page.goto("/");
  await page.getByRole("navigation", { name: "Các trang" }).getByRole("link", { name: "Nguồn số liệu" }).click();
  await expect(page.getByRole("heading", { level: 1 })).toContainText(/\d+ trong \d+ nguồn số liệu/);
  await expect(page.getByRole("main")).toContainText("chậm");
  await expect(page.locator("#ctk_monthly")).toContainText("đúng hạn");
});

test("search needs no diacritics", async ({ page }) => {
  await page.goto("/");
  // As on many pages of figures, "/" leads to the field.
  await page.keyboard.press("/");
  await page.keyboard.type("tre han");
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(/\/search\?q=tre(\+|%20)han/);
  const first = page.getByRole("main").getByRole("listitem").first();
  await expect(first).toContainText("trễ hạn");
  await first.getByRole("link").click();
  await expect(page).toHaveURL(/\/indicators\/1405/);
});

test("search finds places and authorities too, and says when there is nothing", async ({ page }) => {
  await page.goto("/search?q=thu+duc");
  await expect(page.getByRole("link", { name: "Thành phố Thủ Đức" })).toBeVisible();
  await page.goto("/search?q=so+y+te");
  await expect(page.getByRole("link", { name: "Sở Y tế" })).toBeVisible();
  await page.goto("/search?q=khongcogi");
  await expect(page.getByRole("main").getByRole("link", { name: "danh mục" })).toBeVisible();
});
