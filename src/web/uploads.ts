/** What a form of the local page can bring from the browser: operations that read one file. Pure. */
import { type Arguments, ControlRefusal, type Operation } from '../control/operation.js';
import { readValues } from './form-orders.js';

export interface UploadOrder {
  readonly operation: Operation;
  /** Without the file, which lies where whoever carries it out has put it. */
  readonly values: Arguments;
  /** The parameter that names the file. */
  readonly fileParameter: string;
}

/** So much comes through in the ten seconds that a request may take, on a slow disk too; more is for the terminal, which copies nothing. */
export const MAX_UPLOAD_BYTES = 256_000_000;

const FILE_PARAMETERS: Readonly<Record<string, string>> = { 'import eml': 'path', 'import mbox': 'path', 'import notbit': 'file' };

/** Undefined when no form asks for that. @param path "/put/import/mbox" */
export function readUploadOrder(path: string, fields: URLSearchParams, operations: readonly Operation[]): UploadOrder | undefined {
  const name = path.replace(/^\/put\//, '').replaceAll('/', ' ');
  const operation = Object.hasOwn(FILE_PARAMETERS, name) ? operations.find((each) => each.name === name) : undefined;
  if (operation === undefined) return undefined;
  const { [FILE_PARAMETERS[name]]: _, ...values } = readValues(operation, fields);
  return { operation, values, fileParameter: FILE_PARAMETERS[name] };
}

/** @throws ControlRefusal when it is longer than is taken */
export async function* limited(file: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let bytes = 0;
  for await (const chunk of file) {
    bytes += chunk.length;
    if (bytes > MAX_UPLOAD_BYTES) throw new ControlRefusal(({ page }) => page.moving.tooLarge(MAX_UPLOAD_BYTES));
    yield chunk;
  }
}
