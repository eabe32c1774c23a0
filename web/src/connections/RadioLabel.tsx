import { makeStyles, Text, tokens } from "@fluentui/react-components";

const useStyles = makeStyles({
  hint: { display: "block", color: tokens.colorNeutralForeground3 },
});

/** What a radio button stands for, and below it what that means. */
export function RadioLabel({ label, hint }: { label: string; hint: string }) {
  return (
    <>
      {label}
      <Text size={200} className={useStyles().hint}>
        {hint}
      </Text>
    </>
  );
}
