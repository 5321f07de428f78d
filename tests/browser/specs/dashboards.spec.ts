// A city's own page is a file: written, it is there; wrong, it says where.
import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { drawings, expect, test } from "../site";

const FOLDER = process.env.PAGES_DASHBOARDS ?? "";
const FILE = "thu-nghiem.toml";

const page = (tiles: string) => `version = 1
title_vi = "Bảng thử nghiệm"
title_en = "Trial"

[[section]]
title_vi = "Thương mại"
title_en = "Trade"
${tiles}`;

const tile = (code: string) => `
[[section.tile]]
kind = "number"
indicator = "${code}"
`;

test.skip(!FOLDER, "the folder of dashboards is another server's");
test.afterEach(() => rmSync(join(FOLDER, FILE), { force: true }));

test("a tile appears without a restart, and a wrong code is named with file and line", async ({ page: screen, faults }) => {
  faults.allow(/status of 404/, /^answer: 404 /);
  writeFileSync(join(FOLDER, FILE), page(tile("1001")));
  await expect(async () => {
    await screen.goto("/dashboards");
    await screen.getByRole("link", { name: "Bảng thử nghiệm" }).click({ timeout: 500 });
  }).toPass({ timeout: 10_000 });
  await expect(screen.getByRole("heading", { level: 1 })).toContainText("Bảng thử nghiệm");
  await expect(screen.getByRole("main")).toContainText("Tổng mức bán lẻ");
  await expect(screen.getByRole("main")).not.toContainText("Chỉ số giá tiêu dùng");

  writeFileSync(join(FOLDER, FILE), page(tile("1001") + tile("1101")));
  await expect(async () => {
    await screen.reload();
    await expect(screen.getByRole("main")).toContainText("Chỉ số giá tiêu dùng", { timeout: 300 });
  }).toPass({ timeout: 10_000 });

  writeFileSync(join(FOLDER, FILE), page(tile("1001") + tile("1102") + tile("1019")));
  await expect(async () => {
    await screen.goto("/dashboards");
    await expect(screen.getByRole("row", { name: new RegExp(FILE) })).toContainText("1019", { timeout: 300 });
  }).toPass({ timeout: 10_000 });
  // The line of the code, and the nearest one there is.
  const fault = screen.getByRole("row", { name: new RegExp(FILE) });
  await expect(fault.getByRole("cell").first()).toHaveText("19");
  await expect(fault).toContainText(/10\d\d/);
  // What was good is still shown.
  await screen.goto("/dashboards/thu-nghiem");
  await expect(screen.getByRole("main")).toContainText("Chỉ số giá tiêu dùng");
  await expect(screen.getByRole("main")).toContainText("tệp khai báo đang có lỗi", { ignoreCase: true });
});

test("every declared dashboard shows figures, and every number is a door", async ({ page: screen }) => {
  await screen.goto("/dashboards");
  const links = screen.getByRole("main").locator("ul.list a.name");
  const addresses = await links.evaluateAll((all) => all.map((a) => a.getAttribute("href") ?? ""));
  expect(addresses.length).toBeGreaterThanOrEqual(4);
  for (const address of addresses.filter((a) => !a.includes("thu-nghiem"))) {
    await screen.goto(address);
    await expect(screen.locator("h1")).toHaveCount(1);
    expect(await drawings(screen).count(), address).toBeGreaterThan(0);
    expect(await screen.getByRole("main").locator("a[href*='/indicators/'], a[href*='/cases'], a[href*='/groups/']").count(), address).toBeGreaterThan(2);
  }
});
