/** A screen that nobody sees: Xvfb with the window manager openbox, a mouse and a keyboard (xdotool), and a camera (ImageMagick). */
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
/** Below these, other screens are; two of them on one number would take the socket away from each other where the networks are apart. */
const FIRST_DISPLAY = 60;
const DISPLAYS = 200;
/** A human being's; programs lose letters that come faster. */
const TYPING_DELAY_MS = 8;
/** For menus to open and letters to be drawn. */
const SETTLE_MS = 900;

export class Desktop {
  readonly #programs: ChildProcess[] = [];

  private constructor(
    private readonly directory: string,
    readonly environment: NodeJS.ProcessEnv,
  ) {}

  /** @param directory where the pictures go */
  static async open(directory: string, width: number, height: number): Promise<Desktop> {
    const free = Array.from({ length: DISPLAYS }, (_, i) => FIRST_DISPLAY + i).find((n) => !existsSync(`/tmp/.X11-unix/X${n}`));
    const words = [`:${free}`, '-displayfd', '3', '-screen', '0', `${width}x${height}x24`, '-nolisten', 'tcp'];
    const screen = spawn('Xvfb', words, { stdio: ['ignore', 'ignore', 'ignore', 'pipe'] });
    const [number] = (await once(screen.stdio[3] as NodeJS.ReadableStream, 'data')) as [Buffer];
    const runtime = mkdtempSync(join(tmpdir(), 'postern-desktop-'));
    const desktop = new Desktop(directory, {
      ...process.env,
      DISPLAY: `:${number.toString().trim()}`,
      LANG: 'C.UTF-8',
      XDG_RUNTIME_DIR: runtime,
    });
    desktop.#programs.push(screen);
    desktop.start('openbox', []);
    return desktop;
  }

  /** Starts a program on this screen; it ends with it. */
  start(program: string, words: readonly string[], environment: NodeJS.ProcessEnv = {}): ChildProcess {
    const child = spawn(program, words, { stdio: 'ignore', env: { ...this.environment, ...environment }, detached: true });
    child.on('error', (error) => process.stderr.write(`${program}: ${error.message}\n`));
    this.#programs.push(child);
    return child;
  }

  async click(x: number, y: number, button: 1 | 3 = 1): Promise<void> {
    await this.#hand('mousemove', String(x), String(y), 'click', String(button));
    await settled();
  }

  async type(text: string): Promise<void> {
    await this.#hand('type', '--delay', String(TYPING_DELAY_MS), text);
  }

  /** Such as "Return" or "ctrl+a". */
  async key(name: string): Promise<void> {
    await this.#hand('key', name);
  }

  /** Puts the mouse where it is in nobody's way. */
  async aside(): Promise<void> {
    await this.#hand('mousemove', '2', '2');
  }

  /** A picture of the whole screen, with few colours: it is to be read in a guide. */
  async picture(name: string): Promise<void> {
    await this.aside();
    await settled();
    const words = ['-window', 'root', '+dither', '-colors', '128', '-type', 'Palette', `PNG8:${join(this.directory, `${name}.png`)}`];
    await run('import', words, { env: this.environment });
    process.stdout.write(`${name}.png\n`);
  }

  async close(): Promise<void> {
    for (const program of this.#programs.reverse()) {
      if (program.pid === undefined || program.exitCode !== null || program.signalCode !== null) continue;
      const closed = once(program, 'close');
      // A program that was started on the screen leads a group of its own, with all that it started itself.
      if (program.spawnargs[0] === 'Xvfb') program.kill();
      else process.kill(-program.pid);
      await closed;
    }
    // A portal of the desktop may take a moment to let go of it.
    rmSync(this.environment.XDG_RUNTIME_DIR!, { recursive: true, force: true, maxRetries: 10, retryDelay: 200 });
  }

  async #hand(...words: string[]): Promise<void> {
    await run('xdotool', words, { env: this.environment });
  }
}

export function settled(milliseconds = SETTLE_MS): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
