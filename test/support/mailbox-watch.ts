/** Waits for mail as a mail program does: looks into the folder, and again after each thing that IDLE tells. */
import type { ImapFlow } from 'imapflow';

/** Without any news for so long, something is wrong; the test then says what it saw. */
const PATIENCE_MS = 50_000;

export interface SeenMail {
  readonly uid: number;
  readonly subject: string;
  readonly flags: ReadonlySet<string>;
  readonly source: string;
}

/** All mail of a folder. */
export async function readFolder(client: ImapFlow, path: string): Promise<SeenMail[]> {
  const lock = await client.getMailboxLock(path);
  try {
    return await fetchAll(client);
  } finally {
    lock.release();
  }
}

/** The first mail of a folder that is as wanted, now or later. */
export async function untilMail(
  client: ImapFlow,
  path: string,
  isWanted: (mail: SeenMail) => boolean,
  patienceMs = PATIENCE_MS,
): Promise<SeenMail> {
  return (await untilFolder(client, path, (mails) => mails.some(isWanted), patienceMs)).find(isWanted)!;
}

/** The content of a folder once it is as wanted, now or later. @throws Error when the connection ends before */
export async function untilFolder(
  client: ImapFlow,
  path: string,
  isAsWanted: (mails: SeenMail[]) => boolean,
  patienceMs = PATIENCE_MS,
): Promise<SeenMail[]> {
  const lock = await client.getMailboxLock(path);
  try {
    for (;;) {
      // Listening begins before looking, so that nothing falls between.
      const change = nextChange(client);
      const mails = await fetchAll(client);
      if (isAsWanted(mails)) {
        change.forget();
        return mails;
      }
      void Promise.resolve(client.idle()).catch(() => {});
      if (await within(change.told, patienceMs)) continue;
      change.forget();
      const now = await fetchAll(client);
      const seen = now.map(({ subject, flags }) => `"${subject}" (${[...flags].join(' ')})`).join(', ');
      const why = isAsWanted(now) ? 'is as wanted, but nobody told' : 'is not as wanted';
      throw new Error(`${path} ${why} after ${patienceMs / 1000} s: ${seen}`);
    }
  } finally {
    lock.release();
  }
}

/** Whether the promise resolves in time. */
async function within(promise: Promise<void>, milliseconds: number): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<boolean>((resolve) => {
    timer = setTimeout(() => resolve(false), milliseconds);
  });
  try {
    return await Promise.race([promise.then(() => true), late]);
  } finally {
    clearTimeout(timer);
  }
}

async function fetchAll(client: ImapFlow): Promise<SeenMail[]> {
  const mails: SeenMail[] = [];
  for await (const mail of client.fetch('1:*', { uid: true, flags: true, envelope: true, source: true }, { uid: true })) {
    mails.push({
      uid: mail.uid,
      subject: mail.envelope?.subject ?? '',
      flags: mail.flags ?? new Set<string>(),
      source: mail.source?.toString('utf8') ?? '',
    });
  }
  return mails;
}

function nextChange(client: ImapFlow): { told: Promise<void>; forget(): void } {
  const events = ['exists', 'flags', 'expunge'] as const;
  let settle: { resolve(): void; reject(error: Error): void };
  const told = new Promise<void>((resolve, reject) => (settle = { resolve, reject }));
  told.catch(() => {});
  const onChange = (): void => {
    forget();
    settle.resolve();
  };
  const onClose = (): void => {
    forget();
    settle.reject(new Error('the IMAP connection was closed'));
  };
  const forget = (): void => {
    for (const event of events) client.off(event, onChange);
    client.off('close', onClose);
  };
  for (const event of events) client.on(event, onChange);
  client.on('close', onClose);
  return { told, forget };
}
