import { MenuItemLink } from "@fluentui/react-components";
import { createLink } from "@tanstack/react-router";

/** An item of a menu that leads to another screen. */
export const MenuLink = createLink(MenuItemLink);
