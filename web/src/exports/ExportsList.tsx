import { Button, makeStyles, Text, tokens } from "@fluentui/react-components";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { useLocale, useTranslations } from "use-intl";
import type { Export } from "../api/exports";
import { EmptyState } from "../parts/EmptyState";
import { ExportsTable } from "./ExportsTable";
import { Filters } from "./Filters";
import type { HomeSearch } from "./home-search";
import { connectionsOf, shownExports } from "./shown-exports";

const useStyles = makeStyles({
  pages: {
    display: "flex",
    flexWrap: "wrap",
    alignItems: "center",
    justifyContent: "center",
    gap: tokens.spacingHorizontalL,
    marginBlockStart: tokens.spacingVerticalL,
  },
});

/** The exports with search, filters, order and pages, which stand in the address. */
export function ExportsList({ all }: { all: readonly Export[] }) {
  const t = useTranslations("exports");
  const styles = useStyles();
  const locale = useLocale();
  const search = useSearch({ from: "/" });
  const navigate = useNavigate({ from: "/" });
  const shown = shownExports(all, search, locale);

  // Each change begins at the first page again, unless it is about the page.
  const change = (to: HomeSearch) => void navigate({ search: to, replace: true, resetScroll: false });
  const turn = (page: number) => void navigate({ search: { ...search, page } });

  return (
    <>
      <Filters
        all={all.length}
        found={shown.total}
        search={search}
        connections={connectionsOf(all, locale)}
        change={change}
      />
      {shown.total === 0 ? (
        <EmptyState action={<Button onClick={() => change({})}>{t("filters.clear")}</Button>}>
          {t("filters.none")}
        </EmptyState>
      ) : (
        <ExportsTable rows={shown.rows} taken={all.map((each) => each.id)} search={search} change={change} />
      )}
      {shown.pages > 1 && (
        <nav className={styles.pages} aria-label={t("pages.label")}>
          <Button disabledFocusable={shown.page === 1} onClick={() => turn(shown.page - 1)}>
            {t("pages.previous")}
          </Button>
          <Text>{t("pages.of", { page: shown.page, pages: shown.pages })}</Text>
          <Button disabledFocusable={shown.page === shown.pages} onClick={() => turn(shown.page + 1)}>
            {t("pages.next")}
          </Button>
        </nav>
      )}
    </>
  );
}
