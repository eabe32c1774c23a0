import { useQuery } from "@tanstack/react-query";
import { useLocation, useParams } from "@tanstack/react-router";
import { useTranslations } from "use-intl";
import { editedExportQuery } from "../api/edited-export";
import { Loading } from "../app/Centered";
import { useSentence } from "../parts/sentences/sentences";
import { draftOf } from "./draft/draft";
import { ExportEditor } from "./ExportEditor";
import { CannotRead } from "./frame/CannotRead";

/** The form of a stored export. */
export function EditExportScreen() {
  const t = useTranslations("editExport");
  const say = useSentence();
  const { exportId } = useParams({ from: "/exports/$exportId" });
  const wasJustSaved = useLocation({ select: (at) => at.state.isJustSaved === true });
  const found = useQuery(editedExportQuery(exportId));
  if (found.error && !found.data) {
    return <CannotRead title={exportId} problem={found.error} retry={() => void found.refetch()} />;
  }
  if (!found.data) return <Loading />;
  const { shown } = found.data;
  const blocked = shown.blocked?.["change"];
  const whyNot = shown.may.includes("change") ? null : blocked ? say(blocked) : t("readOnly.role");
  return (
    <ExportEditor
      key={exportId}
      draft={draftOf(shown)}
      read={found.data}
      whyNot={whyNot}
      wasJustSaved={wasJustSaved}
    />
  );
}

declare module "@tanstack/history" {
  interface HistoryState {
    /** The export was saved a moment ago, on the screen before. */
    isJustSaved?: boolean;
  }
}
