/** Writes WebAssembly: instructions as nested function calls, functions, and a module around them. No toolchain, no text format. */

/** Instructions as nested bytes. An expression leaves one value on the stack, a statement none. */
export type Code = readonly (number | Code)[];

export type ValueType = 'i32' | 'i64' | 'v128';

/** A parameter or local variable of a function. */
export interface Local {
  readonly type: ValueType;
  readonly index: number;
}

export interface FunctionRef {
  readonly index: number;
}

/** Spec: WebAssembly core 2.0, §5.3.1 and §5.3.3. */
const VALUE_TYPES: Record<ValueType, number> = { i32: 0x7f, i64: 0x7e, v128: 0x7b };

export const get = (local: Local): Code => [0x20, ...unsigned(local.index)];
export const set = (local: Local, value: Code): Code => [value, 0x21, ...unsigned(local.index)];
/** Sets, and leaves the value on the stack. */
export const tee = (local: Local, value: Code): Code => [value, 0x22, ...unsigned(local.index)];

export const call = (callee: FunctionRef, ...values: Code[]): Code => [values, 0x10, ...unsigned(callee.index)];
export const giveBack = (...values: Code[]): Code => [values, 0x0f];
export const ifThen = (condition: Code, then: readonly Code[], otherwise: readonly Code[] = []): Code => [
  condition,
  0x04,
  NO_RESULT,
  then,
  otherwise.length === 0 ? [] : [0x05, otherwise],
  END,
];
/** Runs the body, and again as long as the condition then holds. */
export const repeatWhile = (body: readonly Code[], condition: Code): Code => [0x03, NO_RESULT, body, condition, 0x0d, 0x00, END];
/** Leaves the n-th enclosing block (0 = the innermost) when the condition holds. */
export const leaveIf = (condition: Code, depth = 0): Code => [condition, 0x0d, ...unsigned(depth)];
export const block = (...body: Code[]): Code => [0x02, NO_RESULT, body, END];

const NO_RESULT = 0x40;
const END = 0x0b;

const unary =
  (...opcode: number[]) =>
  (value: Code): Code => [value, ...opcode];
const binary =
  (...opcode: number[]) =>
  (left: Code, right: Code): Code => [left, right, ...opcode];
/** The alignment is a hint, as a power of two: natural for the width. */
const load =
  (alignment: number, ...opcode: number[]) =>
  (address: Code, offset = 0): Code => [address, ...opcode, alignment, ...unsigned(offset)];
const store =
  (alignment: number, ...opcode: number[]) =>
  (address: Code, value: Code, offset = 0): Code => [address, value, ...opcode, alignment, ...unsigned(offset)];

export const i32 = {
  const: (value: number): Code => [0x41, ...signed(BigInt(value | 0))],
  load: load(2, 0x28),
  load8u: load(0, 0x2d),
  load16s: load(1, 0x2e),
  store: store(2, 0x36),
  store8: store(0, 0x3a),
  eqz: unary(0x45),
  eq: binary(0x46),
  ne: binary(0x47),
  ltS: binary(0x48),
  ltU: binary(0x49),
  gtS: binary(0x4a),
  geS: binary(0x4e),
  ctz: unary(0x68),
  add: binary(0x6a),
  sub: binary(0x6b),
  mul: binary(0x6c),
  and: binary(0x71),
  or: binary(0x72),
  xor: binary(0x73),
  shl: binary(0x74),
  shrS: binary(0x75),
  shrU: binary(0x76),
  /** The low half of an i64. */
  wrap: unary(0xa7),
};

export const i64 = {
  const: (value: bigint): Code => [0x42, ...signed(BigInt.asIntN(64, value))],
  load: load(3, 0x29),
  load32s: load(2, 0x34),
  store: store(3, 0x37),
  store32: store(2, 0x3e),
  eqz: unary(0x50),
  leU: binary(0x58),
  ltS: binary(0x53),
  add: binary(0x7c),
  sub: binary(0x7d),
  mul: binary(0x7e),
  and: binary(0x83),
  or: binary(0x84),
  xor: binary(0x85),
  shl: binary(0x86),
  shrS: binary(0x87),
  shrU: binary(0x88),
  rotr: binary(0x8a),
  extendS: unary(0xac),
  extendU: unary(0xad),
};

/** Two lanes of 64 bits. Shifts take their distance as an i32 constant. */
export const i64x2 = {
  const: (low: bigint, high: bigint): Code => [0xfd, 0x0c, ...littleEndian(low), ...littleEndian(high)],
  splat: unary(0xfd, 0x12),
  loadSplat: load(3, 0xfd, 0x0a),
  add: binary(0xfd, 0xce, 0x01),
  shl: (value: Code, distance: number): Code => [value, ...i32.const(distance), 0xfd, 0xcb, 0x01],
  shrU: (value: Code, distance: number): Code => [value, ...i32.const(distance), 0xfd, 0xcd, 0x01],
  gtS: binary(0xfd, 0xd9, 0x01),
};

export const v128 = {
  load: load(4, 0xfd, 0x00),
  store: store(4, 0xfd, 0x0b),
  and: binary(0xfd, 0x4e),
  or: binary(0xfd, 0x50),
  xor: binary(0xfd, 0x51),
  allTrue64: unary(0xfd, 0xc3, 0x01),
  /** The byte lanes of the result, by their number in left (0-15) and right (16-31). */
  shuffle: (left: Code, right: Code, lanes: readonly number[]): Code => [left, right, 0xfd, 0x0d, ...lanes],
};

/** One function while it is written. */
export class FunctionWriter {
  readonly #locals: ValueType[] = [];
  readonly #body: Code[] = [];

  constructor(private readonly parameterCount: number) {}

  local(type: ValueType): Local {
    return { type, index: this.parameterCount + this.#locals.push(type) - 1 };
  }

  add(...statements: Code[]): void {
    this.#body.push(...statements);
  }

  /** The function's entry in the code section. */
  toBytes(): Code {
    const locals = this.#locals.map((type) => [1, VALUE_TYPES[type]]);
    return sized([vector(locals), this.#body, END]);
  }
}

interface WrittenFunction {
  readonly exportName: string | null;
  readonly parameters: readonly ValueType[];
  readonly results: readonly ValueType[];
  readonly code: Code;
}

/** A module with one memory, exported as "memory". */
export class ModuleWriter {
  readonly #functions: WrittenFunction[] = [];

  constructor(private readonly memoryPages: number) {}

  /** Adds a function; with a name it is exported. Only functions added before can be called from it. */
  function<const P extends readonly ValueType[]>(
    exportName: string | null,
    parameters: P,
    results: readonly ValueType[],
    write: (writer: FunctionWriter, ...parameters: { [I in keyof P]: Local }) => void,
  ): FunctionRef {
    const writer = new FunctionWriter(parameters.length);
    const locals = parameters.map((type, index) => ({ type, index })) as { [I in keyof P]: Local };
    write(writer, ...locals);
    return { index: this.#functions.push({ exportName, parameters, results, code: writer.toBytes() }) - 1 };
  }

  /** Spec: WebAssembly core 2.0, §5.5. */
  toBytes(): Uint8Array<ArrayBuffer> {
    const all = this.#functions;
    const types = all.map(({ parameters, results }) => [0x60, valueTypes(parameters), valueTypes(results)]);
    const exports = all.flatMap(({ exportName }, index) => (exportName === null ? [] : [[name(exportName), 0x00, ...unsigned(index)]]));
    const bytes: number[] = [];
    flatten(
      [
        [0x00, 0x61, 0x73, 0x6d], // "\0asm"
        [0x01, 0x00, 0x00, 0x00], // version 1
        section(TYPES, types),
        section(
          FUNCTIONS,
          all.map((_, index) => unsigned(index)),
        ),
        section(MEMORIES, [[0x00, ...unsigned(this.memoryPages)]]),
        section(EXPORTS, [[name('memory'), 0x02, 0x00], ...exports]),
        section(
          CODES,
          all.map(({ code }) => code),
        ),
      ],
      bytes,
    );
    return new Uint8Array(bytes);
  }
}

const TYPES = 1;
const FUNCTIONS = 3;
const MEMORIES = 5;
const EXPORTS = 7;
const CODES = 10;

/** The part of the interface that is used; TypeScript describes it only for browsers. */
declare const WebAssembly: {
  Module: new (bytes: Uint8Array) => object;
  Instance: new (module: object) => { readonly exports: object };
};

/** Compiles the module and answers what it exports. @throws where this Node has no WebAssembly, or not all that is used */
export function instantiate<Exports>(bytes: Uint8Array): Exports & { readonly memory: Memory } {
  return new WebAssembly.Instance(new WebAssembly.Module(bytes)).exports as Exports & { readonly memory: Memory };
}

export interface Memory {
  /** Another one after the memory has grown. */
  readonly buffer: ArrayBuffer;
  grow(pages: number): number;
}

export const PAGE_BYTES = 65_536;

const section = (id: number, entries: readonly Code[]): Code => [id, sized(vector(entries))];
const vector = (entries: readonly Code[]): Code => [...unsigned(entries.length), entries];
const sized = (code: Code): Code => {
  const bytes: number[] = [];
  flatten(code, bytes);
  return [...unsigned(bytes.length), bytes];
};
const name = (text: string): Code => sized([...new TextEncoder().encode(text)]);
const valueTypes = (types: readonly ValueType[]): Code => vector(types.map((type) => [VALUE_TYPES[type]]));

function flatten(code: Code, into: number[]): void {
  for (const part of code) {
    if (typeof part === 'number') into.push(part);
    else flatten(part, into);
  }
}

/** LEB128, unsigned: seven bits to a byte, the lowest first. */
function unsigned(value: number): number[] {
  const bytes: number[] = [];
  for (let rest = value; ; rest >>>= 7) {
    if (rest < 0x80) return [...bytes, rest];
    bytes.push((rest & 0x7f) | 0x80);
  }
}

/** LEB128, two's complement: ends when the rest is nothing but the sign. */
function signed(value: bigint): number[] {
  const bytes: number[] = [];
  for (let rest = value; ; rest >>= 7n) {
    const low = Number(rest & 0x7fn);
    if (rest >= -64n && rest < 64n) return [...bytes, low];
    bytes.push(low | 0x80);
  }
}

function littleEndian(value: bigint): number[] {
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setBigUint64(0, value, true);
  return [...bytes];
}
