import { goToSignOut } from "../../api/entra";
import { signOut } from "../../api/session";
import { authMode } from "../../api/settings";

/** Sign out, in whichever way one has signed in. */
export function leave(): void {
  if (authMode() === "entra") goToSignOut();
  else signOut("left");
}
