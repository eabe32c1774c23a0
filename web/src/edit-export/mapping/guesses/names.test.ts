import { expect, it } from "vitest";
import { looksLikeConsent } from "./names";

it.each([
  "OptIn",
  "email_opt_out",
  "msdynmkt_EmailConsent",
  "Subscribed",
  "DoNotBulkEMail",
  "Згода на розсилку",
])("sees that %s says who wants messages", (column) => expect(looksLikeConsent(column)).toBe(true));

it.each(["EMail", "FirstName", "City", "LoyaltyTier", "Options"])(
  "sees nothing of the kind in %s",
  (column) => expect(looksLikeConsent(column)).toBe(false),
);
