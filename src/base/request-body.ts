/** The body of an HTTP request, up to a limit. */
import type { IncomingMessage } from 'node:http';

/** Undefined when it is longer, or does not come to its end: then nobody is there to be answered. */
export async function readBody(request: IncomingMessage, maxBytes: number): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  let length = 0;
  try {
    for await (const chunk of request as AsyncIterable<Buffer>) {
      length += chunk.length;
      if (length > maxBytes) return undefined;
      chunks.push(chunk);
    }
  } catch (error) {
    if (!request.complete) return undefined;
    throw error;
  }
  return Buffer.concat(chunks).toString('utf8');
}
