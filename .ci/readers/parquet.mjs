// Reads a folder of Parquet files with hyparquet: {name of a file: rows}.
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { asyncBufferFromFile, parquetReadObjects } from 'hyparquet';
import { each, present } from './lib.mjs';

const json = (value) => {
  if (typeof value === 'bigint') return Number(value);
  if (value instanceof Date) return value.toISOString().slice(0, 10);
  return value;
};

async function rows(path) {
  const read = await parquetReadObjects({ file: await asyncBufferFromFile(path) });
  return read.map((row) => present(Object.fromEntries(Object.entries(row).map(([k, v]) => [k, json(v)]))));
}

each(async (folder) => {
  const tables = {};
  for (const name of readdirSync(folder).sort()) tables[name.replace(/\.parquet$/, '')] = await rows(join(folder, name));
  return tables;
});
