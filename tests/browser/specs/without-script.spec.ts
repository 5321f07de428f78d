// Script only adds: with it switched off every page shows its charts and tables, and every form has its button.
import { drawings, expect, test } from "../site";
import { PLACES } from "../pages";

test.use({ javaScriptEnabled: false });

for (const place of PLACES) {
  test(`${place.name} is whole without script`, async ({ page }) => {
    await page.goto(place.address);
    await expect(page.locator("h1")).toBeVisible();
    if (place.drawn) {
      await expect(drawings(page).first()).toBeVisible();
      // A button that only script could serve is not there.
      await expect(page.locator(".interact")).toHaveCount(0);
    }
  });
}

test("period, area and day are chosen with links and a button", async ({ page }) => {
  await page.goto("/");
  await page.getByRole("combobox", { name: "Địa bàn" }).selectOption("760");
  await page.getByRole("button", { name: "Xem", exact: true }).click();
  await expect(page).toHaveURL(/area=760/);
  await page.getByRole("link", { name: "Quý" }).click();
  await expect(page).toHaveURL(/freq=Q/);
  await expect(page.getByRole("heading", { level: 1 })).toContainText("Quận 1");
  await page.getByLabel("Tìm chỉ tiêu, địa bàn, đơn vị").fill("tre han");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("main")).toContainText("trễ hạn");
});

test("the table behind a chart unfolds without script", async ({ page }) => {
  await page.goto("/indicators/0403");
  await page.getByText("Bảng số liệu").first().click();
  await expect(page.getByRole("table").first().getByRole("row").nth(1)).toBeVisible();
});
