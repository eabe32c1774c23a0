import { describe, expect, it } from "vitest";
import { LOCALES, type Loaded, loadMessages } from "../../messages";
import { sentenceText } from "./sentences";

const loaded = Object.fromEntries(
  await Promise.all(LOCALES.map(async (locale) => [locale, await loadMessages(locale)])),
) as Record<"en" | "uk", Loaded>;

function said(
  locale: "en" | "uk",
  code: string,
  params: Record<string, string | number | null> = {},
): string {
  return sentenceText({ code, params, detail: "in English" }, loaded[locale].sentences, locale).replace(
    /[\u00a0\u202f]/g,
    " ",
  );
}

describe("a sentence", () => {
  it("is said in the reader's language, with its values", () => {
    const params = { export: "vip", run: "r1", waiting: 3 };
    expect(said("en", "too_many_waiting", params)).toContain(
      "Run r1 of export “vip” has not ended, and 3 runs wait",
    );
    expect(said("uk", "too_many_waiting", params)).toContain("чекають 3 запуски");
    expect(said("uk", "too_many_waiting", { ...params, waiting: 5 })).toContain("чекають 5 запусків");
  });

  it("is said in English where its code is unknown or a value is missing", () => {
    expect(said("uk", "new_in_a_later_release", { a: 1 })).toBe("in English");
    expect(said("uk", "too_many_waiting", { export: "vip" })).toBe("in English");
  });

  it("does without a value that need not be there", () => {
    expect(said("en", "consent_withdrawn", { connection: "acme", who: null })).toBe(
      "The consent of connection “acme” was withdrawn.",
    );
    expect(said("uk", "not_utf8", { file: "a.csv", encoding: null })).not.toContain("схоже");
    expect(said("uk", "not_utf8", { file: "a.csv", encoding: "CP1251" })).toContain("(схоже на CP1251)");
    expect(said("en", "not_a_whole_number", { least: 1, most: null })).toBe(
      "Enter a whole number of at least 1.",
    );
  });

  it("has words for reasons and fields, the first place, and the cure", () => {
    const params = {
      count: 1,
      field: "phone_number",
      reason: "not_a_phone_number",
      file: "vip/a.csv",
      row: 7,
    };
    expect(said("uk", "values_left_out", params)).toMatch(
      /^Номер телефону: 1 значення пропущено; рядок надіслано без нього.*недійсний номер телефону\. Уперше — у файлі «vip\/a\.csv», рядок 7\. Записуйте номери/,
    );
    const own = { count: 2, field: "properties.tier", reason: "from_another_release" };
    expect(said("en", "values_left_out", own)).toBe(
      "tier: 2 values were left out; their rows were sent without them. Reason: from_another_release.",
    );
    const reasons = {
      rejected: 600,
      read: 1000,
      max_rejected_share: 0.5,
      reasons: "email_missing 1,599, odd 1",
    };
    expect(said("uk", "too_many_rejected", reasons)).toContain(
      "Немає адреси електронної пошти – 1 599, odd – 1",
    );
    expect(said("uk", "too_many_rejected", reasons)).toContain("(50%)");
    const others = { reason: "not_json", reasons: "email_missing, odd" };
    expect(said("uk", "not_a_reason_of_run", others)).toContain(
      "«Не JSON». Причини цього запуску: Немає адреси",
    );
    expect(said("uk", "run_ended", { run: "r1", status: "failed" })).toContain("(Помилка)");
  });

  it("has phrases of the app in Ukrainian, whatever names stand in them", () => {
    expect(said("uk", "cancelled_by", { who: "Somebody" })).toBe("Запуск скасовано (користувач).");
    expect(said("uk", "cancelled_by", { who: "Dana" })).toBe("Запуск скасовано (Dana).");
    const action = "read 'vip/it's (1).csv' in container 'segments'";
    expect(said("uk", "storage_no_answer", { action })).toContain(
      "читання «vip/it's (1).csv» у контейнері «segments»",
    );
    expect(said("en", "storage_no_answer", { action })).toContain(action);
    expect(said("uk", "column_missing", { where: "File 'a.csv'", column: "a run" })).toBe(
      "Файл «a.csv»: немає стовпця «a run», який використовується в зіставленні даних.",
    );
  });

  it("has the app's sentences within sentences in Ukrainian where they are among its phrases", () => {
    const why = "Klaviyo, lists: no answer (TimeoutError), given up for now at attempt 3.";
    expect(said("uk", "klaviyo_not_asked", { why })).toBe(
      "Застосунок не запитав у Klaviyo про список: Klaviyo (lists): немає відповіді (TimeoutError) (спроба 3).",
    );
    expect(said("uk", "klaviyo_not_asked", { why: "Mars is far." })).toContain("про список: Mars is far.");
  });

  it("has what the app says of a rejected row, with its numbers and in the right words", () => {
    expect(said("uk", "row_cut_off", { found: 3, expected: 12 })).toBe(
      "У рядку 3 клітинки, а в заголовку – 12. Файл обривається всередині рядка. Запишіть файл заново.",
    );
    expect(said("en", "json_object_behind", { part: "line" })).toBe(
      "The line is not a JSON object that can be read: another object stands behind it. Write one object a line.",
    );
    expect(said("uk", "json_object_behind", { part: "element" })).toMatch(
      /^Об’єкт JSON із цього елемента не /,
    );
    expect(said("en", "json_control_character", { part: "line" })).toContain("Write a tab as \\t.");
  });

  it("lists scopes and flows as the reader's language does", () => {
    const scopes = { secret: "klaviyo-acme", all_scopes: "lists:read, lists:write and profiles:write" };
    expect(said("uk", "key_unknown", scopes)).toContain("lists:read, lists:write і profiles:write");
    expect(said("en", "key_unknown", scopes)).toContain("lists:read, lists:write, and profiles:write");
    const flows = "Flow 'Salt and pepper' (a1, live), flow 'Two, three' (b2, live) and 3 more";
    const list = { flows, list_name: "VIP", list_id: "Y6nRLr" };
    expect(said("uk", "live_flow_warning", list)).toContain(
      "автоматизації: «Salt and pepper», «Two, three» і ще 3. Вони спрацюють",
    );
    expect(said("en", "live_flow_warning", list)).toContain(
      "Flow “Salt and pepper”, flow “Two, three” and 3 more will start",
    );
  });

  it("says times in the reader's zone", () => {
    const since = "2026-11-28T06:00:00Z";
    const time = new Intl.DateTimeFormat("uk", { dateStyle: "medium", timeStyle: "short" }).format(
      new Date(since),
    );
    expect(said("uk", "no_sign_of_life", { since })).toContain(time.replace(/[\u00a0\u202f]/g, " "));
  });
});
