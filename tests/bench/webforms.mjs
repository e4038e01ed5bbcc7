// ODK Web Forms' engine in Node: for each form given as JSON on stdin, the best load and the median of each answer.
import { createRequire } from "module";
import fs from "fs";
import path from "path";

const folder = path.resolve(process.argv[2]);
const require = createRequire(path.join(folder, "package.json"));
globalThis.require = require; // its XPath parser takes Node for a browser's worker otherwise
globalThis.__dirname = "/";
const { JSDOM } = require("jsdom");
const page = new JSDOM("").window;
for (const name of [
  "Attr", "Blob", "CDATASection", "Comment", "Document", "DOMParser", "Element", "File", "Node", "NodeFilter",
  "ProcessingInstruction", "Text", "XMLDocument", "XMLSerializer", "XPathEvaluator", "XPathResult", "document", "window",
])
  if (page[name] !== undefined) globalThis[name] = page[name];
const installed = path.join(folder, "node_modules/@getodk/xforms-engine/dist/index.js");
const engine = await import(installed);

const nodesOf = (node, found = new Map()) => {
  found.set(node.currentState?.reference, node);
  for (const child of node.currentState?.children ?? []) nodesOf(child, found);
  return found;
};
const give = (node, value) => {
  if (node.nodeType === "select") node.selectValues(value === "" ? [] : value.split(" "));
  else if (node.nodeType === "trigger") node.setValue(value === "OK");
  else node.setValue(value);
};
const middle = (values) => values.sort((a, b) => a - b)[values.length >> 1];

const { forms, rounds } = JSON.parse(fs.readFileSync(0, "utf8"));
const said = [];
for (const { form, steps } of forms) {
  const xml = fs.readFileSync(form, "utf8");
  const fetchFormAttachment = async (address) => {
    const file = path.join(path.dirname(form), path.basename(String(address)));
    return fs.existsSync(file) ? new Response(fs.readFileSync(file)) : new Response("", { status: 404 });
  };
  const loads = [];
  let root;
  try {
    for (let round = 0; round < rounds; round++) {
      const start = performance.now();
      const loaded = await engine.loadForm(xml, { fetchFormAttachment });
      root = loaded.createInstance().root;
      loads.push(performance.now() - start);
    }
  } catch (refused) {
    said.push({ refused: String(refused).slice(0, 80) });
    continue;
  }
  const answers = [];
  for (const { ref, value, alt } of steps) {
    const times = [];
    try {
      const node = nodesOf(root).get(ref) ?? nodesOf(root).get(ref.replace(/\[1\]/g, ""));
      for (let round = 0; round < rounds; round++) {
        const start = performance.now();
        give(node, round % 2 ? alt : value);
        times.push((performance.now() - start) * 1000);
      }
      give(node, value);
      answers.push(middle(times.slice(1)));
    } catch {
      answers.push(null); // a question that it does not take so
    }
  }
  said.push({ load: Math.min(...loads), answers });
}
console.log(JSON.stringify(said));
