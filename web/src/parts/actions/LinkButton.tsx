import { Button, type ButtonProps } from "@fluentui/react-components";
import { createLink } from "@tanstack/react-router";
import type { AnchorHTMLAttributes, Ref } from "react";

type Anchor = Pick<ButtonProps, "appearance" | "size" | "icon" | "children" | "className"> &
  AnchorHTMLAttributes<HTMLAnchorElement> & { ref?: Ref<HTMLAnchorElement> };

function AnchorButton(anchor: Anchor) {
  return <Button as="a" {...(anchor as object)} />;
}

/** A link to a screen that looks like a button. */
export const LinkButton = createLink(AnchorButton);
