import { FluentProvider, webLightTheme } from "@fluentui/react-components";
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { render, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { useState } from "react";
import { IntlProvider } from "use-intl";
import { expect, it } from "vitest";
import { type Me, meQuery } from "../../api/me";
import messages from "../../messages/en";
import { type ExportDraft, emptyDraft } from "../draft/draft";
import { ScheduleSection } from "./ScheduleSection";

const ME: Me = {
  name: null,
  label: "A caller",
  role: "administer",
  may: [],
  app: {
    auth_mode: "keys",
    can_enter_keys: false,
    refresh: null,
    tick_schedule: "",
    retention_days: 30,
    version: "",
    python: "",
  },
};

function Form({ start }: { start: ExportDraft }) {
  const [draft, setDraft] = useState(start);
  return (
    <>
      <ScheduleSection
        draft={draft}
        change={(change) => setDraft({ ...draft, ...change })}
        errors={[]}
        warnings={[]}
        previewed={[]}
        isDisabled={false}
        stored={null}
      />
      <output>{JSON.stringify(draft.schedule)}</output>
    </>
  );
}

function show(schedule: ExportDraft["schedule"]) {
  const queries = new QueryClient();
  queries.setQueryData(meQuery.queryKey, ME);
  queries.setQueryData(["connections", "choices"], []);
  render(
    <QueryClientProvider client={queries}>
      <IntlProvider locale="en" messages={messages} timeZone="UTC">
        <FluentProvider theme={webLightTheme}>
          <Form start={{ ...emptyDraft(), schedule }} />
        </FluentProvider>
      </IntlProvider>
    </QueryClientProvider>,
  );
}
const schedule = () => JSON.parse(screen.getByText(/^\{|^null/).textContent ?? "");

// Hundreds of options are drawn in jsdom.
const PATIENCE = 20_000;

it(
  "finds a time zone by a part of its name, whatever zone is chosen",
  async () => {
    show({ cron: "0 6 * * *", time_zone: "Europe/Kyiv" });
    await userEvent.click(screen.getByRole("combobox", { name: "Time zone" }));
    await userEvent.keyboard("new york");
    await userEvent.click(screen.getByRole("option", { name: "America/New_York" }));
    expect(schedule()).toEqual({ cron: "0 6 * * *", time_zone: "America/New_York" });
  },
  PATIENCE,
);

it(
  "goes on from what was said in words as a cron expression",
  async () => {
    show({ cron: "30 8 * * 1,5", time_zone: "UTC" });
    await userEvent.click(screen.getByRole("button", { name: "Friday" }));
    await userEvent.click(screen.getByRole("combobox", { name: "Runs" }));
    expect(screen.queryByRole("option", { name: "With every scheduled refresh" })).toBeNull();
    await userEvent.click(screen.getByRole("option", { name: "Every day" }));
    expect(schedule()).toEqual({ cron: "30 8 * * *", time_zone: "UTC" });
  },
  PATIENCE,
);
