import { FluentProvider, webLightTheme } from "@fluentui/react-components";
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { render, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { useState } from "react";
import { IntlProvider } from "use-intl";
import { expect, it } from "vitest";
import {
  type SegmentColumns,
  type SegmentFolder,
  segmentColumnsQuery,
  segmentFoldersQuery,
} from "../../api/segments";
import messages from "../../messages/en";
import { emptyDraft } from "../draft/draft";
import { SegmentsSection } from "./SegmentsSection";

const folder = (name: string, files = 1): SegmentFolder => ({
  name,
  files,
  bytes: 1_300_000,
  last_modified: "2026-11-28T06:00:00Z",
  formats: [".csv"],
  unreadable: 0,
  passed_over: 0,
  archived: 0,
  has_subfolders: false,
  layout: "flat",
  state: null,
  types: {},
  columns: null,
  problem: files > 0 ? null : { code: "segment_without_data", params: {}, detail: "No data file." },
  dialects: [],
  warnings: [],
});

function Form({ chosen }: { chosen: string[] }) {
  const [draft, setDraft] = useState({ ...emptyDraft(), segments: chosen });
  return (
    <>
      <SegmentsSection
        draft={draft}
        change={(change) => setDraft({ ...draft, ...change })}
        errors={[]}
        warnings={[]}
        previewed={[]}
        isDisabled={false}
        stored={null}
      />
      <output>{draft.segments.join(" ")}</output>
    </>
  );
}

const FOLDERS = [folder("eu/lapsed"), folder("empty", 0), folder("vip")];
const NO_COLUMNS: SegmentColumns = { columns: null, types: {}, problem: null };

function show(chosen: string[] = [], folders = FOLDERS, columns = NO_COLUMNS) {
  const queries = new QueryClient();
  for (const each of folders) queries.setQueryData(segmentColumnsQuery(each.name).queryKey, columns);
  queries.setQueryData(segmentFoldersQuery.queryKey, { folders, warnings: [] });
  render(
    <QueryClientProvider client={queries}>
      <IntlProvider locale="en" messages={messages} timeZone="UTC">
        <FluentProvider theme={webLightTheme}>
          <Form chosen={chosen} />
        </FluentProvider>
      </IntlProvider>
    </QueryClientProvider>,
  );
}

it("chooses the segment whose label one clicks, and keeps the order", async () => {
  show();
  await userEvent.click(screen.getByText("vip"));
  await userEvent.click(screen.getByText("eu/lapsed"));
  expect(screen.getByRole("status").textContent).toBe("vip eu/lapsed");
  await userEvent.click(screen.getByRole("button", { name: "Move eu/lapsed up" }));
  expect(screen.getByRole("status").textContent).toBe("eu/lapsed vip");
});

it("says what is wrong with a segment, and that a chosen one is not there", () => {
  show(["gone"]);
  expect(screen.getByText("No data file.")).toBeTruthy();
  expect(screen.getByText("There is no such segment in the storage.")).toBeTruthy();
});

it("says where the newest state lies, and which columns of which types a chosen segment has", () => {
  const dated = { ...folder("vip"), layout: "dated" as const, state: "2026/11/28/0600" };
  const types = { Age: "integer" as const, EMail: "text" as const };
  show(["vip"], [dated], { columns: ["EMail", "Age"], types, problem: null });
  expect(screen.getByText(/Dated folders, newest 2026\/11\/28\/0600/)).toBeTruthy();
  expect(screen.getByText("Columns: EMail, Age (whole number)")).toBeTruthy();
});
