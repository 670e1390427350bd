/** The real Thunderbird on a hidden screen: it is looked at through Marionette, and used with mouse and keyboard as a person does. */
import { appendFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { type Desktop, settled } from './desktop.js';
import { Marionette } from './marionette.js';

/** How long something may take to appear; the work of the private network is done in a second. */
const PATIENCE_MS = 45_000;
const LOOK_MS = 250;

type Preferences = Readonly<Record<string, string | number | boolean>>;

/** Nothing is asked of Mozilla's servers, and no page of theirs is shown; all else is as it comes. */
const QUIET: Preferences = {
  'app.update.enabled': false,
  'app.normandy.enabled': false,
  'datareporting.policy.dataSubmissionEnabled': false,
  'datareporting.policy.dataSubmissionPolicyBypassNotification': true,
  'toolkit.telemetry.enabled': false,
  'toolkit.telemetry.server': '',
  'services.settings.server': 'http://127.0.0.1:9/',
  'extensions.update.enabled': false,
  'extensions.getAddons.cache.enabled': false,
  'network.captive-portal-service.enabled': false,
  'network.connectivity-service.enabled': false,
  'mail.inappnotifications.enabled': false,
  'mailnews.start_page.enabled': false,
  'mail.shell.checkDefaultClient': false,
  'mail.rights.version': 1,
  'app.donation.eoy.version.viewed': 999,
  'mail.tabs.drawInTitlebar': false,
  'mail.biff.show_alert': false,
  'mail.biff.play_sound': false,
  'intl.locale.requested': 'en-US',
};

/** Where to look, and for what: a CSS selector, and a text that the element shows, is called or has as its hint. */
interface Wanted {
  readonly selector: string;
  readonly text?: string;
}

interface Spot {
  readonly x: number;
  readonly y: number;
}

export class Thunderbird {
  private constructor(
    private readonly desktop: Desktop,
    private readonly marionette: Marionette,
  ) {}

  /** @param profile a directory: empty, as a new user has it, or with a profile in it */
  static async open(desktop: Desktop, profile: string, preferences: Preferences = {}): Promise<Thunderbird> {
    const port = await freePort();
    const lines = Object.entries({ ...QUIET, ...preferences, 'marionette.port': port });
    appendFileSync(join(profile, 'user.js'), lines.map(([key, value]) => `user_pref("${key}", ${JSON.stringify(value)});\n`).join(''));
    const words = ['--', 'thunderbird', '--no-remote', '--marionette', '--remote-allow-system-access', '--profile', profile];
    desktop.start('dbus-run-session', words, {
      HOME: profile,
      MOZ_MARIONETTE: '1',
      MOZ_CRASHREPORTER_DISABLE: '1',
      LIBGL_ALWAYS_SOFTWARE: '1',
    });
    return new Thunderbird(desktop, await Marionette.open(port));
  }

  /** Clicks on the middle of an element once it is there. */
  async press(selector: string, text?: string, button: 1 | 3 = 1): Promise<void> {
    const { x, y } = await this.find({ selector, ...(text === undefined ? {} : { text }) });
    await this.desktop.click(x, y, button);
  }

  /** Clicks into a field, and types over what stands there. */
  async fill(selector: string, text: string): Promise<void> {
    await this.press(selector);
    await this.desktop.key('ctrl+a');
    await this.desktop.type(text);
  }

  /** Where on the screen an element is, once it is there and has come to rest. @throws Error when it does not come */
  async find(wanted: Wanted): Promise<Spot> {
    const end = performance.now() + PATIENCE_MS;
    let last: Spot | null = null;
    for (;;) {
      const found = (await this.marionette.script(LOCATE, wanted)) as Spot | null;
      if (found !== null && found.x === last?.x && found.y === last.y) return found;
      if (performance.now() > end) throw new Error(`there is no ${wanted.selector} ${wanted.text ?? ''}`);
      last = found;
      await settled(LOOK_MS);
    }
  }

  /** For what a person does in dialogs that have no name for a machine. */
  script(body: string, ...args: readonly unknown[]): Promise<unknown> {
    return this.marionette.script(body, ...args);
  }

  close(): void {
    this.marionette.close();
  }
}

/** Through all windows, frames and shadow roots; the last window that was opened comes first. */
const LOCATE = `
  const [{ selector, text }] = given;
  const says = (element) => [element.label, element.value, element.placeholder, element.title, element.getAttribute('aria-label'), element.textContent]
    .some((words) => typeof words === 'string' && words.trim().startsWith(text));
  const search = (root) => {
    for (const element of root.querySelectorAll('*')) {
      const below = (element.shadowRoot && search(element.shadowRoot)) || (inner(element) && search(inner(element)));
      if (below) return below;
      if (!element.matches(selector) || (text !== undefined && !says(element))) continue;
      const box = element.getBoundingClientRect();
      const view = element.ownerDocument.defaultView;
      if (box.width > 0 && box.height > 0 && element.checkVisibility({ visibilityProperty: true }))
        return { x: Math.round(view.mozInnerScreenX + box.x + box.width / 2), y: Math.round(view.mozInnerScreenY + box.y + box.height / 2) };
    }
    return null;
  };
  const inner = (element) => {
    try { return ['browser', 'iframe'].includes(element.localName) ? element.contentDocument : null; } catch { return null; }
  };
  for (const win of [...Services.wm.getEnumerator('')].reverse()) {
    const found = search(win.document);
    if (found) return found;
  }
  return null;`;

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
}
