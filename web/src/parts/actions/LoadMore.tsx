import { Button } from "@fluentui/react-components";
import { useTranslations } from "use-intl";

/** Reads the following page of a collection; nothing where there is none. For `useInfiniteQuery`. */
export function LoadMore(props: {
  hasNextPage: boolean;
  isFetchingNextPage: boolean;
  fetchNextPage: () => unknown;
}) {
  const t = useTranslations("parts");
  if (!props.hasNextPage) return null;
  return (
    <Button disabledFocusable={props.isFetchingNextPage} onClick={() => void props.fetchNextPage()}>
      {t(props.isFetchingNextPage ? "loadingMore" : "more")}
    </Button>
  );
}
