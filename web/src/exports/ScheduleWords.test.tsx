import { render, screen } from "@testing-library/react";
import { IntlProvider } from "use-intl";
import { expect, it } from "vitest";
import en from "../messages/en/exports.json";
import uk from "../messages/uk/exports.json";
import { ScheduleWords } from "./ScheduleWords";

const KYIV = "Europe/Kyiv";

it.each([
  [{ cron: "0 6 * * *", time_zone: KYIV }, "Every day at 06:00 (Europe/Kyiv)", "Щодня о 06:00 (Europe/Kyiv)"],
  [
    { cron: "30 8 * * 1,5", time_zone: KYIV },
    "Every week: Mon, Fri, 08:30 (Europe/Kyiv)",
    "Щотижня: пн, пт, 08:30 (Europe/Kyiv)",
  ],
  [
    { cron: "0 7 2 * *", time_zone: "UTC" },
    "Every month on day 2 at 07:00 (UTC)",
    "Щомісяця, 2 числа о 07:00 (UTC)",
  ],
  [{ cron: "15 * * * *", time_zone: "UTC" }, "Every hour", "Щогодини"],
  [{ cron: "*/5 6-9 * * *", time_zone: "UTC" }, "Cron: */5 6-9 * * * (UTC)", "Cron: */5 6-9 * * * (UTC)"],
  ["refresh" as const, "With the scheduled refresh", "У спільний час запуску"],
])("says when %o runs, in the zone of the schedule", (schedule, english, ukrainian) => {
  for (const [locale, messages, said] of [["en", en, english] as const, ["uk", uk, ukrainian] as const]) {
    const { unmount } = render(
      <IntlProvider locale={locale} messages={{ exports: messages }} timeZone="America/New_York">
        <output>
          <ScheduleWords schedule={schedule} />
        </output>
      </IntlProvider>,
    );
    expect(screen.getByRole("status").textContent).toBe(said);
    unmount();
  }
});
