/** The programming interface described for programs: OpenAPI 3.1, made of the operations. Pure. */
import { LINES_TYPE, operationPath } from '../control/contact.js';
import { MAX_VALUE_CHARACTERS, type Operation, type Parameter } from '../control/operation.js';
import { english } from '../words/english/english.js';

/** Spec: spec.openapis.org/oas/v3.1.0 */
export function openApi(operations: readonly Operation[], server: string): Record<string, unknown> {
  return {
    openapi: '3.1.0',
    info: {
      title: 'Postern',
      version: '1',
      summary: 'What the command line does, as JSON over HTTP on this machine.',
      license: { name: 'MIT', identifier: 'MIT' },
    },
    servers: [{ url: server }],
    security: [{ token: [] }],
    paths: Object.fromEntries(operations.map((operation) => [operationPath(operation.name), { post: describe(operation) }])),
    components: {
      securitySchemes: { token: { type: 'http', scheme: 'bearer', description: 'The token of control.json in the data directory.' } },
      schemas: {
        Answer: {
          type: 'object',
          required: ['value', 'text'],
          properties: {
            value: { type: 'object', description: 'For programs; keys are added to it, none is changed.' },
            text: { type: 'string', description: 'For people: one or more lines.' },
          },
        },
        Error: { type: 'object', required: ['error'], properties: { error: { type: 'string', description: 'A sentence for people.' } } },
      },
    },
  };
}

function describe({ name, help, parameters }: Operation): Record<string, unknown> {
  const required = parameters.filter(({ isRequired }) => isRequired).map((parameter) => parameter.name);
  const schema = {
    type: 'object',
    additionalProperties: false,
    properties: Object.fromEntries(parameters.map((parameter) => [parameter.name, value(parameter)])),
    ...(required.length === 0 ? {} : { required }),
  };
  const answer = { 'application/json': { schema: { $ref: '#/components/schemas/Answer' } } };
  return {
    operationId: name.replaceAll(' ', '-'),
    summary: help(english),
    requestBody: { required: required.length > 0, content: { 'application/json': { schema } } },
    responses: {
      '200': {
        description: 'Done.',
        content: {
          ...answer,
          [LINES_TYPE]: {
            schema: {
              type: 'string',
              description: 'Where that is accepted: lines of {"progress": "…"}, then the answer or an error as the last one.',
            },
          },
        },
      },
      '400': problem('It cannot be done, or means nothing.'),
      '401': problem('No token, or a wrong one.'),
      '403': problem('Not from this machine, or sent by a web page.'),
    },
  };
}

function value({ help, place, choices, isRequired }: Parameter): Record<string, unknown> {
  const text = { type: 'string', description: help(english), maxLength: MAX_VALUE_CHARACTERS, ...(isRequired ? { minLength: 1 } : {}) };
  if (place === 'flag') return { ...text, enum: ['true'] };
  if (place === 'secret') return { ...text, format: 'password' };
  return choices === undefined ? text : { ...text, enum: choices };
}

function problem(description: string): Record<string, unknown> {
  return { description, content: { 'application/json': { schema: { $ref: '#/components/schemas/Error' } } } };
}
