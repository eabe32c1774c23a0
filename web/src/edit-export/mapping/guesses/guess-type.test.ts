import { describe, expect, it } from "vitest";
import { guessProperty } from "./guess-type";

const entry = (name: string, ...values: string[]) => guessProperty({ name, values, segments: [] });

describe("the type of a property", () => {
  it("is that of all values", () => {
    expect(entry("Points", "0", "9000")).toEqual({ column: "Points", type: "integer" });
    expect(entry("Score", "0.5", "12")).toEqual({ column: "Score", type: "number" });
    expect(entry("Active", "true", "FALSE")).toEqual({ column: "Active", type: "boolean" });
    expect(entry("Seen", "2026-11-01T10:00:00Z")).toEqual({ column: "Seen", type: "datetime" });
    expect(entry("Born", "1990-05-17", "1988-01-02")).toEqual({ column: "Born", type: "date" });
  });

  it("has the form in which numbers and dates are written", () => {
    expect(entry("Price", "12,50", "3,5")).toEqual({ column: "Price", type: "number", decimal_comma: true });
    expect(entry("Born", "17.5.1990")).toEqual({ column: "Born", type: "date", date_format: "%d.%m.%Y" });
  });

  it("is not guessed where a value is something else, or can be read in two ways", () => {
    expect(entry("Mixed", "1", "one")).toBe("Mixed");
    expect(entry("Born", "03/04/2026")).toBe("Born");
    expect(entry("Empty")).toBe("Empty");
  });

  it("leaves digits that name something as they are", () => {
    expect(entry("Store", "00123")).toBe("Store");
    expect(entry("StoreCode", "123")).toBe("StoreCode");
    expect(entry("customer_id", "123")).toBe("customer_id");
    expect(entry("Код магазину", "123")).toBe("Код магазину");
    expect(entry("Paid", "12")).toEqual({ column: "Paid", type: "integer" });
  });
});
