// What an editor shows of YAML files: the diagnostics of each, what is offered at a place, and what is told of it, by the server of VS Code's
// extension “YAML” (Language Server Protocol 3.17). Input, as JSON: {root, settings, files: [{path, text, ask: [{line, character}]}]}, where
// `settings` are those of .vscode/settings.json, lines and characters are counted from 0. Output: {path: {diagnostics, completions, hovers}}.
import { spawn } from "node:child_process";
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";
import { join } from "node:path";
import { text } from "node:stream/consumers";

const require = createRequire(import.meta.url);
const { createMessageConnection, StreamMessageReader, StreamMessageWriter } = require("vscode-jsonrpc/node");
const { root, settings, files } = JSON.parse(await text(process.stdin));
const at = path => pathToFileURL(join(root, path)).href;

const program = join(import.meta.dirname, "node_modules/yaml-language-server/bin/yaml-language-server");
const server = spawn(process.execPath, [program, "--stdio"], { stdio: ["pipe", "pipe", "inherit"] });
const connection = createMessageConnection(new StreamMessageReader(server.stdout), new StreamMessageWriter(server.stdin));
const told = new Map();
const listening = new Map();
connection.onNotification("textDocument/publishDiagnostics", ({ uri, diagnostics }) => {
  told.set(uri, diagnostics);
  listening.get(uri)?.();
});
// the editor is asked for its settings, section by section
connection.onRequest("workspace/configuration", ({ items }) => items.map(({ section }) => settings[section] ?? null));
connection.onRequest("client/registerCapability", () => null);
connection.listen();

await connection.sendRequest("initialize", {
  processId: process.pid,
  rootUri: pathToFileURL(root).href,
  workspaceFolders: [{ uri: pathToFileURL(root).href, name: "site" }],
  capabilities: {
    textDocument: { completion: { completionItem: { documentationFormat: ["markdown"], snippetSupport: true } }, hover: {}, publishDiagnostics: {} },
    workspace: { configuration: true, didChangeConfiguration: { dynamicRegistration: true } },
  },
});
connection.sendNotification("initialized", {});
connection.sendNotification("workspace/didChangeConfiguration", { settings });

const answer = {};
for (const { path, text, ask = [] } of files) {
  const uri = at(path);
  const ready = new Promise(resolve => listening.set(uri, resolve));
  connection.sendNotification("textDocument/didOpen", { textDocument: { uri, languageId: "yaml", version: 1, text } });
  await ready;
  const asked = { completions: [], hovers: [] };
  for (const position of ask) {
    const place = { textDocument: { uri }, position };
    asked.completions.push((await connection.sendRequest("textDocument/completion", place)).items);
    asked.hovers.push(await connection.sendRequest("textDocument/hover", place));
  }
  answer[path] = { diagnostics: told.get(uri), ...asked };
}
await connection.sendRequest("shutdown");
connection.sendNotification("exit");
connection.dispose();
process.stdout.write(JSON.stringify(answer));
process.exit(0);
