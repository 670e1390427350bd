/** A reader and a writer of msgpack, as far as messages need it: bounded, maps as Map, no extension types. */
import { ByteReader, concat, DecodeError, u16, u32 } from './bytes.js';

/** str becomes a string (what is not UTF-8 in it is replaced), bin stays bytes; integers past 2^53 stay bigint. */
export type MsgpackValue = null | boolean | number | bigint | string | Uint8Array | readonly MsgpackValue[] | MsgpackMap;
export type MsgpackMap = ReadonlyMap<string, MsgpackValue>;

/** Messages need 4: the map, the list of files, a file, its value. Deeper than this only an attack goes. */
const MAX_DEPTH = 8;
/** Values in all; a message with 64 files and 1,024 parents needs 1,400. */
const MAX_VALUES = 10_000;

/**
 * Reads one value; bytes after it are ignored, as PyBitmessage does.
 *
 * Spec: github.com/msgpack/msgpack/blob/master/spec.md
 * @throws DecodeError when cut short, deeper or longer than the limits, with an extension type, with a key that is no text, or with
 * a key that stands twice: two readers could see two different messages
 */
export function readMsgpack(bytes: Uint8Array): MsgpackValue {
  return new MsgpackReader(bytes).value(0);
}

/** Writes text as str and bytes as bin. */
export function msgpack(value: MsgpackValue): Uint8Array {
  if (typeof value === 'string') return str(value);
  if (value instanceof Uint8Array) return bin(value);
  if (value instanceof Map) {
    const entries = [...(value as MsgpackMap)].flatMap(([key, inner]) => [str(key), msgpack(inner)]);
    return concat(head(value.size, { fix: [0x80, 15], sizes: [null, 0xde, 0xdf] }), ...entries);
  }
  if (Array.isArray(value)) {
    return concat(head(value.length, { fix: [0x90, 15], sizes: [null, 0xdc, 0xdd] }), ...(value as readonly MsgpackValue[]).map(msgpack));
  }
  throw new RangeError(`messages hold no ${typeof value}`);
}

class MsgpackReader {
  readonly #reader: ByteReader;
  #values = 0;

  constructor(bytes: Uint8Array) {
    this.#reader = new ByteReader(bytes);
  }

  value(depth: number): MsgpackValue {
    if (depth > MAX_DEPTH) throw new DecodeError(`msgpack deeper than ${MAX_DEPTH}`);
    if (++this.#values > MAX_VALUES) throw new DecodeError(`msgpack of more than ${MAX_VALUES} values`);
    const type = this.#reader.u8();
    if (type <= 0x7f) return type;
    if (type <= 0x8f) return this.#map(type & 0x0f, depth);
    if (type <= 0x9f) return this.#array(type & 0x0f, depth);
    if (type <= 0xbf) return this.#str(type & 0x1f);
    if (type >= 0xe0) return type - 0x100;
    return this.#longForm(type, depth);
  }

  #longForm(type: number, depth: number): MsgpackValue {
    const reader = this.#reader;
    switch (type) {
      case 0xc0:
        return null;
      case 0xc2:
        return false;
      case 0xc3:
        return true;
      case 0xc4:
        return reader.take(reader.u8());
      case 0xc5:
        return reader.take(reader.u16());
      case 0xc6:
        return reader.take(reader.u32());
      case 0xca:
        return this.#view(4).getFloat32(0);
      case 0xcb:
        return this.#view(8).getFloat64(0);
      case 0xcc:
        return reader.u8();
      case 0xcd:
        return reader.u16();
      case 0xce:
        return reader.u32();
      case 0xcf:
        return toNumber(reader.u64());
      case 0xd0:
        return this.#view(1).getInt8(0);
      case 0xd1:
        return this.#view(2).getInt16(0);
      case 0xd2:
        return this.#view(4).getInt32(0);
      case 0xd3:
        return toNumber(reader.i64());
      case 0xd9:
        return this.#str(reader.u8());
      case 0xda:
        return this.#str(reader.u16());
      case 0xdb:
        return this.#str(reader.u32());
      case 0xdc:
        return this.#array(reader.u16(), depth);
      case 0xdd:
        return this.#array(reader.u32(), depth);
      case 0xde:
        return this.#map(reader.u16(), depth);
      case 0xdf:
        return this.#map(reader.u32(), depth);
      default: // c1 is no type; c7 … c9 and d4 … d8 are extensions, which could ask for objects of somebody's choice
        throw new DecodeError(`msgpack type ${type.toString(16)}`);
    }
  }

  /** The count is not believed: values are counted as they are read. */
  #array(count: number, depth: number): MsgpackValue[] {
    const values: MsgpackValue[] = [];
    for (let index = 0; index < count; index++) values.push(this.value(depth + 1));
    return values;
  }

  #map(count: number, depth: number): MsgpackMap {
    const map = new Map<string, MsgpackValue>();
    for (let index = 0; index < count; index++) {
      const key = toText(this.value(depth + 1));
      if (key === undefined) throw new DecodeError('msgpack key is no text');
      if (map.has(key)) throw new DecodeError('msgpack key stands twice');
      map.set(key, this.value(depth + 1));
    }
    return map;
  }

  #str(length: number): string {
    return decodeUtf8(this.#reader.take(length));
  }

  #view(length: number): DataView {
    const bytes = this.#reader.take(length);
    return new DataView(bytes.buffer, bytes.byteOffset, length);
  }
}

/** Text of either kind: PyBitmessage writes all text as bin, Jabit as str. */
export function toText(value: MsgpackValue | undefined): string | undefined {
  if (typeof value === 'string') return value;
  return value instanceof Uint8Array ? decodeUtf8(value) : undefined;
}

/** Bytes that are no UTF-8 become U+FFFD; a byte order mark is kept, since it was sent. */
export function decodeUtf8(bytes: Uint8Array): string {
  return new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes);
}

function toNumber(value: bigint): number | bigint {
  return value >= BigInt(Number.MIN_SAFE_INTEGER) && value <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(value) : value;
}

function str(text: string): Uint8Array {
  const bytes = Buffer.from(text, 'utf8');
  return concat(head(bytes.length, { fix: [0xa0, 31], sizes: [0xd9, 0xda, 0xdb] }), bytes);
}

function bin(bytes: Uint8Array): Uint8Array {
  return concat(head(bytes.length, { fix: null, sizes: [0xc4, 0xc5, 0xc6] }), bytes);
}

/** Type and count in the shortest form: within the type byte, or after it in 8, 16 or 32 bits. */
function head(
  count: number,
  forms: { fix: readonly [number, number] | null; sizes: readonly [number | null, number, number] },
): Uint8Array {
  const [with8, with16, with32] = forms.sizes;
  if (forms.fix !== null && count <= forms.fix[1]) return Uint8Array.of(forms.fix[0] | count);
  if (with8 !== null && count <= 0xff) return Uint8Array.of(with8, count);
  return count <= 0xffff ? concat(Uint8Array.of(with16), u16(count)) : concat(Uint8Array.of(with32), u32(count));
}
