// Writes ../hdf5_2.h5 with HDF5 2.0 in its newest form (chunk layout message version 5), and the manifest of what was put in.
//
// Usage: npm install h5wasm@0.10.3 && node hdf5_2.mjs <output folder>
import h5wasm from "h5wasm/node";
import { createHash } from "node:crypto";
import { writeFileSync } from "node:fs";

const out = process.argv[2];
await h5wasm.ready;
const f = new h5wasm.File(out + "/hdf5_2.h5", "w", { libver: "latest" });
const items = [];

function put(group, name, shape, options = {}) {
  const n = shape.reduce((a, b) => a * b, 1);
  const data = Int32Array.from({ length: n }, (_, i) => (i * 2654435761) | 0);
  group.create_dataset({ name, data, shape, dtype: "<i", ...options });
  const sha = createHash("sha256").update(Buffer.from(data.buffer)).digest("hex").slice(0, 16);
  const path = (group.path === "/" ? "" : group.path) + "/" + name;
  items.push({ path, kind: "dataset", shape, dtype: "int32", sha, attrs: {} });
}

const top = ["many"];
const chunked = [
  ["contiguous", [7, 5], {}],
  ["single", [7, 5], { chunks: [7, 5] }],
  ["single_gzip", [7, 5], { chunks: [7, 5], compression: "gzip", compression_opts: [4] }],
  ["fixed", [37, 23], { chunks: [8, 8] }],
  ["fixed_gzip", [37, 23], { chunks: [8, 8], compression: "gzip", compression_opts: [4] }],
  ["fixed_paged", [1500], { chunks: [1] }],
  ["extensible", [37, 23], { chunks: [2, 5], maxshape: [null, 23] }],
  ["extensible_gzip", [600], { chunks: [2], maxshape: [null], compression: "gzip", compression_opts: [4] }],
  ["btree", [37, 23], { chunks: [3, 3], maxshape: [null, null] }],
  ["btree_gzip", [37, 23], { chunks: [8, 8], maxshape: [null, null], compression: "gzip", compression_opts: [4] }],
];
for (const [name, shape, options] of chunked) {
  put(f, name, shape, options);
  top.push(name);
}
const many = f.create_group("many");
const names = [];
for (let i = 0; i < 60; i++) {
  names.push("d" + String(i).padStart(2, "0"));
  put(many, names[i], [2]);
}
many.create_attribute("name", "dense");
items.push({ path: "/many", kind: "group", children: names, attrs: { name: { shape: [], strings: ["dense"] } } });
items.push({ path: "/", kind: "group", children: top.sort(), attrs: {} });
f.close();
writeFileSync(out + "/hdf5_2.json", JSON.stringify(items));
