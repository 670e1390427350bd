/** What a form of the local page can bring into the browser: operations that write one file, and its name there. Pure. */
import type { Arguments, Operation } from '../control/operation.js';
import { readValues } from './form-orders.js';

export interface DownloadOrder {
  readonly operation: Operation;
  /** Without the file, which is for whoever carries it out to choose. */
  readonly values: Arguments;
  /** The parameter that names the file. */
  readonly fileParameter: string;
  /** What the browser is to call it; ASCII, as headers are. */
  readonly fileName: string;
  /** Readable keys: an open browser is not enough. */
  readonly asksPassword: boolean;
}

interface Kind {
  readonly fileParameter: string;
  readonly asksPassword?: boolean;
  fileName(values: Arguments, date: string): string;
}

const KINDS: Readonly<Record<string, Kind>> = {
  backup: { fileParameter: 'file', fileName: (_, date) => `postern-${date}.age` },
  'export addresses': { fileParameter: 'path', fileName: (_, date) => `postern-addresses-${date}.csv` },
  'export keys': { fileParameter: 'path', asksPassword: true, fileName: () => 'keys.dat' },
  'export mbox': { fileParameter: 'path', fileName: ({ folder = '' }) => `${plainName(folder)}.mbox` },
};

/** Undefined when no form asks for that. @param path "/get/export/keys" @param date "2026-11-22" @throws ControlRefusal */
export function readDownload(
  path: string,
  fields: URLSearchParams,
  operations: readonly Operation[],
  date: string,
): DownloadOrder | undefined {
  const name = path.replace(/^\/get\//, '').replaceAll('/', ' ');
  const operation = Object.hasOwn(KINDS, name) ? operations.find((each) => each.name === name) : undefined;
  if (operation === undefined) return undefined;
  const { fileParameter, asksPassword = false, fileName } = KINDS[name];
  const { [fileParameter]: _, ...values } = readValues(operation, fields);
  return { operation, values, fileParameter, asksPassword, fileName: fileName(values, date) };
}

function plainName(folder: string): string {
  return folder.replace(/[^\w.-]+/g, '_') || 'mail';
}
