/** The client's side of SCRAM-SHA-256, RFC 5802 §5, made for tests without a line of the server's. */
import assert from 'node:assert/strict';
import { createHash, createHmac, pbkdf2Sync } from 'node:crypto';

export interface ScramAttempt {
  readonly user?: string;
  readonly password?: string;
  readonly mechanism?: string;
  /** GS2 header: "n,,", "y,,", "p=tls-exporter,,". */
  readonly gs2?: string;
  readonly bindingData?: Buffer;
  /** The first message comes with the command. */
  readonly initial?: boolean;
}

const base64 = (text: string | Buffer): string => Buffer.from(text).toString('base64');
const hmac = (key: Buffer, text: string): Buffer => createHmac('sha256', key).update(text).digest();

export class ScramClient {
  #signature = '';

  constructor(
    private readonly user: string,
    private readonly password: string,
    private readonly attempt: ScramAttempt,
  ) {}

  get #gs2(): string {
    return this.attempt.gs2 ?? 'n,,';
  }

  get #bare(): string {
    return `n=${this.attempt.user ?? this.user},r=clientnonce`;
  }

  /** client-first-message, as it goes over the line. */
  first(): string {
    return base64(this.#gs2 + this.#bare);
  }

  /** client-final-message in answer to the server's challenge. */
  final(challenge: string): string {
    const serverFirst = Buffer.from(challenge, 'base64').toString();
    const [, nonce, salt, iterations] = /^r=([^,]+),s=([^,]+),i=(\d+)$/.exec(serverFirst)!;
    assert.match(nonce, /^clientnonce.{20,}/);
    const salted = pbkdf2Sync(this.attempt.password ?? this.password, Buffer.from(salt, 'base64'), Number(iterations), 32, 'sha256');
    const clientKey = hmac(salted, 'Client Key');
    const binding = Buffer.concat([Buffer.from(this.#gs2), this.attempt.bindingData ?? Buffer.alloc(0)]);
    const withoutProof = `c=${base64(binding)},r=${nonce}`;
    const authMessage = `${this.#bare},${serverFirst},${withoutProof}`;
    const signature = hmac(createHash('sha256').update(clientKey).digest(), authMessage);
    this.#signature = hmac(hmac(salted, 'Server Key'), authMessage).toString('base64');
    return base64(`${withoutProof},p=${base64(clientKey.map((byte, at) => byte ^ signature[at]) as Buffer)}`);
  }

  /** The server has proved itself too. */
  checkServer(challenge: string): void {
    assert.equal(Buffer.from(challenge, 'base64').toString(), `v=${this.#signature}`);
  }
}
