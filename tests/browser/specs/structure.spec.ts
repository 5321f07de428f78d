// What a screen reader is told of the main pages: landmarks, headings in order, names of links, charts in words, tables.
// Figures may change; that a chart has its sentence and a table its heads may not.
import { expect, test } from "../site";

test("the frame around every page", async ({ page }) => {
  await page.goto("/methods");
  await expect(page.locator("body")).toMatchAriaSnapshot(`
    - link "Đến nội dung"
    - banner:
      - link /Toàn Cảnh/
      - navigation "Các trang":
        - link "Toàn cảnh"
        - link "Phản ánh 1022"
        - link "Đơn vị, địa bàn"
        - link "Bảng theo dõi"
        - link "Báo cáo"
        - link "Khám phá"
        - link "Danh mục"
        - link "Nguồn số liệu"
      - search:
        - searchbox "Tìm chỉ tiêu, địa bàn, đơn vị"
      - link "EN"
    - main:
      - heading [level=1]
    - contentinfo:
      - link "Phương pháp"
      - link "Màn hình lớn"
      - link "API"
  `);
});

test("the overview", async ({ page }) => {
  await page.goto("/");
  await expect(page.locator("main")).toMatchAriaSnapshot(`
    - main:
      - form "Kỳ và địa bàn":
        - link "Quý"
        - link "Năm"
        - link "Kỳ trước"
        - combobox "Địa bàn":
          - option "Toàn thành phố" [selected]
          - option "Quận 1"
        - textbox "Số liệu biết đến"
        - button "Xem"
      - heading /Tháng \\d+\\/\\d+. \\d+ trong \\d+ chỉ tiêu đánh giá được đạt tiến độ/ [level=1]
      - paragraph: /\\d+ không đạt \\d+ cần theo dõi \\d+ đạt/
      - heading "Cần chú ý" [level=2]
      - list:
        - listitem:
          - text: không đạt
          - link:
            - /url: /indicators/
          - text: /kế hoạch/
      - heading "Các nhóm chỉ tiêu, yếu nhất trước" [level=2]
      - article:
        - heading /^không đạt. \\d\\d / [level=3]:
          - link:
            - /url: /groups/
        - paragraph:
          - link /\\d/:
            - /url: /indicators/
        - img
        - paragraph: /\\d+\\/\\d+ chỉ tiêu đạt/
  `);
  await expect(page.getByRole("article")).toHaveCount(20);
});

test("an indicator", async ({ page }) => {
  await page.goto("/indicators/0403");
  await page.getByText("Bảng số liệu").first().click();
  await expect(page.locator("main")).toMatchAriaSnapshot(`
    - main:
      - form "Kỳ và địa bàn"
      - list "Đường dẫn":
        - listitem:
          - link "Toàn cảnh"
        - listitem:
          - link "04 Đầu tư và xây dựng"
        - listitem: /0403/
      - heading /Tỷ lệ giải ngân kế hoạch vốn đầu tư công tháng \\d+\\/\\d+ đạt .* %/ [level=1]
      - paragraph:
        - link /^\\d+,\\d$/
      - paragraph:
        - link "Giải thích con số này"
      - term: Kỳ trước
      - definition: /%/
      - term: Cùng kỳ năm trước
      - heading "Diễn biến" [level=2]
      - figure /so với cùng kỳ/:
        - img /Tháng \\d+\\/\\d+/
        - group:
          - region "Bảng số liệu theo kỳ":
            - table /Tháng \\d+\\/\\d+/:
              - rowgroup:
                - row:
                  - columnheader "Kỳ"
                  - columnheader "Giá trị"
                  - columnheader "Cùng kỳ năm trước"
              - rowgroup:
                - row:
                  - rowheader /Tháng \\d+\\/\\d+/
                  - cell /\\d/
        - button "Xem từng điểm, phóng to"
      - heading "Theo từng phần" [level=2]
      - heading "Mọi giá trị đã công bố của con số này" [level=2]
      - region "Các giá trị đã công bố":
        - table
      - heading "Các quận, huyện" [level=2]
      - figure:
        - img /Yếu nhất là .* tốt nhất là/
      - figure:
        - img /địa bàn/
      - heading "Phiếu chỉ tiêu" [level=2]
      - term: Định nghĩa
      - term: Công thức
  `);
});

test("an explanation", async ({ page }) => {
  await page.goto("/indicators/1001/explain?period=2022-05");
  await expect(page.locator("main")).toMatchAriaSnapshot(`
    - main:
      - list "Đường dẫn"
      - heading /Tổng mức bán lẻ .* tháng 5\\/2022 đạt/ [level=1]
      - heading "Số liệu đã dùng, đến tận tệp và ô" [level=2]
      - table "Số liệu báo cáo đứng sau con số này":
        - rowgroup:
          - row:
            - columnheader "Số đo"
            - columnheader "Vai trò"
            - columnheader "Địa bàn"
            - columnheader "Kỳ"
            - columnheader "Giá trị"
            - columnheader "Tình trạng"
            - columnheader "Công bố"
            - columnheader "Tệp, trang, ô"
            - columnheader "Lần lấy số liệu"
        - rowgroup:
          - row:
            - rowheader /Tổng mức bán lẻ/
      - paragraph:
        - link "Toàn bộ giải thích (JSON)"
      - heading "Mọi giá trị đã công bố của con số này" [level=2]
      - heading "Phiếu chỉ tiêu" [level=2]
  `);
});

test("a district", async ({ page }) => {
  await page.goto("/units/760");
  await expect(page.locator("main")).toMatchAriaSnapshot(`
    - main:
      - form "Kỳ và địa bàn"
      - list "Đường dẫn"
      - heading /^Quận 1. trong \\d+ chỉ tiêu so sánh được/ [level=1]
      - table /Yếu nhất trước/:
        - rowgroup:
          - row:
            - columnheader "Chỉ tiêu"
            - columnheader "Giá trị"
            - columnheader "Hạng"
            - columnheader "Đơn vị ở giữa"
            - columnheader "Thay đổi"
            - columnheader "So kế hoạch"
        - rowgroup:
          - row:
            - rowheader /^\\d{4} /:
              - link
            - cell /\\d/
            - cell /\\d+\\/\\d+/
      - heading "Phường, xã" [level=2]
      - list:
        - listitem:
          - link "Phường Bến Nghé"
  `);
});

test("reports of citizens", async ({ page }) => {
  await page.goto("/cases");
  await expect(page.locator("main")).toMatchAriaSnapshot(`
    - main:
      - list "Đường dẫn"
      - heading /trễ hạn \\d+ %/ [level=1]
      - navigation "Các trang về phản ánh 1022":
        - link "Bảng nhiệt"
        - link "Xếp hạng đơn vị"
        - link "Tồn đọng, thời gian xử lý"
        - link "Hồ sơ"
      - form "Lọc phản ánh":
        - combobox "Địa bàn"
        - combobox "Đơn vị xử lý"
        - combobox "Lĩnh vực"
        - combobox "Kênh"
        - textbox "Từ"
        - textbox "đến"
        - textbox "Số liệu biết đến"
        - button "Lọc"
      - term: tiếp nhận
      - definition:
        - link /\\d/
      - term: đã xử lý
      - term: chưa xử lý
      - term: trễ hạn
      - heading "Tỷ lệ trễ hạn" [level=2]
      - region "Bảng nhiệt tỷ lệ trễ hạn":
        - table /% trễ hạn/:
          - rowgroup:
            - row:
              - columnheader "Quận, huyện"
              - columnheader "Chung"
          - rowgroup:
            - row:
              - rowheader:
                - link
              - cell:
                - link /\\d+ %/
      - heading "Sắp đến hạn, theo đơn vị" [level=2]
  `);
});

test("a declared dashboard", async ({ page }) => {
  await page.goto("/dashboards/kinh-te");
  await expect(page.locator("main")).toMatchAriaSnapshot(`
    - main:
      - navigation "Đường dẫn"
      - form "Kỳ và địa bàn"
      - heading /^Kinh tế/ [level=1]
      - heading "Điểm chính" [level=2]
      - article:
        - heading [level=3]:
          - link:
            - /url: /indicators/
        - paragraph:
          - link /\\d/:
            - /url: /explain/
      - heading "Thương mại và giá cả" [level=2]
      - article:
        - heading [level=3]
        - figure:
          - img /Tháng \\d+\\/\\d+/
          - group
  `);
});

test("the sources", async ({ page }) => {
  await page.goto("/sources");
  await expect(page.locator("main")).toMatchAriaSnapshot(`
    - main:
      - heading /\\d+ trong \\d+ nguồn số liệu/ [level=1]
      - heading "Chậm hoặc lỗi" [level=2]
      - list:
        - listitem:
          - link
      - heading "Từng nguồn" [level=2]
      - table /Các nguồn số liệu/:
        - rowgroup:
          - row:
            - columnheader "Nguồn"
            - columnheader "Tình trạng"
            - columnheader "Nhận tốt gần nhất"
            - columnheader "Cam kết"
            - columnheader "Lần tới"
            - columnheader "Dòng không nhận"
        - rowgroup:
          - row:
            - rowheader
            - cell "chậm"
      - heading "Dòng không nhận" [level=2]
      - region "Dòng không nhận"
      - heading "Các lần lấy số liệu gần đây" [level=2]
  `);
});
