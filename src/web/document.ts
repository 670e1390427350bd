/** An answer as plain data, and those that are not pages. */

export interface Document {
  readonly status: number;
  readonly type: string;
  readonly body: string;
  readonly headers?: Readonly<Record<string, string>>;
}

export const HTML = 'text/html; charset=utf-8';

export function plainDocument(status: number, line: string): Document {
  return { status, type: 'text/plain; charset=utf-8', body: `${line}\n` };
}

/** "See other": a reload of what comes next asks for nothing a second time. */
export function redirect(path: string, cookie?: string): Document {
  // One slash: "//elsewhere" would lead elsewhere.
  const headers = { location: path.replace(/^\/+/, '/'), ...(cookie === undefined ? {} : { 'set-cookie': cookie }) };
  return { ...plainDocument(303, 'see there'), headers };
}
