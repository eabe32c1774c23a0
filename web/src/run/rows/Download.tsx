import { Button, makeStyles, Spinner, tokens } from "@fluentui/react-components";
import { ArrowDownloadRegular } from "@fluentui/react-icons";
import { useEffect, useRef, useState } from "react";
import { useTranslations } from "use-intl";
import { problemWithoutAnswer } from "../../api/problem";
import { readRejectionsAsCsv } from "../../api/run-rows";
import type { RunId } from "../../api/runs";
import { useToast } from "../../app/Toasts";
import { useSentence } from "../../parts/sentences/sentences";
import { csvFile } from "../rules/csv-file";

const useStyles = makeStyles({
  root: { display: "flex", alignItems: "center", columnGap: tokens.spacingHorizontalM },
});

/** Downloads the rejected rows as one file. They are fetched, and not linked: a link could not carry the app's key. */
export function Download({ id, reason, isOne }: { id: RunId; reason: string | null; isOne: boolean }) {
  const t = useTranslations("rows.rejected");
  const styles = useStyles();
  const toast = useToast();
  const say = useSentence();
  const work = useRef<AbortController | null>(null);
  const [isBusy, setBusy] = useState(false);
  useEffect(() => () => work.current?.abort(), []);

  const download = async () => {
    const own = new AbortController();
    work.current = own;
    setBusy(true);
    try {
      const parts = csvFile(await readRejectionsAsCsv(id, reason, own.signal));
      const file = `rejections-${id.runId}${reason === null ? "" : `-${reason.replace(/[^\w-]/g, "")}`}.csv`;
      save(new Blob(parts, { type: "text/csv;charset=utf-8" }), file);
      toast(t("done", { file }), "success");
    } catch (error) {
      if (!own.signal.aborted) toast(t("failed"), "error", say(problemWithoutAnswer(error).sentence));
    } finally {
      setBusy(false);
    }
  };

  if (isBusy)
    return (
      <span className={styles.root}>
        <Spinner size="tiny" label={t("downloading")} />
        <Button onClick={() => work.current?.abort()}>{t("stop")}</Button>
      </span>
    );
  return (
    <Button icon={<ArrowDownloadRegular />} onClick={() => void download()}>
      {t(isOne ? "downloadReason" : "download")}
    </Button>
  );
}

function save(content: Blob, name: string): void {
  const address = URL.createObjectURL(content);
  const link = document.createElement("a");
  link.href = address;
  link.download = name;
  link.click();
  // The browser reads the content after the click.
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}
