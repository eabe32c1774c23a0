import { FluentProvider, webLightTheme } from "@fluentui/react-components";
import { fireEvent, render, screen, within } from "@testing-library/react";
import { useState } from "react";
import { IntlProvider } from "use-intl";
import { describe, expect, it, vi } from "vitest";
import en from "../../messages/en";
import { MappingEditor } from "./MappingEditor";
import type { Column } from "./rules/columns";
import type { Mapping } from "./rules/fields";
import type { PlacedProblem } from "./rules/problems";

// A form of many fields takes a while to draw where the machine has other things to do.
vi.setConfig({ testTimeout: 30_000 });

// jsdom lays nothing out, and so has none.
vi.stubGlobal(
  "ResizeObserver",
  class {
    observe() {}
    unobserve() {}
    disconnect() {}
  },
);

const COLUMNS: Column[] = [
  { name: "EMail", values: ["ann@example.com"], segments: ["vip"] },
  { name: "FirstName", values: ["Ann"], segments: ["vip"] },
  { name: "Points", values: ["12", "9000"], segments: ["vip"] },
];

const OTHERS: Column[] = [
  { name: "Mail", values: ["bob@example.com"], segments: ["eu"] },
  { name: "City", values: ["Kyiv"], segments: ["eu"] },
];

type More = { columns?: Column[]; problems?: PlacedProblem[]; disabled?: boolean };

function Form(props: More & { start: Mapping; onChange: (mapping: Mapping) => void }) {
  const { start, onChange, ...more } = props;
  const [mapping, setMapping] = useState(start);
  return (
    <MappingEditor
      mapping={mapping}
      phoneRegion={null}
      columns={more.columns ?? COLUMNS}
      onChange={(changed) => {
        setMapping(changed);
        onChange(changed);
      }}
      onPhoneRegion={() => undefined}
      {...more}
    />
  );
}

function show(start: Mapping, more: More = {}) {
  const seen = { last: start };
  const form = (now: More) => (
    <IntlProvider locale="en" messages={en} timeZone="UTC">
      <FluentProvider theme={webLightTheme}>
        <Form
          start={start}
          onChange={(mapping) => {
            seen.last = mapping;
          }}
          {...now}
        />
      </FluentProvider>
    </IntlProvider>
  );
  const { rerender } = render(form(more));
  return { seen, change: (now: More) => rerender(form(now)) };
}

describe("an empty mapping", () => {
  it("is filled with guesses, which can be taken back and stay out", () => {
    const { seen } = show({ email: "" });
    expect(seen.last).toEqual({ email: "EMail", first_name: "FirstName" });
    fireEvent.click(screen.getByText("Undo"));
    expect(seen.last).toEqual({ email: "" });
  });

  it("is guessed anew for other columns, until somebody has decided or taken the guesses back", () => {
    const { seen, change } = show({ email: "" });
    change({ columns: OTHERS });
    expect(seen.last).toEqual({ email: "Mail", location: { city: "City" } });
    fireEvent.click(screen.getByText("Undo"));
    change({ columns: COLUMNS });
    expect(seen.last).toEqual({ email: "" });
  });

  it("stays empty for somebody who may not change it", () => {
    expect(show({ email: "" }, { disabled: true }).seen.last).toEqual({ email: "" });
  });
});

describe("a mapping", () => {
  it("keeps what somebody has decided when other segments are chosen", () => {
    const { seen, change } = show({ email: "" });
    fireEvent.click(screen.getByLabelText("Send the column Points as a property"));
    const decided = seen.last;
    change({ columns: OTHERS });
    expect(seen.last).toEqual(decided);
  });

  it("is left as it is, and names what stays here", () => {
    const { seen } = show({ email: "EMail" });
    expect(seen.last).toEqual({ email: "EMail" });
    expect(screen.getByText("2 columns are not sent. They do not leave your storage.")).toBeTruthy();
    fireEvent.click(screen.getByLabelText("Send the column Points as a property"));
    expect(seen.last.properties).toEqual({ Points: { column: "Points", type: "integer" } });
    expect(screen.getByText("1 column is not sent. It does not leave your storage.")).toBeTruthy();
  });

  it("takes a column that is found by typing", () => {
    const { seen } = show({ email: "EMail" });
    const field = screen.getByLabelText("Column for Last name");
    fireEvent.click(field);
    fireEvent.change(field, { target: { value: "first" } });
    fireEvent.click(screen.getByText("Ann", { selector: "[role=option] *" }));
    expect(seen.last.last_name).toBe("FirstName");
  });

  it("keeps a property whose new name is taken, and says so", () => {
    const { seen } = show({ email: "EMail", properties: { a: "Points", b: "FirstName" } });
    const [first] = screen.getAllByLabelText("Name of the property");
    if (first) fireEvent.change(first, { target: { value: "b" } });
    expect(Object.keys(seen.last.properties ?? {})).toEqual(["a", "b"]);
    expect(screen.getByText("Another property has this name.")).toBeTruthy();
  });

  it("shows a problem at its field, also where the field is not mapped", () => {
    const detail = "must be a text that is not empty";
    show(
      { email: "EMail" },
      { problems: [{ code: "x", params: {}, detail, pointer: "/mapping/location/city" }] },
    );
    const field = screen.getByLabelText("Column for City");
    expect(field.getAttribute("aria-invalid")).toBe("true");
    const row = field.closest("li");
    expect(row && within(row).getByText("Must be a text that is not empty")).toBeTruthy();
  });
});
