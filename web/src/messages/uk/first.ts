import exports from "./exports.json";
import page from "./page.json";
import parts from "./parts.json";
import shell from "./shell.json";
import words from "./words.json";

export default { shell, page, parts, exports, words };
