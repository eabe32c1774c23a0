import { expect, it } from "vitest";
import { jobsOf } from "./unconfirmed-jobs";

it("reads a job a line, and passes over what is none", () => {
  const line = {
    job_id: "j1",
    created_at: null,
    profiles: 2,
    rows: [["vip/1.csv", 1, 2]],
    status: "vanished",
  };
  const lost = { ...line, job_id: null, rows: "all", status: "not waited for" };
  const text = [
    JSON.stringify(line),
    "",
    "no JSON",
    "7",
    JSON.stringify({ job_id: "j2" }),
    JSON.stringify(lost),
  ];
  expect(jobsOf(text.join("\n"))).toEqual([
    { id: "j1", profiles: 2, rows: [["vip/1.csv", 1, 2]], status: "vanished" },
    { id: null, profiles: 2, rows: [], status: "not waited for" },
  ]);
});
