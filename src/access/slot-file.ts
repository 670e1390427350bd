/** The ways to the master key in a file of their own: of a data directory whose database cannot be read before the key is there. */
import { closeSync, fsyncSync, openSync, rmSync, statSync, writeSync } from 'node:fs';
import type { KeySlot, SlotKind } from './key-slot.js';
import type { SlotTable } from './keystore.js';
import { readIfThere, writePrivateFile } from './private-file.js';

export const SLOT_FILE_NAME = 'key-slots.json';
/** So that another form can be told from this one, should there ever be one. */
const FORMAT = 1;
const KINDS: readonly string[] = ['passphrase', 'login', 'proof'] satisfies SlotKind[];

export class SlotFile implements SlotTable {
  constructor(private readonly path: string) {}

  /** @throws Error when the file is missing or damaged */
  all(): KeySlot[] {
    const text = readIfThere(this.path);
    if (text === undefined) throw new Error(`${this.path} is missing: without it nobody can open the mail`);
    try {
      return parse(text);
    } catch (error) {
      throw new Error(`${this.path} is damaged: ${(error as Error).message}`, { cause: error });
    }
  }

  put(slot: KeySlot): void {
    this.write([...this.all().filter(({ kind }) => kind !== slot.kind), slot]);
  }

  removeAll(): void {
    overwritten(this.path, () => rmSync(this.path, { force: true }));
  }

  /** All of them. */
  write(slots: readonly KeySlot[]): void {
    const rows = slots.map(({ kind, cost, salt, sealed }) => ({ kind, cost, salt: toBase64(salt), sealed: toBase64(sealed) }));
    overwritten(this.path, () => writePrivateFile(this.path, `${JSON.stringify({ format: FORMAT, slots: rows }, null, 2)}\n`));
  }
}

function parse(text: string): KeySlot[] {
  const { format, slots } = JSON.parse(text) as { format?: unknown; slots?: Record<string, unknown>[] };
  if (format !== FORMAT || !Array.isArray(slots) || slots.length === 0) throw new Error('it holds no slots that this version knows');
  return slots.map(({ kind, cost, salt, sealed }) => {
    if (typeof kind !== 'string' || !KINDS.includes(kind)) throw new Error('a slot in it is of no known kind');
    return { kind: kind as SlotKind, cost: String(cost), salt: fromBase64(salt), sealed: fromBase64(sealed) };
  });
}

function toBase64(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64');
}

function fromBase64(text: unknown): Uint8Array {
  if (typeof text !== 'string' || !/^[A-Za-z0-9+/]*={0,2}$/.test(text)) throw new Error('a slot in it is no base64');
  return new Uint8Array(Buffer.from(text, 'base64'));
}

/** A slot that does not count any more, such as that of an old passphrase, still opens the master key: nothing of it stays in the freed blocks. */
function overwritten(path: string, replace: () => void): void {
  const size = statSync(path, { throwIfNoEntry: false })?.size;
  if (size === undefined) {
    replace();
    return;
  }
  const old = openSync(path, 'r+');
  try {
    replace();
    writeSync(old, Buffer.alloc(size), 0, size, 0);
    fsyncSync(old);
  } finally {
    closeSync(old);
  }
}
