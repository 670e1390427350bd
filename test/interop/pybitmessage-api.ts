/** PyBitmessage's XML-RPC interface, and the parser of its message view, as far as the interoperability run needs them. */

import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const BMAPI = new URL('../../../test/interop/peers/bmapi.py', import.meta.url).pathname;
const VIEW = new URL('../../../test/interop/peers/pybitmessage-view.py', import.meta.url).pathname;

export interface InboxMessage {
  readonly msgid: string;
  readonly fromAddress: string;
  readonly toAddress: string;
  readonly subject: string;
  readonly message: string;
  readonly encodingType: number;
}

export class PyBitmessageApi {
  constructor(private readonly url: string) {}

  /** @param difficulty what it demands of messages, as a multiple of PyBitmessage's default; 0: the default */
  createRandomAddress(label: string, difficulty = 0): Promise<string> {
    return this.#call('createRandomAddress', base64(label), false, difficulty, difficulty);
  }

  /** Deterministic address number one of this passphrase. */
  async createDeterministicAddress(passphrase: string, version: 3 | 4): Promise<string> {
    const answer = await this.#call<{ addresses: string[] }>('createDeterministicAddresses', base64(passphrase), 1, version, 1);
    return answer.addresses[0];
  }

  /** Joins a chan; answers "success". */
  joinChan(passphrase: string, address: string): Promise<string> {
    return this.#call('joinChan', base64(passphrase), address);
  }

  addSubscription(address: string, label: string): Promise<string> {
    return this.#call('addSubscription', address, base64(label));
  }

  /** Answers the ackdata, by which `status` asks. */
  sendMessage(from: string, to: string, subject: string, body: string, encoding: 2 | 3 = 2): Promise<string> {
    return this.#call('sendMessage', to, from, base64(subject), base64(body), encoding, 345_600);
  }

  sendBroadcast(from: string, subject: string, body: string): Promise<string> {
    return this.#call('sendBroadcast', from, base64(subject), base64(body), 2, 345_600);
  }

  status(ackdata: string): Promise<string> {
    return this.#call('getStatus', ackdata);
  }

  async inbox(): Promise<InboxMessage[]> {
    const { inboxMessages } = await this.#call<{ inboxMessages: InboxMessage[] }>('getAllInboxMessages');
    return inboxMessages.map((message) => ({ ...message, subject: fromBase64(message.subject), message: fromBase64(message.message) }));
  }

  /** Through peers/bmapi.py: PyBitmessage speaks XML-RPC, which Python has and Node.js has not. */
  async #call<T = string>(method: string, ...params: unknown[]): Promise<T> {
    const args = params.map((param) => JSON.stringify(param));
    const { stdout } = await promisify(execFile)('python3', [BMAPI, this.url, 'call', method, ...args], { maxBuffer: 64 * 2 ** 20 });
    const text = stdout.trim();
    if (text.startsWith('API Error')) throw new Error(`${method}: ${text}`);
    return (/^[[{]/.test(text) ? JSON.parse(text) : text) as T;
  }
}

/** What its window shows of a body: first the text, and the HTML after a click. */
export interface MessageView {
  readonly plain: string;
  readonly html: string;
}

/** By the parser of its window, without the window. */
export async function viewMessage(source: string, body: string): Promise<MessageView> {
  const run = promisify(execFile)('python3', [VIEW, '--src', source]);
  run.child.stdin?.end(body);
  return JSON.parse((await run).stdout) as MessageView;
}

function base64(text: string): string {
  return Buffer.from(text).toString('base64');
}

function fromBase64(text: string): string {
  return Buffer.from(text, 'base64').toString();
}
