// Fills inters4/static/vendor and icons.svg from node_modules: run by `make vendor`.
// What it writes is committed, so that installing the portal needs no Node.
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { transformSync } from "esbuild";
import { transform } from "lightningcss";
import * as sass from "sass";

const vendor = dirname(fileURLToPath(import.meta.url));
const statics = dirname(vendor);
const root = join(statics, "..", "..");
const modules = join(root, "node_modules");
const read = (...path) => readFileSync(join(modules, ...path), "utf8");
const version = (name) => JSON.parse(read(name, "package.json")).version;

function bootstrap() {
  const { css } = sass.compile(join(vendor, "bootstrap.scss"), {
    loadPaths: [modules],
    quietDeps: true,
    silenceDeprecations: ["import", "global-builtin", "color-functions", "if-function"],
  });
  const body = css.replace(/@charset "[^"]*";/, "").replace(/\/\*![\s\S]*?\*\//g, "");
  const { code } = transform({
    filename: "bootstrap.css",
    code: Buffer.from(`@layer vendor{${body}}`),
    minify: true,
  });
  if (code.includes("data:")) throw new Error("bootstrap.min.css must hold no data: image");
  const banner = `/*! Bootstrap v${version("bootstrap")}, parts listed in bootstrap.scss | MIT | LICENSES.txt */\n`;
  writeFileSync(join(vendor, "bootstrap.min.css"), `${banner}${code}\n`);
}

function fonts() {
  mkdirSync(join(vendor, "fonts"), { recursive: true });
  for (const name of ["source-sans-3", "source-serif-4"]) {
    copyFileSync(
      join(modules, "@fontsource-variable", name, "files", `${name}-latin-wght-normal.woff2`),
      join(vendor, "fonts", `${name}.woff2`),
    );
  }
}

function sprite() {
  const names = readFileSync(join(vendor, "icons.txt"), "utf8").split(/\s+/).filter(Boolean).sort();
  const symbols = names.map((name) => {
    const svg = read("lucide-static", "icons", `${name}.svg`);
    const drawing = svg.replace(/<!--[\s\S]*?-->/g, "").match(/<svg[^>]*>([\s\S]*)<\/svg>/)[1];
    const shapes = drawing.replace(/\s+/g, " ").replaceAll(" />", "/>").replaceAll("> <", "><").trim();
    return `<symbol id="${name}" viewBox="0 0 24 24">${shapes}</symbol>`;
  });
  const head = `<!-- Lucide v${version("lucide-static")} | ISC | vendor/LICENSES.txt -->`;
  writeFileSync(
    join(statics, "icons.svg"),
    `<svg xmlns="http://www.w3.org/2000/svg">${head}\n${symbols.join("\n")}\n</svg>\n`,
  );
}

function module(name, file, target) {
  const { code } = transformSync(read(name, file), { minify: true, target: "es2021", format: "esm" });
  if (/\beval\(|new Function\b/.test(code)) throw new Error(`${name} evaluates code`);
  writeFileSync(join(vendor, target), `/*! ${name} v${version(name)} | MIT | LICENSES.txt */\n${code}`);
}

function licences() {
  const parts = [
    ["Bootstrap", "bootstrap", "LICENSE"],
    ["htmx", "htmx.org", "LICENSE"],
    ["Markdown toolbar", "@github/markdown-toolbar-element", "LICENSE"],
    ["Turndown", "turndown", "LICENSE"],
    ["Lucide icons", "lucide-static", "LICENSE"],
    ["Source Sans 3", "@fontsource-variable/source-sans-3", "LICENSE"],
    ["Source Serif 4", "@fontsource-variable/source-serif-4", "LICENSE"],
  ];
  const text = parts.map(([title, name, file]) => {
    const rule = "=".repeat(72);
    return `${rule}\n${title} (${name} ${version(name)})\n${rule}\n\n${read(name, file).trim()}\n`;
  });
  writeFileSync(join(vendor, "LICENSES.txt"), text.join("\n"));
}

bootstrap();
fonts();
sprite();
licences();
module("@github/markdown-toolbar-element", join("dist", "index.js"), "markdown-toolbar.min.js");
module("turndown", join("lib", "turndown.browser.es.js"), "turndown.min.js");
copyFileSync(join(modules, "htmx.org", "dist", "htmx.min.js"), join(vendor, "htmx.min.js"));
mkdirSync(join(root, "tests", "e2e", "vendor"), { recursive: true });
copyFileSync(
  join(modules, "axe-core", "axe.min.js"),
  join(root, "tests", "e2e", "vendor", "axe.min.js"),
);
