import { expect, it } from "vitest";
import { csvFile } from "./csv-file";

const HEADER = "blob,row\r\n";

it("joins pages to one file: the mark, one header, and every row", () => {
  const pages = [`${HEADER}a,1\r\n`, `${HEADER}"b\nc",2\r\n`, HEADER, "blob,row"];
  expect(csvFile(pages).join("")).toBe(`\ufeff${HEADER}a,1\r\n"b\nc",2\r\n`);
});
