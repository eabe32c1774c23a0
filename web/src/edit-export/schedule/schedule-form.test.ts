import { describe, expect, it } from "vitest";
import { cronOf, formOf, type ScheduleForm, scheduleOf } from "./schedule-form";

const ZONE = "Europe/Kyiv";
const of = (cron: string) => formOf({ cron, time_zone: ZONE }, "UTC");

describe("a schedule in words", () => {
  it.each<[string, Partial<ScheduleForm>]>([
    ["0 6 * * *", { kind: "daily", time: "06:00" }],
    ["30 23 * * *", { kind: "daily", time: "23:30" }],
    ["0 8 * * 1", { kind: "weekly", time: "08:00", days: [1] }],
    ["0 8 * * MON-FRI", { kind: "weekly", days: [1, 2, 3, 4, 5] }],
    ["0 8 * * 6,7", { kind: "weekly", days: [0, 6] }],
    ["15 9 31 * *", { kind: "monthly", time: "09:15", day: 31 }],
    ["5 * * * *", { kind: "hourly", minute: 5 }],
    ["*/5 * * * *", { kind: "cron" }],
    ["0 6,18 * * *", { kind: "cron" }],
    ["0 6 * 1 *", { kind: "cron" }],
    ["0 6 1 * 1", { kind: "cron" }],
    ["0 6 * * 1#2", { kind: "cron" }],
    ["0 6 * * FRI-MON", { kind: "cron" }],
    ["0 24 * * *", { kind: "cron" }],
    ["nonsense", { kind: "cron", cron: "nonsense" }],
  ])("reads %s", (cron, form) => {
    expect(of(cron)).toMatchObject({ ...form, zone: ZONE });
  });

  it("knows schedules without a time", () => {
    expect([formOf(null, ZONE).kind, formOf("refresh", ZONE).kind]).toEqual(["demand", "refresh"]);
    expect(scheduleOf(formOf(null, ZONE))).toBeNull();
    expect(scheduleOf(formOf("refresh", ZONE))).toBe("refresh");
    expect(formOf({ on: "new_data" }, ZONE).kind).toBe("newData");
    expect(scheduleOf(formOf({ on: "new_data" }, ZONE))).toEqual({ on: "new_data" });
  });

  it.each(["0 6 * * *", "0 8 * * 1,3,5", "15 9 31 * *", "5 * * * *", "*/5 9-17 * * 1-5"])(
    "writes %s again",
    (cron) => {
      expect(scheduleOf(of(cron))).toEqual({ cron, time_zone: ZONE });
    },
  );

  it("takes the zone of the schedule, and UTC where it says none, as the app does", () => {
    expect(formOf({ cron: "0 6 * * *" } as never, ZONE).zone).toBe("UTC");
  });

  it("has a day where somebody has taken the last one away", () => {
    expect(cronOf({ ...of("0 8 * * 1"), days: [] })).toBe("0 8 * * 1");
  });
});
