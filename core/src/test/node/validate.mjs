// Lints an OpenAPI document and reads a Postman collection; says how much there is, or what is wrong.
//   node validate.mjs OPENAPI POSTMAN
import { createConfig, lint } from '@redocly/openapi-core';
import { readFileSync } from 'node:fs';
import postman from 'postman-collection';

const [openapi, collection] = process.argv.slice(2);
const rules = {
  'no-ambiguous-paths': 'off', // the contract has them
  'operation-4xx-response': 'error',
  'operation-operationId-unique': 'error',
  'no-unused-components': 'error',
};
const config = await createConfig({ extends: ['recommended'], rules });
const problems = (await lint({ ref: openapi, config })).filter((one) => one.severity === 'error');
for (const one of problems) {
  console.log(`${one.ruleId}: ${one.message} ${one.location[0]?.pointer ?? ''}`);
}
if (problems.length > 0) process.exit(1);

let requests = 0;
new postman.Collection(JSON.parse(readFileSync(collection))).forEachItem((item) => {
  if (!item.request.url.toString().startsWith('{{base}}/')) throw new Error(item.name);
  requests++;
});
const operations = readFileSync(openapi, 'utf8').match(/^ {6}operationId: /gm).length;
console.log(`${operations} operations, ${requests} requests`);
