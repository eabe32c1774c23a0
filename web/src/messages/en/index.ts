import about from "./about.json";
import audit from "./audit.json";
import connect from "./connect.json";
import connections from "./connections.json";
import editExport from "./edit-export.json";
import first from "./first";
import history from "./history.json";
import mapping from "./mapping.json";
import preview from "./preview.json";
import rows from "./rows.json";
import run from "./run.json";

export default {
  ...first,
  editExport,
  mapping,
  preview,
  run,
  rows,
  history,
  connections,
  connect,
  audit,
  about,
};
