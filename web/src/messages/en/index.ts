import connect from "./connect.json";
import connections from "./connections.json";
import editExport from "./edit-export.json";
import first from "./first";
import mapping from "./mapping.json";
import preview from "./preview.json";
import run from "./run.json";

export default { ...first, editExport, mapping, preview, run, connections, connect };
