// Reads Parquet with hyparquet.
import { asyncBufferFromFile, parquetReadObjects } from 'hyparquet';
import { each, present } from './lib.mjs';

const json = (value) => {
  if (typeof value === 'bigint') return Number(value);
  if (value instanceof Date) return value.toISOString().slice(0, 10);
  return value;
};

each(async (path) => {
  const rows = await parquetReadObjects({ file: await asyncBufferFromFile(path) });
  return { rows: rows.map((row) => present(Object.fromEntries(Object.entries(row).map(([k, v]) => [k, json(v)])))) };
});
