import { Button, makeStyles, Text, tokens } from "@fluentui/react-components";
import { ArrowUpRegular, DismissRegular } from "@fluentui/react-icons";
import { useTranslations } from "use-intl";
import { movedUp, toggled } from "./segment-choices";

const useStyles = makeStyles({
  root: { display: "flex", flexDirection: "column", rowGap: tokens.spacingVerticalXS, maxWidth: "28rem" },
  list: { margin: 0, paddingInlineStart: tokens.spacingHorizontalXXL },
  item: { overflowWrap: "anywhere" },
  line: { display: "flex", alignItems: "center", columnGap: tokens.spacingHorizontalXS, minHeight: "32px" },
  name: { flexGrow: 1, minWidth: 0 },
  quiet: { color: tokens.colorNeutralForeground3 },
});

/** The chosen segments in the order in which they are read. */
export function ChosenSegments(props: {
  segments: readonly string[];
  isDisabled: boolean;
  onChange: (segments: string[]) => void;
}) {
  const t = useTranslations("editExport.segments");
  const styles = useStyles();
  const { segments, isDisabled } = props;
  return (
    <div className={styles.root}>
      {!isDisabled && <Text className={styles.quiet}>{t("order")}</Text>}
      <ol className={styles.list}>
        {segments.map((name, index) => (
          <li key={name} className={styles.item}>
            <span className={styles.line}>
              <Text className={styles.name}>{name}</Text>
              {!isDisabled && (
                <>
                  <Button
                    size="small"
                    appearance="subtle"
                    icon={<ArrowUpRegular />}
                    aria-label={t("moveUp", { name })}
                    disabled={index === 0}
                    onClick={() => props.onChange(movedUp(segments, index))}
                  />
                  <Button
                    size="small"
                    appearance="subtle"
                    icon={<DismissRegular />}
                    aria-label={t("remove", { name })}
                    onClick={() => props.onChange(toggled(segments, name))}
                  />
                </>
              )}
            </span>
          </li>
        ))}
      </ol>
    </div>
  );
}
