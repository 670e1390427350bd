/** Asks the running daemon of a data directory to carry out an operation. */
import { request } from 'node:http';
import { type Contact, LINES_TYPE, operationPath, readContact } from '../control/contact.js';
import type { Answer, Arguments } from '../control/operation.js';
import type { Language } from '../words/language.js';
import { type Saying, WORDS } from '../words/words.js';
import { EXIT, Failure } from './failure.js';

interface Body extends Partial<Answer> {
  readonly error?: string;
  readonly progress?: string;
}

export interface Asking {
  /** That of the answer. */
  readonly language?: Language;
  /** Told what the daemon is doing, when that takes its time. */
  readonly progress?: (text: string) => void;
}

/** Making keys for an identity takes a second or two, also on a slow machine at work. */
const ANSWER_TIMEOUT_MS = 60_000;

/** Nobody is there, which the doctor has something to say to. */
export class NotRunning extends Failure {}

/** @throws Failure, NotRunning */
export async function askDaemon(
  dataDirectory: string,
  operation: string,
  values: Arguments,
  { language = 'en', progress = () => {} }: Asking = {},
): Promise<Answer> {
  const contact = readContact(dataDirectory);
  if (contact === undefined) throw noDaemon(dataDirectory);
  let reply: { status: number; body: string };
  try {
    reply = await post(contact, operationPath(operation), JSON.stringify(values), { language, progress });
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'ECONNREFUSED') throw noDaemon(dataDirectory);
    const why: Saying = ({ commandLine }) =>
      code === 'ECONNRESET' ? commandLine.ended(dataDirectory) : commandLine.noAnswer(dataDirectory, message);
    throw new Failure(EXIT.unavailable, why, { cause: error });
  }
  const body = parseBody(reply.body);
  if (reply.status === 200 && body?.value !== undefined && body.text !== undefined) return { value: body.value, text: body.text };
  // Another program may have got the port of a daemon that was killed.
  if (body?.error === undefined || reply.status === 401) throw noDaemon(dataDirectory);
  const { error } = body;
  throw new Failure(EXIT.refused, () => error);
}

function noDaemon(dataDirectory: string): NotRunning {
  return new NotRunning(EXIT.unavailable, ({ commandLine }) => commandLine.noGateway(dataDirectory));
}

function parseBody(text: string): Body | undefined {
  try {
    return JSON.parse(text) as Body;
  } catch {
    return undefined;
  }
}

/** Resolves with the last line of the answer; each one before says how far it is. */
function post(
  { host, port, token }: Contact,
  path: string,
  body: string,
  { language, progress }: Required<Asking>,
): Promise<{ status: number; body: string }> {
  return new Promise((resolve, reject) => {
    const headers = {
      authorization: `Bearer ${token}`,
      accept: LINES_TYPE,
      'accept-language': language,
      'content-type': 'application/json',
      'content-length': Buffer.byteLength(body),
    };
    // No agent: a proxy of the environment must not see this, and no connection is kept.
    const call = request({ host, port, path, method: 'POST', headers, agent: false, timeout: ANSWER_TIMEOUT_MS }, (response) => {
      let rest = '';
      let last = '';
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => {
        const lines = (rest + chunk).split('\n');
        rest = lines.pop() ?? '';
        for (const line of lines) {
          const told = parseBody(line)?.progress ?? last;
          // The daemon repeats itself, so that we know it is there.
          if (told !== last) progress(told);
          last = told;
        }
      });
      response.on('error', reject);
      response.on('end', () => resolve({ status: response.statusCode ?? 0, body: rest }));
    });
    call.on('timeout', () => call.destroy(new Error(WORDS[language].commandLine.silent(ANSWER_TIMEOUT_MS / 1000))));
    call.on('error', reject);
    call.end(body);
  });
}
