/** Signing in and out by App Service Authentication, which stands before the app. */

const TRIED = "segment-export-sign-in";
const LEFT = "segment-export-left";
const PAUSE = 10_000;

/** Go to the sign-in, and back to where one was. */
export function goToSignIn(): void {
  sessionStorage.removeItem(LEFT);
  sessionStorage.setItem(TRIED, String(Date.now()));
  const back = encodeURIComponent(location.pathname + location.search);
  location.assign(`/.auth/login/aad?post_login_redirect_uri=${back}`);
}

/** Tell whether one has just come back from the sign-in: to go there again by itself would go round in circles. */
export function hasJustSignedIn(): boolean {
  return Date.now() - Number(sessionStorage.getItem(TRIED) ?? 0) < PAUSE;
}

/** Sign out. The page then waits for a click: to sign in by itself would undo it at once. */
export function goToSignOut(): void {
  sessionStorage.setItem(LEFT, "yes");
  location.assign(`/.auth/logout?post_logout_redirect_uri=${encodeURIComponent(import.meta.env.BASE_URL)}`);
}

/** Tell whether one has signed out in this tab, and not in again. */
export function hasLeft(): boolean {
  return sessionStorage.getItem(LEFT) !== null;
}
