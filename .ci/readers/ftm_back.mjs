// Compares lines of FollowTheMoney with what came back of them, PATH.back, as entities of
// @alephdata/followthemoney. Names are compared as one: what a schema calls name, alias and
// so on are values of one type. Values of a property are a set.
import { defaultModel, Model } from '@alephdata/followthemoney';
import { each, text } from './lib.mjs';

const model = new Model(defaultModel);

// newer are properties of FollowTheMoney 4 that the package does not know, by one of the
// same type that it knows.
const newer = { abbreviation: 'alias' };

function known(schema, properties) {
  const all = {};
  for (const [property, values] of Object.entries(properties)) {
    const name = model.getSchema(schema).hasProperty(property) ? property : (newer[property] ?? property);
    all[name] = [...(all[name] ?? []), ...values];
  }
  return all;
}

function read(path) {
  const entities = new Map();
  for (const line of text(path).split('\n').filter(Boolean)) {
    const { id, schema, properties } = JSON.parse(line);
    if (entities.has(id)) throw new Error(`two entities have the id ${id}`);
    entities.set(id, model.getEntity({ id, schema, properties: known(schema, properties) }));
  }
  return entities;
}

// values returns the sets of values of an entity by property, as sorted lists.
function values(entity) {
  const all = {};
  for (const property of entity.getProperties()) {
    const isName = property.type.name === 'name' || (entity.schema.isA('Address') && property.name === 'full');
    const key = isName ? 'names' : property.name;
    for (const value of entity.getProperty(property)) {
      const v = String(value.id ?? value);
      (all[key] ??= new Set()).add(isName ? v.split(/\s+/).filter(Boolean).join(' ') : v);
    }
  }
  return Object.fromEntries(Object.entries(all).map(([k, v]) => [k, JSON.stringify([...v].sort())]));
}

// compare returns how many properties came back equal, which did not come back, by schema
// and property, and all that is wrong.
function compare(path) {
  const before = read(path), after = read(path + '.back');
  const result = { entities: before.size, equal: 0, lost: {}, wrong: [] };
  const lose = (what) => (result.lost[what] = (result.lost[what] ?? 0) + 1);
  for (const [id, was] of before) {
    const is = after.get(id);
    if (!is) {
      lose(was.schema.name);
      continue;
    }
    if (is.schema.name !== was.schema.name) result.wrong.push(`${id} is a ${is.schema.name}, was a ${was.schema.name}`);
    const [old, now] = [values(was), values(is)];
    for (const property of new Set([...Object.keys(old), ...Object.keys(now)])) {
      if (now[property] === old[property]) result.equal++;
      else if (!now[property]) lose(`${was.schema.name} ${property}`);
      else result.wrong.push(`${id}: ${property} of a ${was.schema.name} is ${now[property]}, was ${old[property] ?? 'absent'}`);
    }
  }
  return result;
}

each(compare);
