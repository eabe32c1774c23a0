import { useQuery } from "@tanstack/react-query";
import { useSearch } from "@tanstack/react-router";
import { useTranslations } from "use-intl";
import { editedExportQuery } from "../api/edited-export";
import { useMe } from "../api/me";
import { Loading } from "../app/Centered";
import { copyOf, emptyDraft } from "./draft/draft";
import { ExportEditor } from "./ExportEditor";
import { CannotRead } from "./frame/CannotRead";

const LONGEST_NAME = 200;

/** The form of a new export; `?from=ID` fills it with a copy of an export, `?connection=ID` chooses a connection. */
export function NewExportScreen() {
  const t = useTranslations("editExport");
  const { from, connection = null } = useSearch({ from: "/exports/new" });
  const original = useQuery({ ...editedExportQuery(from ?? ""), enabled: from !== undefined });
  const may = useMe().may.includes("put_export");
  const whyNot = may ? null : t("readOnly.role");
  if (from === undefined) {
    return <ExportEditor draft={{ ...emptyDraft(), connection_id: connection }} whyNot={whyNot} />;
  }
  if (original.error) return <CannotRead title={t("titleNew")} problem={original.error} />;
  if (!original.data) return <Loading />;
  const name = t("copyName", { name: original.data.shown.display_name ?? from }).slice(0, LONGEST_NAME);
  return <ExportEditor key={from} draft={copyOf(original.data.shown, name)} whyNot={whyNot} isCopy />;
}
