/** An answer as plain data, and those that are not pages. */
import type { Parcel } from './parcels.js';

export interface Document {
  readonly status: number;
  readonly type: string;
  readonly body: string | Parcel;
  readonly headers?: Readonly<Record<string, string>>;
}

export const HTML = 'text/html; charset=utf-8';

export function plainDocument(status: number, line: string): Document {
  return { status, type: 'text/plain; charset=utf-8', body: `${line}\n` };
}

/** What the browser keeps as a file. @param name ASCII, without quotes */
export function download(parcel: Parcel, name: string): Document {
  const headers = { 'content-disposition': `attachment; filename="${name}"` };
  return { status: 200, type: 'application/octet-stream', body: parcel, headers };
}

/** "See other": a reload of what comes next asks for nothing a second time. */
export function redirect(path: string, cookie?: string): Document {
  // One slash: "//elsewhere" would lead elsewhere.
  const headers = { location: path.replace(/^\/+/, '/'), ...(cookie === undefined ? {} : { 'set-cookie': cookie }) };
  return { ...plainDocument(303, 'see there'), headers };
}
