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

each((path) => ({ entities: text(path).split('\n').filter(Boolean).map(entity) }));
