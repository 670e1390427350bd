/** Structured logging: one line per event, constant words with the data beside them. */
import { shown, shownJson } from './terminal-text.js';

export type LogLevel = 'debug' | 'info' | 'warn' | 'error';

export type LogFields = Readonly<Record<string, unknown>>;

export interface Logger {
  debug(event: string, fields?: LogFields | Error): void;
  info(event: string, fields?: LogFields | Error): void;
  warn(event: string, fields?: LogFields | Error): void;
  /** Somebody must act. */
  error(event: string, fields?: unknown): void;
  /** The same logger with the room's name in front of each line. */
  child(room: string): Logger;
}

const SEVERITY: Record<LogLevel, number> = { debug: 0, info: 1, warn: 2, error: 3 };

/** A logger that hands finished lines to `write`; the gateway writes to stderr, so that stdout stays for answers. */
export function createLogger(threshold: LogLevel, write: (line: string) => void, room = ''): Logger {
  const emit = (level: LogLevel, event: string, fields?: unknown): void => {
    if (SEVERITY[level] < SEVERITY[threshold]) return;
    const time = new Date().toISOString();
    const name = room === '' ? '' : `${room}: `;
    write(`${time} ${level.padEnd(5)} ${name}${event}${formatFields(fields, level)}`);
  };
  return {
    debug: (event, fields) => emit('debug', event, fields),
    info: (event, fields) => emit('info', event, fields),
    warn: (event, fields) => emit('warn', event, fields),
    error: (event, fields) => emit('error', event, fields),
    child: (name) => createLogger(threshold, write, room === '' ? name : `${room}.${name}`),
  };
}

/** Says nothing; for tests that look at behaviour alone. */
export const silentLogger: Logger = createLogger('error', () => {});

function formatFields(fields: unknown, level: LogLevel): string {
  if (fields === undefined) return '';
  if (fields instanceof Error) {
    const cause = fields.cause instanceof Error ? ` (${fields.cause.message})` : '';
    return ` ${withinEntry(level === 'error' ? (fields.stack ?? fields.message) : fields.message)}${withinEntry(cause)}`;
  }
  if (typeof fields !== 'object' || fields === null) return ` ${withinEntry(String(fields))}`;
  return Object.entries(fields)
    .map(([key, value]) => ` ${key}=${formatValue(value)}`)
    .join('');
}

/** An error may quote what a stranger wrote: its further lines are set in, so that none looks like an entry of its own. */
function withinEntry(text: string): string {
  return shown(text).replace(/\n(?! )/g, '\n    ');
}

function formatValue(value: unknown): string {
  if (value instanceof Error) return shownJson(JSON.stringify(value.message));
  if (value instanceof Uint8Array) return Buffer.from(value).toString('hex');
  return typeof value === 'string' && /^[\w.:/@-]+$/.test(value)
    ? value
    : shownJson(JSON.stringify(value, (_, inner) => (typeof inner === 'bigint' ? inner.toString() : inner)) ?? 'undefined');
}
