// Bundles what runs in the browser.
//   pages/NAME.ts    → dist/site/NAME-HASH.js         the script of one page, or of all ("site")
//   workers/NAME.ts  → dist/site/NAME.worker-HASH.js
//   site/NAME.css    → dist/site/NAME-HASH.css
//   dist/site/assets.json: {"NAME.js": {file, integrity, bytes, compressedBytes}}, which the node embeds with the files.
//   exports/index.ts → dist/exports.mjs and agreement/NAME.ts → dist/NAME.mjs: for the tests that run our code in Node
// One file an entry, never a shared chunk: the page names every byte that it runs by its digest (subresource integrity).
import { createHash } from "node:crypto";
import { mkdir, readdir, rm, writeFile } from "node:fs/promises";
import { existsSync } from "node:fs";
import { basename, dirname, extname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, constants } from "node:zlib";
import { build } from "esbuild";

const here = dirname(fileURLToPath(import.meta.url));
const site = join(here, "dist", "site");

const common = { absWorkingDir: here, bundle: true, write: false, logLevel: "warning", legalComments: "none", charset: "utf8" };
const script = { ...common, minify: true, format: "esm", target: "es2022", platform: "browser", define: { "process.env.NODE_ENV": '"production"' } };

async function sources(folder, extension) {
  const path = join(here, folder);
  return existsSync(path) ? (await readdir(path)).filter((name) => name.endsWith(extension) && !name.endsWith(".d.ts")).sort() : [];
}

async function entries() {
  const found = [];
  for (const name of await sources("pages", ".ts")) found.push({ name: `${basename(name, ".ts")}.js`, from: `pages/${name}`, options: script });
  for (const name of await sources("workers", ".ts")) found.push({ name: `${basename(name, ".ts")}.worker.js`, from: `workers/${name}`, options: script });
  for (const name of await sources("site", ".css")) found.push({ name, from: `site/${name}`, options: { ...common, minify: true } });
  return found;
}

async function bundle({ name, from, options }) {
  const { outputFiles } = await build({ ...options, entryPoints: [from] });
  const content = outputFiles[0].contents;
  const compressed = brotliCompressSync(content, {
    params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: content.length },
  });
  const hash = createHash("sha256").update(content).digest("hex").slice(0, 16);
  const extension = extname(name);
  const file = `${name.slice(0, -extension.length)}-${hash}${extension}`;
  await writeFile(join(site, file), content);
  await writeFile(join(site, `${file}.br`), compressed);
  const integrity = `sha384-${createHash("sha384").update(content).digest("base64")}`;
  return [name, { file, integrity, bytes: content.length, compressedBytes: compressed.length }];
}

await rm(site, { recursive: true, force: true });
await mkdir(site, { recursive: true });
const assets = Object.fromEntries(await Promise.all((await entries()).map(bundle)));
await writeFile(join(site, "assets.json"), `${JSON.stringify(assets, null, 2)}\n`);

await build({ ...common, write: true, entryPoints: ["exports/index.ts"], format: "esm", target: "es2022", outfile: "dist/exports.mjs" });
for (const name of await sources("agreement", ".ts"))
  await build({
    ...common, write: true, entryPoints: [`agreement/${name}`], format: "esm", platform: "node", target: "es2022", outfile: `dist/${basename(name, ".ts")}.mjs`,
  });

if (process.argv.includes("--sizes"))
  for (const [name, { bytes, compressedBytes }] of Object.entries(assets)) console.log(`${name.padEnd(28)} ${bytes} bytes, ${compressedBytes} compressed`);
