/** What a client may do to the folder it has selected, at random; what it is told goes into its picture. */
import assert from 'node:assert/strict';
import type { Mailboxes } from '../../src/store/mail/types.js';
import { expand, type Picture } from './folder-picture.js';
import type { Generator } from './random.js';

const FLAGS = ['\\Seen', '\\Flagged', '\\Deleted', '\\Answered', '$Work', '$Later'];
const RAW = 'From: a@b.example\r\nSubject: x\r\n\r\ntext\r\n';

/** Where the clients are: the folder can have another name in the next moment. */
export interface Stage {
  readonly mailboxes: Mailboxes;
  readonly path: string;
  readonly folderId: number;
}

export async function act(picture: Picture, step: number, stage: Stage, numbers: Generator): Promise<void> {
  const { client } = picture;
  const { below, pick } = numbers;
  if (picture.idling) {
    await stopIdling(picture);
    return;
  }
  const count = picture.messages.length;
  const tag = `t${step}`;
  const set = count === 0 ? '1' : `${1 + below(count)}:${1 + below(count)}`;
  const flags = `${pick(['+', '-', ''])}FLAGS${pick(['', '.SILENT'])} (${pick(FLAGS)} ${pick(FLAGS)})`;
  const silent = flags.includes('.SILENT');
  const kind = below(count === 0 ? 2 : 11);
  // Whose numbers may shift at any time, or who has none, goes by UIDs alone (RFC 5465 §5.3).
  const byUid = picture.manner === 'notify' || picture.manner === 'uidonly';
  const known = picture.knownUids;
  if (byUid && [2, 5, 6, 7, 9].includes(kind)) {
    await actByUid(picture, tag, known.length === 0 ? 1 : pick(known), stage, numbers);
    return;
  }
  switch (kind) {
    case 0:
      picture.hear(await client.command(`${tag} NOOP`), false);
      return;
    case 1:
      client.write(`${tag} IDLE\r\n`);
      picture.hear(await client.until('+'), false);
      picture.idling = true;
      return;
    case 2:
      picture.hear(await client.command(`${tag} STORE ${set} ${flags}`), true);
      // What .SILENT changed the client works out itself; this one asks instead.
      if (silent) picture.hear(await client.command(`${tag}s FETCH ${set} (FLAGS)`), true);
      return;
    case 3:
      picture.hear(await client.command(`${tag} UID STORE 1:* ${flags}`), false);
      if (silent) picture.hear(await client.command(`${tag}s UID FETCH 1:* (FLAGS)`), false);
      return;
    case 4:
      picture.hear(await client.command(`${tag} EXPUNGE`), false);
      return;
    case 5:
      picture.hear(await client.command(`${tag} FETCH ${set} (UID FLAGS BODY[TEXT])`), true);
      return;
    case 6:
      picture.hear(await client.command(`${tag} SEARCH UNSEEN`), true);
      return;
    case 7:
      picture.hear(await client.command(`${tag} ${pick(['COPY', 'MOVE'])} ${1 + below(count)} ${pick(['Other', stage.path])}`), false);
      return;
    case 9:
      picture.hear(
        await client.command(`${tag} REPLACE ${1 + below(count)} ${pick(['Other', stage.path])} (\\Seen) {${RAW.length}+}\r\n${RAW}`),
        false,
      );
      return;
    case 10:
      if (picture.manner === 'condstore' && known.length > 0) return storeUnlessChanged(picture, tag, pick(known), stage);
      picture.hear(await client.command(`${tag} CHECK`), false);
      return;
    default:
      picture.hear(await client.command(`${tag} UID EXPUNGE 1:${1 + below(20)}`), false);
  }
}

async function actByUid(picture: Picture, tag: string, uid: number, stage: Stage, { pick }: Generator): Promise<void> {
  const { client } = picture;
  const folder = pick(['Other', stage.path]);
  const command = pick([
    `UID ${pick(['COPY', 'MOVE'])} ${uid} ${folder}`,
    `UID REPLACE ${uid} ${folder} (\\Seen) {${RAW.length}+}\r\n${RAW}`,
    `UID FETCH ${uid}:* (FLAGS BODY[TEXT])`,
    'UID SEARCH UNSEEN',
    'EXPUNGE',
  ]);
  picture.hear(await client.command(`${tag} ${command}`), false);
}

export async function stopIdling(picture: Picture): Promise<void> {
  picture.client.write('DONE\r\n');
  const lines: string[] = [];
  do lines.push(await picture.client.line('DONE'));
  while (!/^t\d+ OK/.test(lines[lines.length - 1]));
  picture.hear(lines, false);
  picture.idling = false;
}

/** RFC 7162 §3.1.3: STORE only what nobody has changed since. */
async function storeUnlessChanged(picture: Picture, tag: string, firstUid: number, { mailboxes, folderId }: Stage): Promise<void> {
  const uids = picture.knownUids.filter((uid) => uid >= firstUid);
  const since = picture.heardTo;
  const changed = mailboxes.entries(folderId, uids).filter(({ modseq }) => modseq > since);
  const lines = await picture.client.command(`${tag} UID STORE ${uids.join(',')} (UNCHANGEDSINCE ${since}) +FLAGS (\\Seen)`);
  picture.hear(lines, false);
  const refused = /^\S+ OK \[MODIFIED ([\d:,]+)\]/.exec(lines[lines.length - 1])?.[1] ?? '';
  assert.deepEqual(
    expand(refused),
    changed.map(({ uid }) => uid),
    `${picture.name}: UNCHANGEDSINCE ${since}`,
  );
}
