/** The real Chromium without a window, driven over a pipe by the DevTools protocol: looks, types, clicks, takes pictures. */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable, Writable } from 'node:stream';

/** A page of this machine is there at once; a slow machine starts the browser in seconds. */
const PATIENCE_MS = 30_000;

interface Message {
  readonly id?: number;
  readonly method?: string;
  readonly result?: Record<string, unknown>;
  readonly error?: { readonly message: string };
}

/** Debian's name, and those of others; undefined when there is none. */
export function findChromium(): string | undefined {
  return ['chromium', 'chromium-browser', 'google-chrome'].find((name) => {
    try {
      execFileSync(name, ['--version'], { stdio: 'ignore' });
      return true;
    } catch {
      return false;
    }
  });
}

export class Chromium {
  #id = 0;
  #session = '';
  readonly #waiting = new Map<number, (message: Message) => void>();
  readonly #listeners = new Map<string, () => void>();

  private constructor(
    private readonly child: ChildProcess,
    private readonly profile: string,
  ) {}

  /** It resolves no name and knows no server but this machine. */
  static async open(program: string): Promise<Chromium> {
    const profile = mkdtempSync(join(tmpdir(), 'postern-chromium-'));
    const words = ['--headless=new', '--no-sandbox', '--disable-gpu', '--remote-debugging-pipe', `--user-data-dir=${profile}`];
    const quiet = [
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      '--hide-scrollbars',
    ];
    const child = spawn(program, [...words, ...quiet, '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1', 'about:blank'], {
      stdio: ['ignore', 'ignore', 'ignore', 'pipe', 'pipe'],
      env: { ...process.env, HOME: profile },
    });
    const chromium = new Chromium(child, profile);
    chromium.#listen(child.stdio[4] as Readable);
    const { targetInfos } = (await chromium.#ask('Target.getTargets')) as { targetInfos: { targetId: string; type: string }[] };
    const { targetId } = targetInfos.find(({ type }) => type === 'page')!;
    const { sessionId } = (await chromium.#ask('Target.attachToTarget', { targetId, flatten: true })) as { sessionId: string };
    chromium.#session = sessionId;
    await chromium.#ask('Page.enable');
    await chromium.#ask('Network.enable');
    await chromium.speak('en');
    return chromium;
  }

  /** The language that it asks pages for. */
  async speak(language: string): Promise<void> {
    await this.#ask('Network.setExtraHTTPHeaders', { headers: { 'Accept-Language': language } });
  }

  /** Saves there what is not to be shown, without asking. */
  async saveTo(directory: string): Promise<void> {
    await this.#ask('Browser.setDownloadBehavior', { behavior: 'allow', downloadPath: directory });
  }

  async go(url: string): Promise<void> {
    await this.#afterLoad(() => this.#ask('Page.navigate', { url }));
  }

  /** How the page is shown. */
  async appear(width: number, height: number, scheme: 'light' | 'dark', isPhone = false): Promise<void> {
    await this.#ask('Emulation.setDeviceMetricsOverride', { width, height, deviceScaleFactor: 1, mobile: isPhone });
    await this.#ask('Emulation.setEmulatedMedia', { features: [{ name: 'prefers-color-scheme', value: scheme }] });
  }

  /** The value of an expression in the page. */
  async look(expression: string): Promise<unknown> {
    const answer = await this.#ask('Runtime.evaluate', { expression, returnByValue: true });
    const { result, exceptionDetails } = answer as { result: { value?: unknown }; exceptionDetails?: { text: string } };
    if (exceptionDetails !== undefined) throw new Error(`${expression}: ${exceptionDetails.text}`);
    return result.value;
  }

  /** Chooses a file of this machine for a field. */
  async choose(selector: string, path: string): Promise<void> {
    const expression = `document.querySelector(${JSON.stringify(selector)})`;
    const { result } = (await this.#ask('Runtime.evaluate', { expression })) as { result: { objectId?: string } };
    await this.#ask('DOM.setFileInputFiles', { files: [path], objectId: result.objectId });
  }

  async type(selector: string, text: string): Promise<void> {
    await this.#press(selector);
    await this.#ask('Input.insertText', { text });
  }

  /** Clicks on what leads to another page, and waits for it. */
  async follow(selector: string): Promise<void> {
    await this.#afterLoad(() => this.#press(selector));
  }

  async click(selector: string): Promise<void> {
    await this.#press(selector);
  }

  /** PNG of the whole page. */
  async picture(): Promise<Buffer> {
    const { data } = (await this.#ask('Page.captureScreenshot', { format: 'png', captureBeyondViewport: true })) as { data: string };
    return Buffer.from(data, 'base64');
  }

  async close(): Promise<void> {
    const closed = once(this.child, 'close');
    this.child.kill();
    await closed;
    rmSync(this.profile, { recursive: true, force: true, maxRetries: 10, retryDelay: 200 });
  }

  async #press(selector: string): Promise<void> {
    const spot =
      (await this.look(`(() => { const element = document.querySelector(${JSON.stringify(selector)}); if (element === null) return null;
      element.scrollIntoView({ block: 'center' }); const box = element.getBoundingClientRect(); return [box.x + box.width / 2, box.y + box.height / 2]; })()`)) as
        | [number, number]
        | null;
    if (spot === null) throw new Error(`there is no ${selector}`);
    const [x, y] = spot;
    for (const type of ['mousePressed', 'mouseReleased'])
      await this.#ask('Input.dispatchMouseEvent', { type, x, y, button: 'left', clickCount: 1 });
  }

  async #afterLoad(act: () => Promise<unknown>): Promise<void> {
    const loaded = new Promise<void>((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error('the page did not load')), PATIENCE_MS);
      this.#listeners.set('Page.loadEventFired', () => {
        clearTimeout(timer);
        resolve();
      });
    });
    await act();
    await loaded;
  }

  #ask(method: string, params: object = {}): Promise<Record<string, unknown>> {
    const id = ++this.#id;
    const session = this.#session === '' ? {} : { sessionId: this.#session };
    (this.child.stdio[3] as Writable).write(`${JSON.stringify({ id, method, params, ...session })}\0`);
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, ({ result = {}, error }) =>
        error === undefined ? resolve(result) : reject(new Error(`${method}: ${error.message}`)),
      );
    });
  }

  #listen(pipe: Readable): void {
    let rest = '';
    pipe.setEncoding('utf8').on('data', (chunk: string) => {
      const messages = (rest + chunk).split('\0');
      rest = messages.pop() ?? '';
      for (const text of messages) {
        const message = JSON.parse(text) as Message;
        if (message.method !== undefined) this.#listeners.get(message.method)?.();
        if (message.id === undefined) continue;
        this.#waiting.get(message.id)?.(message);
        this.#waiting.delete(message.id);
      }
    });
  }
}
