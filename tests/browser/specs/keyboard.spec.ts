// Hands off the mouse: the way in, the way through, and always in sight where one is.
import { expect, test } from "../site";
import type { Page } from "@playwright/test";

/** Whether what has the focus is marked, and not hidden under something. */
async function focusIsSeen(page: Page): Promise<void> {
  const seen = await page.evaluate(() => {
    const held = document.activeElement;
    if (!held || held === document.body) return "nothing has the focus";
    const style = getComputedStyle(held);
    const box = held.getBoundingClientRect();
    const marked = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2;
    const placed = box.width > 0 && box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth;
    return marked && placed ? "" : `${held.outerHTML.slice(0, 120)} marked=${marked} placed=${placed}`;
  });
  expect(seen).toBe("");
}

test("the first key leads past the navigation", async ({ page }) => {
  await page.goto("/");
  await page.keyboard.press("Tab");
  const skip = page.getByRole("link", { name: "Đến nội dung" });
  await expect(skip).toBeFocused();
  await expect(skip).toBeInViewport();
  await page.keyboard.press("Enter");
  await expect(page.locator("#page")).toBeFocused();
  await page.keyboard.press("Tab");
  expect(await page.evaluate(() => document.activeElement?.closest("#page") !== null)).toBe(true);
});

for (const address of ["/", "/indicators/0403", "/units/760", "/explore?i=0403&a=79", "/cases", "/dashboards/kinh-te"]) {
  test(`every stop on ${address} is marked and in sight`, async ({ page }) => {
    await page.goto(address);
    for (let stop = 0; stop < 30; stop++) {
      await page.keyboard.press("Tab");
      await focusIsSeen(page);
    }
  });
}

test("the pickers work by keyboard and keep the place", async ({ page }) => {
  await page.goto("/");
  const area = page.getByRole("combobox", { name: "Địa bàn" });
  await area.focus();
  await page.keyboard.type("Quận 1");
  await expect(page).toHaveURL(/area=760/);
  await expect(page.getByRole("heading", { level: 1 })).toContainText("Quận 1");
  // The page was changed under the reader, the place on it was not.
  await expect(page.getByRole("combobox", { name: "Địa bàn" })).toBeFocused();

  const back = page.getByRole("link", { name: "Kỳ trước" });
  await back.focus();
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(/period=2022-05/);
  await expect(page.getByRole("link", { name: "Kỳ trước" })).toBeFocused();

  // A date is sent when it is whole, not while its year is being typed.
  await page.getByLabel("Số liệu biết đến").focus();
  await page.keyboard.type("06102022");
  await expect(page).not.toHaveURL(/as_of=0/);
  await page.getByRole("button", { name: "Xem", exact: true }).press("Enter");
  await expect(page).toHaveURL(/as_of=2022-\d\d-\d\d/, { timeout: 25_000 });
});

test("a table that has to be pushed can be pushed by keyboard", async ({ page }) => {
  await page.setViewportSize({ width: 360, height: 800 });
  await page.goto("/indicators/0403");
  await page.getByText("Bảng số liệu").first().focus();
  await page.keyboard.press("Enter");
  await page.keyboard.press("Tab");
  const table = page.getByRole("region", { name: "Bảng số liệu theo kỳ" });
  await expect(table).toBeFocused();
  for (let i = 0; i < 4; i++) await page.keyboard.press("ArrowRight");
  await expect.poll(() => table.evaluate((e) => e.scrollLeft)).toBeGreaterThan(0);
});

test("back is back", async ({ page }) => {
  await page.goto("/");
  const title = await page.getByRole("heading", { level: 1 }).innerText();
  await page.getByRole("combobox", { name: "Địa bàn" }).selectOption("760");
  await expect(page).toHaveURL(/area=760/);
  await page.goBack();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText(title);
  await expect(page.getByRole("combobox", { name: "Địa bàn" })).toHaveValue("");
});
