/** Asks the running daemon of a data directory to carry out an operation. */
import { request } from 'node:http';
import { type Contact, operationPath, readContact } from '../control/contact.js';
import type { Answer, Arguments } from '../control/operation.js';
import { EXIT, Failure } from './failure.js';

/** Making keys for an identity takes a second or two, also on a slow machine at work. */
const ANSWER_TIMEOUT_MS = 60_000;

/** @throws Failure */
export async function askDaemon(dataDirectory: string, operation: string, values: Arguments): Promise<Answer> {
  const contact = readContact(dataDirectory);
  if (contact === undefined) throw noDaemon(dataDirectory);
  let reply: { status: number; body: string };
  try {
    reply = await post(contact, operationPath(operation), JSON.stringify(values));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ECONNREFUSED') throw noDaemon(dataDirectory);
    throw new Failure(EXIT.unavailable, `the gateway of ${dataDirectory} does not answer: ${(error as Error).message}`, { cause: error });
  }
  const body = parseBody(reply.body);
  if (reply.status === 200 && body?.value !== undefined && body.text !== undefined) return { value: body.value, text: body.text };
  // Another program may have got the port of a daemon that was killed.
  if (body?.error === undefined || reply.status === 401) throw noDaemon(dataDirectory);
  throw new Failure(EXIT.refused, body.error);
}

function noDaemon(dataDirectory: string): Failure {
  return new Failure(EXIT.unavailable, `no gateway is running on ${dataDirectory}; "postern start --data ${dataDirectory}" starts one`);
}

function parseBody(text: string): (Partial<Answer> & { error?: string }) | undefined {
  try {
    return JSON.parse(text) as Partial<Answer> & { error?: string };
  } catch {
    return undefined;
  }
}

function post({ host, port, token }: Contact, path: string, body: string): Promise<{ status: number; body: string }> {
  return new Promise((resolve, reject) => {
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) };
    // No agent: a proxy of the environment must not see this, and no connection is kept.
    const call = request({ host, port, path, method: 'POST', headers, agent: false, timeout: ANSWER_TIMEOUT_MS }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', reject);
      response.on('end', () => resolve({ status: response.statusCode ?? 0, body: Buffer.concat(chunks).toString('utf8') }));
    });
    call.on('timeout', () => call.destroy(new Error(`no answer within ${ANSWER_TIMEOUT_MS / 1000} seconds`)));
    call.on('error', reject);
    call.end(body);
  });
}
