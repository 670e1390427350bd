/** Mozilla's remote protocol "Marionette", version 3: frames of "<length>:<json>" over TCP, one question at a time. */
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

/** Firefox and Thunderbird open the port a while after their start. */
const OPEN_LIMIT_MS = 90_000;
const RETRY_MS = 200;
/** For a script in the program, which may wait for the network of the test. */
const SCRIPT_LIMIT_MS = 60_000;

type Reply = readonly [type: 1, id: number, error: { readonly error: string; readonly message: string } | null, value: unknown];

export class Marionette {
  #id = 0;
  #rest = Buffer.alloc(0);

  private constructor(private readonly socket: Socket) {}

  /** Connects as soon as the program listens, and opens a session that looks at its windows, not at web pages. */
  static async open(port: number): Promise<Marionette> {
    const marionette = new Marionette(await connected(port));
    await marionette.#frame(); // its greeting
    await marionette.command('WebDriver:NewSession', { capabilities: { alwaysMatch: { unhandledPromptBehavior: 'ignore' } } });
    await marionette.command('Marionette:SetContext', { value: 'chrome' });
    await marionette.command('WebDriver:SetTimeouts', { script: SCRIPT_LIMIT_MS, implicit: 0, pageLoad: SCRIPT_LIMIT_MS });
    return marionette;
  }

  async command(name: string, parameters: object = {}): Promise<unknown> {
    const id = ++this.#id;
    const text = JSON.stringify([0, id, name, parameters]);
    this.socket.write(`${Buffer.byteLength(text)}:${text}`);
    for (;;) {
      const [type, answered, error, value] = (await this.#frame()) as Reply;
      if (type !== 1 || answered !== id) continue;
      if (error !== null) throw new Error(`${name}: ${error.error}: ${error.message}`);
      return (value as { value?: unknown } | null)?.value;
    }
  }

  /** Runs the body of an async function in the program; it answers plain data. */
  async script(body: string, ...args: readonly unknown[]): Promise<unknown> {
    const script = `const done = arguments[arguments.length - 1]; const given = [...arguments].slice(0, -1);
      (async () => { ${body} })().then((value) => done({ value: value ?? null }), (error) => done({ error: String(error) }));`;
    const answer = (await this.command('WebDriver:ExecuteAsyncScript', { script, args, sandbox: 'system', newSandbox: false })) as {
      value?: unknown;
      error?: string;
    };
    if (answer.error !== undefined) throw new Error(answer.error);
    return answer.value;
  }

  close(): void {
    this.socket.destroy();
  }

  async #frame(): Promise<unknown> {
    for (;;) {
      const colon = this.#rest.indexOf(':');
      const end = colon === -1 ? Number.POSITIVE_INFINITY : colon + 1 + Number(this.#rest.toString('latin1', 0, colon));
      if (this.#rest.length >= end) {
        const frame: unknown = JSON.parse(this.#rest.toString('utf8', colon + 1, end));
        this.#rest = this.#rest.subarray(end);
        return frame;
      }
      const [chunk] = (await once(this.socket, 'data')) as [Buffer];
      this.#rest = Buffer.concat([this.#rest, chunk]);
    }
  }
}

async function connected(port: number): Promise<Socket> {
  const end = performance.now() + OPEN_LIMIT_MS;
  for (;;) {
    const socket = connect({ host: '127.0.0.1', port });
    try {
      await once(socket, 'connect');
      return socket;
    } catch (error) {
      if (performance.now() > end) throw error;
      await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
    }
  }
}
