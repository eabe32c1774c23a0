import { StrictMode, Suspense } from "react";
import { createRoot } from "react-dom/client";
import { readSettings } from "./api/settings";
import { App } from "./app/App";
import { CrashBoundary } from "./app/CrashBoundary";
import { Providers } from "./app/Providers";
import { preferredLocale } from "./app/preferences/preferences";
import { reloadOnceOnMissingFile } from "./app/reload";
import { loadMessages } from "./messages";

reloadOnceOnMissingFile();
// Asked for together, so that neither waits for the other.
const settings = readSettings();
void loadMessages(preferredLocale()).catch(() => undefined); // Providers ask again, and show what is wrong

const root = document.getElementById("root");
if (root) {
  createRoot(root).render(
    <StrictMode>
      <Suspense fallback={null}>
        <Providers>
          <CrashBoundary>
            <App settings={settings} />
          </CrashBoundary>
        </Providers>
      </Suspense>
    </StrictMode>,
  );
}
