/** What a form of the local page asks for, as the operation and its values. Pure. */
import { type Arguments, ControlRefusal, type Operation } from '../control/operation.js';

export interface FormOrder {
  readonly operation: Operation;
  readonly values: Arguments;
}

/**
 * What can be asked for by a form. The others want a terminal: they write files of any name (setup; for export see downloads.ts) or read any as mail (import
 * mbox, eml, maildir), or tell what the pages show anyway.
 */
const BY_FORM = new Set([
  'backup',
  'block',
  'chan join',
  'chan leave',
  'contact add',
  'contact remove',
  'contact rename',
  'decrypt',
  'doctor',
  'encrypt',
  'identity delete',
  'identity new',
  'identity set',
  'identity undelete',
  'import pybitmessage',
  'import wif',
  'list end',
  'list make',
  'outbox cancel',
  'outbox retry',
  'passphrase',
  'subscribe',
  'unblock',
  'unlock',
  'unsubscribe',
]);

/** A second field with what a secret was typed as again. */
export const AGAIN = '-again';

/** Undefined when no form asks for that. @param path "/do/chan/join" @throws ControlRefusal */
export function readFormOrder(path: string, fields: URLSearchParams, operations: readonly Operation[]): FormOrder | undefined {
  const name = path.replace(/^\/do\//, '').replaceAll('/', ' ');
  const operation = BY_FORM.has(name) ? operations.find((each) => each.name === name) : undefined;
  if (operation === undefined) return undefined;
  return { operation, values: readValues(operation, fields) };
}

/** What was typed, by the names of the parameters. @throws ControlRefusal */
export function readValues(operation: Operation, fields: URLSearchParams): Arguments {
  const values: Record<string, string> = {};
  for (const { name: field, isNew = false } of operation.parameters) {
    const value = fields.get(field) ?? '';
    if (isNew && value !== (fields.get(field + AGAIN) ?? '')) throw new ControlRefusal(({ orders }) => orders.notTwice(field));
    if (value !== '') values[field] = value;
  }
  return values;
}
