import { readFileSync } from "node:fs";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";

/** Where `npm run dev` finds the app; see README.md. */
const app = process.env.APP_URL ?? "http://localhost:7071";

const version = /^version = "(.+)"$/m.exec(readFileSync("../pyproject.toml", "utf8"))?.[1] ?? "";

export default defineConfig({
  define: { PAGE_VERSION: JSON.stringify(version) },
  base: "/api/ui/",
  plugins: [react()],
  // A file of texts is taken as a whole.
  json: { namedExports: false },
  build: {
    outDir: "../shared/page",
    emptyOutDir: true,
    manifest: true,
    // The policy of the page lets in no data: addresses.
    assetsInlineLimit: 0,
    target: "es2023",
    // The first screen is one file, beside the texts of the language; what other screens share is shared among them.
    rolldownOptions: { output: { codeSplitting: { groups: [{ name: "first", tags: ["$initial"] }] } } },
    chunkSizeWarningLimit: 1000,
  },
  server: {
    // The cures are built in from docs/.
    fs: { allow: [".."] },
    // The page's own files are below /api/ui/; everything else below /api is the app's.
    proxy: { "^/api/(?!ui/(?!settings\\.json))": { target: app, changeOrigin: true } },
  },
  test: {
    restoreMocks: true,
    // A document takes most of the time of a test, so only tests of components get one.
    projects: [
      { extends: true, test: { name: "rules", environment: "node", include: ["src/**/*.test.ts"] } },
      {
        extends: true,
        test: {
          name: "components",
          environment: "jsdom",
          include: ["src/**/*.test.tsx"],
          setupFiles: ["src/app/test-setup.ts"],
        },
      },
    ],
  },
});
