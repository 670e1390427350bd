/** Pure: reads the files that Python's ConfigParser writes, as PyBitmessage's keys.dat. */

/** The values of a section, by lower-case key, as they stand in the file: "%%" is still doubled. */
export interface RawSection {
  get(key: string): string | undefined;
  has(key: string): boolean;
  keys(): Iterable<string>;
}

export interface PythonConfig {
  /** In the order of the file, without [DEFAULT], whose values every section has. */
  readonly sections: ReadonlyMap<string, RawSection>;
}

/** Values that refer to values that refer … : Python stops there, too. */
const MAX_INTERPOLATION_DEPTH = 10;
/** Values that name each other ten times over ten levels would make ten thousand million of them. */
const MAX_REFERENCES = 100;
/** A label is a line; what was put together of files is none. */
const MAX_REFERRED_CHARACTERS = 65_536;
const BOOLEANS: Readonly<Record<string, boolean>> = {
  '1': true,
  yes: true,
  true: true,
  on: true,
  '0': false,
  no: false,
  false: false,
  off: false,
};

/** Takes any text; lines that mean nothing are passed over, so that one damaged line does not cost all the keys. */
export function readPythonConfig(text: string): PythonConfig {
  const sections = new Map<string, Map<string, string>>();
  const defaults = new Map<string, string>();
  let section: Map<string, string> | undefined;
  let key: string | undefined;
  for (const line of text.replace(/^\uFEFF/, '').split(/\r\n|\n|\r/)) {
    if (/^\s*$/.test(line) || /^[#;]/.test(line) || /^rem\s/i.test(line)) continue;
    if (/^\s/.test(line) && section !== undefined && key !== undefined) {
      section.set(key, `${section.get(key) ?? ''}\n${line.trim()}`.trim());
      continue;
    }
    const header = /^\[([^\]]+)\]/.exec(line);
    if (header !== null) {
      key = undefined;
      section = header[1] === 'DEFAULT' ? defaults : sections.get(header[1]);
      if (section === undefined) sections.set(header[1], (section = new Map()));
      continue;
    }
    const option = /^([^:=\s][^:=]*?)\s*[:=]\s*(.*)$/.exec(line);
    if (option === null || section === undefined) continue;
    key = option[1].toLowerCase();
    section.set(key, plainValue(option[2]));
  }
  // Looked up when asked for: many defaults in many sections would be too many copies.
  const withDefaults = (values: RawSection): RawSection => ({
    get: (key) => values.get(key) ?? defaults.get(key),
    has: (key) => values.has(key) || defaults.has(key),
    keys: () => new Set([...defaults.keys(), ...values.keys()]),
  });
  return { sections: new Map([...sections].map(([name, values]) => [name, withDefaults(values)])) };
}

/** The value as the program means it: references resolved, "%%" a single sign; undefined when there is none. */
export function textOf(section: RawSection, key: string): string | undefined {
  const raw = section.get(key.toLowerCase());
  return raw === undefined ? undefined : interpolate(raw, section, MAX_INTERPOLATION_DEPTH, { references: MAX_REFERENCES });
}

/** As Python's getboolean; undefined for any other word. */
export function booleanOf(section: RawSection, key: string): boolean | undefined {
  const word = textOf(section, key)?.trim().toLowerCase() ?? '';
  return Object.hasOwn(BOOLEANS, word) ? BOOLEANS[word] : undefined;
}

/** A whole number of 0 and more; undefined for anything else. */
export function wholeOf(section: RawSection, key: string): number | undefined {
  const text = textOf(section, key)?.trim() ?? '';
  const number = Number(text);
  return /^\d+$/.test(text) && Number.isSafeInteger(number) ? number : undefined;
}

/** A blank and a semicolon begin a comment; two quotes alone are the empty text. */
function plainValue(text: string): string {
  const comment = text.search(/\s;/);
  const value = (comment === -1 ? text : text.slice(0, comment)).trim();
  return value === '""' ? '' : value;
}

/** Where Python refuses a lonely "%" or a name that is not there, the text stays as it is: a label must not cost the keys beside it. */
function interpolate(text: string, section: RawSection, depth: number, left: { references: number }): string {
  return text.replace(/%%|%\(([^)]+)\)s/g, (whole, name: string | undefined) => {
    if (name === undefined) return '%';
    const value = section.get(name.toLowerCase());
    if (value === undefined || value.length > MAX_REFERRED_CHARACTERS || depth === 0 || left.references === 0) return whole;
    left.references--;
    return interpolate(value, section, depth - 1, left);
  });
}
