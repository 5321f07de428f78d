// A district, a ward, a department: how it stands, and its way up and down.
import { expect, test } from "../site";

test("a district stands among its peers, weakest first", async ({ page }) => {
  await page.goto("/");
  await page.getByRole("link", { name: "Đơn vị, địa bàn" }).click();
  await page.getByRole("link", { name: "Quận 1", exact: true }).click();
  await expect(page).toHaveURL(/\/units\/760/);
  await expect(page.getByRole("heading", { level: 1 })).toContainText(/^Quận 1: trong \d+ chỉ tiêu so sánh được/);
  const card = page.getByRole("table").first();
  await expect(card.getByRole("columnheader", { name: "Hạng" })).toBeVisible();
  // Of 22, and what is measured by its growth says so.
  await expect(card).toContainText("/22");
  await expect(card).toContainText("theo mức tăng");

  await card.getByRole("rowheader", { name: /^0403 / }).getByRole("link").click();
  await expect(page).toHaveURL(/\/indicators\/0403\?.*area=760/);
  await expect(page.getByRole("heading", { level: 1 })).toContainText("Quận 1");
});

test("a ward is two clicks from its district and knows the way back", async ({ page }) => {
  await page.goto("/units/760");
  await page.getByRole("link", { name: "Phường Bến Nghé" }).click();
  await expect(page.getByRole("heading", { level: 1 })).toContainText("Phường Bến Nghé");
  await page.getByRole("list", { name: "Đường dẫn" }).getByRole("link", { name: "Quận 1" }).click();
  await expect(page).toHaveURL(/\/units\/760/);
});

test("a department answers for its indicators", async ({ page }) => {
  await page.goto("/units");
  await page.getByRole("link", { name: "Sở Y tế" }).click();
  await expect(page.getByRole("heading", { level: 1 })).toContainText(/^Sở Y tế: \d+\/\d+ chỉ tiêu đạt/);
  await expect(page.getByRole("rowheader", { name: /^16\d\d / })).toHaveCount(5);
});
