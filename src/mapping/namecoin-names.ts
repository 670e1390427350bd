/** Recipients by Namecoin name, "name.bit@bitmessage" and "id/name@bitmessage": the address takes the name's place before anything else looks. */
import type { Login } from '../access/login.js';
import type { NameAnswer } from '../namecoin/name-resolver.js';
import { type Envelope, type EnvelopeRecipient, SmtpRefusal, type Submission } from '../smtp/submission.js';
import { findAddress, toMailAddress } from './address.js';

export interface NamecoinNamesRooms {
  readonly submission: Submission;
  /** Null when no Namecoin node is configured. */
  readonly resolver: { resolve(name: string): Promise<NameAnswer> } | null;
}

export class NamecoinNames implements Submission {
  constructor(private readonly rooms: NamecoinNamesRooms) {}

  get maxMessageBytes(): number {
    return this.rooms.submission.maxMessageBytes;
  }

  get maxHoldSeconds(): number {
    return this.rooms.submission.maxHoldSeconds;
  }

  checkSender(login: Login, from: string): void {
    this.rooms.submission.checkSender(login, from);
  }

  async checkRecipient(login: Login, recipient: string): Promise<string> {
    return this.rooms.submission.checkRecipient(login, await this.#resolve(recipient));
  }

  /** The answer says which address each name stood for. */
  async accept(envelope: Envelope, message: Buffer): Promise<string> {
    const recipients: EnvelopeRecipient[] = [];
    const told: string[] = [];
    for (const recipient of envelope.recipients) {
      const address = await this.#resolve(recipient.address);
      recipients.push({ ...recipient, address });
      if (address !== recipient.address) told.push(`${recipient.address} is ${address}`);
    }
    const text = await this.rooms.submission.accept({ ...envelope, recipients }, message);
    return told.length === 0 ? text : `${text} (${told.join('; ')})`;
  }

  /** Anything that is no Namecoin name stays as it is. @throws SmtpRefusal */
  async #resolve(recipient: string): Promise<string> {
    const parsed = parseNamecoinName(recipient);
    if (parsed === null) return recipient;
    const { typed, candidates, tags } = parsed;
    const { resolver } = this.rooms;
    if (resolver === null) throw new SmtpRefusal(550, '5.1.1', ({ sending }) => sending.namecoin.notConfigured(typed));
    let refused: Extract<NameAnswer, { result: 'refused' }> | undefined;
    for (const name of candidates) {
      const answer = await resolver.resolve(name);
      if (answer.result === 'unreachable')
        throw new SmtpRefusal(451, '4.4.3', ({ sending }) => sending.namecoin.unreachable(typed, answer.why));
      if (answer.result === 'refused') {
        refused ??= answer;
        continue;
      }
      const address = findAddress(answer.address, () => []);
      if (address === null) throw new SmtpRefusal(550, '5.1.3', ({ sending }) => sending.namecoin.notAnAddress(typed));
      return toMailAddress(`${address}${tags}`);
    }
    const { why, said } = refused ?? { why: 'unknown', said: '' };
    throw new SmtpRefusal(550, '5.1.1', ({ sending }) => `${sending.namecoin.refused[why](typed)}${said === '' ? '' : ` (${said})`}`);
  }
}

/** Namecoin allows 255 bytes; more is no name. */
const MAX_NAME_CHARACTERS = 255;

/** Pure. A ".bit" may be the identity of that name, or else the domain. */
export function parseNamecoinName(recipient: string): { typed: string; candidates: string[]; tags: string } | null {
  const [, quoted, plain] = /^(?:"([^"\\]*)"|([^"@]*))(?:@bitmessage\.?)?$/i.exec(recipient.trim()) ?? [];
  const [, typed = '', tags = ''] = /^([^+]*)((?:\+.*)?)$/s.exec(quoted ?? plain ?? '') ?? [];
  if (typed.length > MAX_NAME_CHARACTERS) return null;
  const [, identity] = /^id\/([^/\s]+)$/i.exec(typed) ?? [];
  if (identity !== undefined) return { typed, candidates: [`id/${identity.toLowerCase()}`], tags };
  const [, domain] = /^([^./\s]+)\.bit$/i.exec(typed) ?? [];
  return domain === undefined ? null : { typed, candidates: [`id/${domain.toLowerCase()}`, `d/${domain.toLowerCase()}`], tags };
}
