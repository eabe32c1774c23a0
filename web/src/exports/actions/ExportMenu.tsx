import {
  Button,
  Menu,
  MenuDivider,
  MenuItem,
  MenuList,
  MenuPopover,
  MenuTrigger,
  makeStyles,
  Text,
  tokens,
} from "@fluentui/react-components";
import {
  CopyRegular,
  DeleteRegular,
  DocumentTextRegular,
  EditRegular,
  EyeRegular,
  HistoryRegular,
  MoreHorizontalRegular,
  PauseRegular,
  PlayCircleRegular,
} from "@fluentui/react-icons";
import { useTranslations } from "use-intl";
import { type Export, isReadable } from "../../api/exports";
import { MenuLink } from "../../parts/actions/MenuLink";
import { useSentence } from "../../parts/sentences/sentences";
import { nameOf } from "../shown-exports";

const useStyles = makeStyles({
  reason: {
    margin: 0,
    maxWidth: "18rem",
    paddingBlock: tokens.spacingVerticalS,
    paddingInline: tokens.spacingHorizontalS,
    color: tokens.colorNeutralForeground3,
  },
});

/** The rest of what can be done with an export; where something is not allowed, the menu says why. */
export function ExportMenu(props: {
  found: Export;
  onDuplicate: () => void;
  onRemove: () => void;
  onEnable: () => void;
}) {
  const t = useTranslations("exports.menu");
  const styles = useStyles();
  const say = useSentence();
  const { found } = props;
  const may = (action: string) => found.may.includes(action);
  const why = found.blocked?.["change"];
  const params = { exportId: found.id };
  return (
    <Menu>
      <MenuTrigger disableButtonEnhancement>
        <Button
          appearance="subtle"
          icon={<MoreHorizontalRegular />}
          aria-label={t("label", { name: nameOf(found) })}
        />
      </MenuTrigger>
      <MenuPopover>
        {!may("change") && why && (
          <>
            <Text as="p" block size={200} className={styles.reason}>
              {say(why)}
            </Text>
            <MenuDivider />
          </>
        )}
        <MenuList>
          {isReadable(found) && (
            <>
              <MenuLink
                to="/exports/$exportId"
                params={params}
                icon={may("change") ? <EditRegular /> : <EyeRegular />}
              >
                {t(may("change") ? "edit" : "view")}
              </MenuLink>
              {found.last_run && (
                <MenuLink
                  to="/exports/$exportId/runs/$runId"
                  params={{ ...params, runId: found.last_run.id }}
                  icon={<DocumentTextRegular />}
                >
                  {t("lastRun")}
                </MenuLink>
              )}
              <MenuLink to="/history" search={{ export: found.id }} icon={<HistoryRegular />}>
                {t("history")}
              </MenuLink>
              <MenuItem icon={<CopyRegular />} disabled={!may("duplicate")} onClick={props.onDuplicate}>
                {t("duplicate")}
              </MenuItem>
              <MenuItem
                icon={found.enabled ? <PauseRegular /> : <PlayCircleRegular />}
                disabled={!may("change")}
                onClick={props.onEnable}
              >
                {t(found.enabled ? "disable" : "enable")}
              </MenuItem>
            </>
          )}
          <MenuItem icon={<DeleteRegular />} disabled={!may("remove")} onClick={props.onRemove}>
            {t("remove")}
          </MenuItem>
        </MenuList>
      </MenuPopover>
    </Menu>
  );
}
