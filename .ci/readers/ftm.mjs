// Reads lines of FollowTheMoney entities with @alephdata/followthemoney, which checks
// them against its schemas.
import { defaultModel, Model } from '@alephdata/followthemoney';
import { each, text } from './lib.mjs';

const model = new Model(defaultModel);

function entity(line) {
  const { id, schema: name, properties } = JSON.parse(line);
  const schema = model.getSchema(name);
  if (!schema || schema.abstract) throw new Error(`no entity has the schema ${name}`);
  const read = model.getEntity({ id, schema: name, properties });
  for (const property of Object.keys(properties)) {
    if (!schema.hasProperty(property)) throw new Error(`${name} has no property ${property}`);
    const values = read.getProperty(property).map((v) => v.id ?? v);
    if (JSON.stringify(values) !== JSON.stringify(properties[property])) throw new Error(`${id}: ${property} is ${JSON.stringify(values)}`);
  }
  for (const required of schema.required ?? []) {
    if (!read.hasProperty(required) || !read.getProperty(required).length) throw new Error(`${id}: ${name} lacks ${required}`);
  }
  return { id, schema: name, properties };
}

// check checks the values of an entity against the types of its properties: words of a
// list, dates, addresses, and references to entities of the file of a fitting schema.
function check({ id, schema: name, properties }, schemata) {
  for (const [property, values] of Object.entries(properties)) {
    const { type, range, stub } = model.getSchema(name).getProperty(property);
    if (stub) throw new Error(`${id}: ${property} is the other end of a property`);
    for (const value of values) {
      const fits = {
        entity: () => schemata.has(value) && model.getSchema(schemata.get(value)).isA(range),
        date: () => /^\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?$/.test(value),
        url: () => ['http:', 'https:'].includes(new URL(value).protocol),
        checksum: () => /^[0-9a-f]{40}$/.test(value),
      };
      if (fits[type.name] && !fits[type.name]()) throw new Error(`${id}: ${property} cannot be ${value}`);
      if (type.values?.size && !type.values.has(value)) throw new Error(`${id}: ${property} has no value ${value}`);
    }
  }
}

function read(path) {
  const entities = text(path).split('\n').filter(Boolean).map(entity);
  const schemata = new Map(entities.map((e) => [e.id, e.schema]));
  if (schemata.size !== entities.length) throw new Error('two entities have one id');
  for (const e of entities) check(e, schemata);
  return { entities };
}

each(read);
