import connect from "./connect.json";
import connections from "./connections.json";
import editExport from "./edit-export.json";
import exports from "./exports.json";
import mapping from "./mapping.json";
import page from "./page.json";
import parts from "./parts.json";
import preview from "./preview.json";
import run from "./run.json";
import shell from "./shell.json";
import words from "./words.json";

export default {
  shell,
  page,
  parts,
  exports,
  editExport,
  run,
  connections,
  connect,
  mapping,
  preview,
  words,
};
