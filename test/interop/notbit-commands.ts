/** notbit as its user meets it: keygen, sendmail, a maildir and a log. */
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';

const DRIVER = new URL('../../../test/interop/peers/peer-notbit.py', import.meta.url).pathname;

export interface NotbitMail {
  readonly from: string;
  readonly to: string;
  readonly subject: string;
  readonly body: string;
}

export class NotbitCommands {
  constructor(
    private readonly source: string,
    private readonly dataDirectory: string,
    /** Where others dial it. */
    readonly at: string,
  ) {}

  async createAddress(label: string): Promise<string> {
    const line = (await this.#run('keygen', '--label', label)).trim();
    return /BM-\w+/.exec(line)?.[0] ?? line;
  }

  async send(from: string, to: string, subject: string, body: string): Promise<void> {
    await this.#run('send', from, to, subject, body);
  }

  async inbox(): Promise<NotbitMail[]> {
    return JSON.parse(await this.#run('inbox')) as NotbitMail[];
  }

  /** How many acknowledgements its log tells of. */
  acknowledgements(): number {
    return readFileSync(join(this.dataDirectory, 'notbit.log'), 'utf8').split('Received acknowledgement').length - 1;
  }

  async #run(...words: string[]): Promise<string> {
    const { stdout } = await promisify(execFile)('python3', [DRIVER, '--src', this.source, '--datadir', this.dataDirectory, ...words]);
    return stdout;
  }
}
