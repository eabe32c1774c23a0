import { describe, expect, it } from "vitest";
import type { Column } from "../rules/columns";
import type { Mapping } from "../rules/fields";
import { guessFields } from "./guess-fields";

const NOTHING: Mapping = { email: "" };

function columns(named: Readonly<Record<string, readonly string[]>>): Column[] {
  return Object.entries(named).map(([name, values]) => ({ name, values, segments: ["vip"] }));
}

function named(...names: string[]): Column[] {
  return columns(Object.fromEntries(names.map((name) => [name, []])));
}

describe("guessing by name", () => {
  it("knows the names of Dynamics 365", () => {
    const found = guessFields(
      named(
        "ContactId",
        "EMailAddress1",
        "FirstName",
        "LastName",
        "Telephone1",
        "MobilePhone",
        "JobTitle",
        "address1_line1",
        "address1_city",
        "address1_postalcode",
        "address1_stateorprovince",
        "address1_country",
      ),
      NOTHING,
    );
    expect(found.mapping).toEqual({
      email: "EMailAddress1",
      first_name: "FirstName",
      last_name: "LastName",
      phone_number: "MobilePhone",
      title: "JobTitle",
      location: {
        address1: "address1_line1",
        city: "address1_city",
        zip: "address1_postalcode",
        region: "address1_stateorprovince",
        country: "address1_country",
      },
    });
  });

  it("looks behind the prefixes of extensions", () => {
    const found = guessFields(named("msdynci_email", "new_FirstName", "cr1a2_lastname"), NOTHING);
    expect(found.mapping).toEqual({
      email: "msdynci_email",
      first_name: "new_FirstName",
      last_name: "cr1a2_lastname",
    });
  });

  it("knows Ukrainian names, with any apostrophe", () => {
    for (const name of ["Ім'я", "Ім’я", "Імʼя"]) {
      const found = guessFields(
        named("Електронна пошта", name, "Прізвище", "Номер телефону", "Місто"),
        NOTHING,
      );
      expect(found.mapping).toEqual({
        email: "Електронна пошта",
        first_name: name,
        last_name: "Прізвище",
        phone_number: "Номер телефону",
        location: { city: "Місто" },
      });
    }
  });

  it("knows German names", () => {
    const found = guessFields(
      named("E-Mail-Adresse", "Vorname", "Nachname", "Handy", "PLZ", "Ort", "Straße"),
      NOTHING,
    );
    expect(found.mapping).toEqual({
      email: "E-Mail-Adresse",
      first_name: "Vorname",
      last_name: "Nachname",
      phone_number: "Handy",
      location: { zip: "PLZ", city: "Ort", address1: "Straße" },
    });
  });

  it("takes the better of two names, and each column once", () => {
    const found = guessFields(named("Mail", "Email", "Phone", "ContactEmail"), NOTHING);
    expect(found.mapping).toEqual({ email: "Email", phone_number: "Phone" });
  });

  it("guesses neither an identifier nor a salutation nor a property", () => {
    const found = guessFields(named("CustomerId", "ContactId", "Title", "LoyaltyTier"), NOTHING);
    expect(found).toEqual({ mapping: NOTHING, keys: [] });
  });
});

describe("guessing by values", () => {
  it("finds e-mail addresses and phone numbers under any name", () => {
    const found = guessFields(
      columns({ A: ["1", "2"], B: ["", "ann@example.com"], C: ["+380671234567", "+49 151 23456789"] }),
      NOTHING,
    );
    expect(found.mapping).toEqual({ email: "B", phone_number: "C" });
  });

  it("believes the values before the name", () => {
    const found = guessFields(
      columns({
        Email: ["true", "false"],
        Contact: ["ann@example.com"],
        Phone: ["iPhone 17", "Pixel"],
        FirstName: ["bob@example.com"],
        Language: ["Klingon, fluent"],
      }),
      NOTHING,
    );
    expect(found.mapping).toEqual({ email: "Contact" });
  });

  it("takes no date and no plain number for a phone number", () => {
    const found = guessFields(
      columns({ Phone: ["2026-11-28", "28.11.2026"], Points: ["12345678"] }),
      NOTHING,
    );
    expect(found.keys).toEqual([]);
  });

  it("takes a column by its name where nothing is known of its values", () => {
    expect(guessFields(named("EMail"), NOTHING).mapping.email).toBe("EMail");
  });
});

describe("filling in the rest", () => {
  it("leaves what is mapped, and its columns, alone", () => {
    const mapping: Mapping = { email: "Mail", properties: { town: "City" } };
    const found = guessFields(named("Mail", "Email", "FirstName", "City"), mapping);
    expect(found).toEqual({ mapping: { ...mapping, first_name: "FirstName" }, keys: ["first_name"] });
  });
});
