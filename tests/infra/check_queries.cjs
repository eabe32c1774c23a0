// Reads queries from the standard input, as JSON: texts by name. Writes what Kusto's own parser and type checker say of
// each: texts of findings by name, and the columns of what it returns. NODE_PATH leads to the packages of local/.
require("@kusto/language-service-next/bridge.js");
require("@kusto/language-service-next/Kusto.Language.Bridge.js");

const { GlobalState, KustoCode, Symbols } = Kusto.Language;
// The columns that the app's events come in; Azure has more.
const appTraces = "(TimeGenerated: datetime, Message: string, SeverityLevel: int, AppRoleName: string, Properties: dynamic)";
const database = new Symbols.DatabaseSymbol.$ctor1("workspace", [Symbols.TableSymbol.From(appTraces).WithName("AppTraces")]);
const globals = GlobalState.Default.WithDatabase(database);

const queries = JSON.parse(require("node:fs").readFileSync(0, "utf8"));
const said = {};
for (const [name, text] of Object.entries(queries)) {
  const code = KustoCode.ParseAndAnalyze(text, globals);
  const findings = [];
  const found = code.GetDiagnostics();
  for (let at = 0; at < found.Count; at += 1) {
    const each = found.getItem(at);
    findings.push(`${text.slice(each.Start, each.End)}: ${each.Message}`);
  }
  const columns = [];
  const returned = code.ResultType ? code.ResultType.Columns : null;
  for (let at = 0; returned && at < returned.Count; at += 1) {
    const column = returned.getItem(at);
    columns.push(`${column.Name}: ${column.Type.Name}`);
  }
  said[name] = { findings, columns };
}
process.stdout.write(JSON.stringify(said));
