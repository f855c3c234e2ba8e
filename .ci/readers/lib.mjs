// What the readers in JavaScript share: each file that is named on the command line
// gives one line of JSON, {"value": …} as read, or {"error": "…"} if it is refused.
import { readFileSync } from 'node:fs';

export const text = (path) => readFileSync(path, 'utf8');

// each calls read with the path of each file.
export async function each(read) {
  for (const path of process.argv.slice(2)) {
    let line;
    try {
      line = { value: await read(path) };
    } catch (e) {
      line = { error: String(e?.stack ?? e) };
    }
    process.stdout.write(JSON.stringify(line) + '\n');
  }
}

// present leaves out the attributes without a value.
export const present = (attributes) =>
  Object.fromEntries(Object.entries(attributes).filter(([, v]) => v !== null && v !== undefined && v !== '' && !(Array.isArray(v) && !v.length)));
