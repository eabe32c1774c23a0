import { Button, type ButtonProps, Tooltip } from "@fluentui/react-components";

/** A button that cannot be pressed while there is a *reason*, which it tells. It can still be reached by keyboard. */
export function ReasonedButton({ reason, ...button }: ButtonProps & { reason?: string | undefined }) {
  if (reason === undefined) return <Button {...button} />;
  return (
    <Tooltip content={reason} relationship="description" withArrow>
      <Button {...button} disabledFocusable />
    </Tooltip>
  );
}
