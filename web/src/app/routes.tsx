/**
 * Which address leads to which screen.
 *
 * Each screen is loaded with its texts when it is first shown; the home screen comes with the shell, so that the first
 * screen takes few files.
 */
import { createRootRoute, createRoute, createRouter } from "@tanstack/react-router";
import { readAuditSearch } from "../audit/audit-search";
import { readConnectSearch } from "../connections/connect/connect-search";
import { readNewSearch } from "../edit-export/new-search";
import { ExportsScreen } from "../exports/ExportsScreen";
import { readHomeSearch } from "../exports/home-search";
import { readHistorySearch } from "../history/history-search";
import { readRowsSearch } from "../run/rules/rows-search";
import { Loading } from "./Centered";
import { Crash } from "./CrashBoundary";
import { NotFound } from "./NotFound";
import { Shell } from "./Shell";
import { screen } from "./screen";

const EDITOR = ["editExport", "mapping", "preview"] as const;
const CONNECTIONS = ["connections", "connect"] as const;

const root = createRootRoute({ component: Shell, notFoundComponent: NotFound });

const home = createRoute({
  getParentRoute: () => root,
  path: "/",
  validateSearch: readHomeSearch,
  component: ExportsScreen,
});

const newExport = createRoute({
  getParentRoute: () => root,
  path: "/exports/new",
  validateSearch: readNewSearch,
  component: screen(() => import("../edit-export/NewExportScreen"), "NewExportScreen", EDITOR),
});

const editExport = createRoute({
  getParentRoute: () => root,
  path: "/exports/$exportId",
  component: screen(() => import("../edit-export/EditExportScreen"), "EditExportScreen", EDITOR),
});

const run = createRoute({
  getParentRoute: () => root,
  path: "/exports/$exportId/runs/$runId",
  component: screen(() => import("../run/RunScreen"), "RunScreen", ["run"]),
});

const rows = createRoute({
  getParentRoute: () => root,
  path: "/exports/$exportId/runs/$runId/rows",
  validateSearch: readRowsSearch,
  component: screen(() => import("../run/rows/RowsScreen"), "RowsScreen", ["run", "rows"]),
});

const history = createRoute({
  getParentRoute: () => root,
  path: "/history",
  validateSearch: readHistorySearch,
  component: screen(() => import("../history/HistoryScreen"), "HistoryScreen", ["history"]),
});

const connections = createRoute({
  getParentRoute: () => root,
  path: "/connections",
  component: screen(() => import("../connections/ConnectionsScreen"), "ConnectionsScreen", CONNECTIONS),
});

const connect = createRoute({
  getParentRoute: () => root,
  path: "/connections/new",
  validateSearch: readConnectSearch,
  component: screen(() => import("../connections/ConnectScreen"), "ConnectScreen", CONNECTIONS),
});

const connection = createRoute({
  getParentRoute: () => root,
  path: "/connections/$connectionId",
  component: screen(() => import("../connections/ConnectionScreen"), "ConnectionScreen", CONNECTIONS),
});

const audit = createRoute({
  getParentRoute: () => root,
  path: "/audit",
  validateSearch: readAuditSearch,
  component: screen(() => import("../audit/AuditScreen"), "AuditScreen", ["audit"]),
});

const about = createRoute({
  getParentRoute: () => root,
  path: "/about",
  component: screen(() => import("../about/AboutScreen"), "AboutScreen", ["about"]),
});

export const router = createRouter({
  routeTree: root.addChildren([
    home,
    newExport,
    editExport,
    run,
    rows,
    history,
    connections,
    connect,
    connection,
    audit,
    about,
  ]),
  basepath: import.meta.env.BASE_URL,
  scrollRestoration: true,
  defaultPendingComponent: Loading,
  defaultErrorComponent: Crash,
  defaultPreload: "intent",
  defaultPreloadStaleTime: 0,
});

declare module "@tanstack/react-router" {
  interface Register {
    router: typeof router;
  }
}
