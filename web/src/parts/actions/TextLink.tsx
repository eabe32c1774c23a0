import { Link } from "@fluentui/react-components";
import { createLink } from "@tanstack/react-router";
import type { AnchorHTMLAttributes, Ref } from "react";

function Anchor(anchor: AnchorHTMLAttributes<HTMLAnchorElement> & { ref?: Ref<HTMLAnchorElement> }) {
  return <Link {...(anchor as object)} />;
}

/** A link to a screen within a text. */
export const TextLink = createLink(Anchor);
