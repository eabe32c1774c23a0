/**
 * Which address leads to which screen.
 *
 * Each screen is loaded when it is first shown; the home screen comes with the shell, so that the first screen takes
 * few files.
 */
import { createRootRoute, createRoute, createRouter, lazyRouteComponent } from "@tanstack/react-router";
import { readConnectSearch } from "../connections/connect/connect-search";
import { readNewSearch } from "../edit-export/new-search";
import { ExportsScreen } from "../exports/ExportsScreen";
import { readHomeSearch } from "../exports/home-search";
import { Loading } from "./Centered";
import { Crash } from "./CrashBoundary";
import { NotFound } from "./NotFound";
import { Shell } from "./Shell";

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
  component: lazyRouteComponent(() => import("../edit-export/NewExportScreen"), "NewExportScreen"),
});

const editExport = createRoute({
  getParentRoute: () => root,
  path: "/exports/$exportId",
  component: lazyRouteComponent(() => import("../edit-export/EditExportScreen"), "EditExportScreen"),
});

const run = createRoute({
  getParentRoute: () => root,
  path: "/exports/$exportId/runs/$runId",
  component: lazyRouteComponent(() => import("../run/RunScreen"), "RunScreen"),
});

const connections = createRoute({
  getParentRoute: () => root,
  path: "/connections",
  component: lazyRouteComponent(() => import("../connections/ConnectionsScreen"), "ConnectionsScreen"),
});

const connect = createRoute({
  getParentRoute: () => root,
  path: "/connections/new",
  validateSearch: readConnectSearch,
  component: lazyRouteComponent(() => import("../connections/ConnectScreen"), "ConnectScreen"),
});

const connection = createRoute({
  getParentRoute: () => root,
  path: "/connections/$connectionId",
  component: lazyRouteComponent(() => import("../connections/ConnectionScreen"), "ConnectionScreen"),
});

export const router = createRouter({
  routeTree: root.addChildren([home, newExport, editExport, run, connections, connect, connection]),
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
