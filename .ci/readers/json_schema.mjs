// Validates values with ajv: each file is {"schema": …, "values": […]}, and gives a list
// of true and false. The keywords of editors are unknown to ajv, and are named here.
import Ajv from 'ajv';
import { each, text } from './lib.mjs';

await each((path) => {
  const { schema, values } = JSON.parse(text(path));
  const ajv = new Ajv({ strictTypes: false, strictRequired: false });
  ajv.addVocabulary(['enumDescriptions', 'errorMessage', 'patternErrorMessage']);
  const validate = ajv.compile(schema);
  return values.map((value) => validate(value));
});
