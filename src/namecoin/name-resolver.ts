/** Asks a Namecoin node on this machine (Namecoin Core, Electrum-NMC) which Bitmessage address a name stands for (PROTOCOL 6.7). */
import { request } from 'node:http';
import type { Clock } from '../base/clock.js';

export interface NameResolverOptions {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password: string;
}

/** Why a name leads to no address. */
export type NameProblem = 'unknown' | 'expired' | 'valueless' | 'without-address';

export type NameAnswer =
  /** What the value says; whether it is an address is for others to judge. */
  | { readonly result: 'found'; readonly address: string }
  /** `said`: what the Namecoin node says of it, mostly ''. */
  | { readonly result: 'refused'; readonly why: NameProblem; readonly said: string }
  /** The node could not be asked; later it may. */
  | { readonly result: 'unreachable'; readonly why: string };

const TIMEOUT_MS = 3_000;
/** A value has 520 bytes on the chain; the rest is room for what surrounds it. */
const MAX_ANSWER_BYTES = 65_536;
const CACHE_SECONDS = 600;
/** Names that somebody writes to within ten minutes. */
const MAX_CACHED = 1_000;

export class NameResolver {
  readonly #cache = new Map<string, { readonly answer: NameAnswer; readonly until: number }>();

  constructor(
    private readonly options: NameResolverOptions,
    private readonly rooms: { readonly clock: Clock },
  ) {}

  /** @param name with its namespace: "id/alice" */
  async resolve(name: string): Promise<NameAnswer> {
    const now = this.rooms.clock.now();
    const cached = this.#cache.get(name);
    if (cached !== undefined && cached.until > now) return cached.answer;
    const answer = await this.#ask(name);
    if (answer.result !== 'unreachable') {
      if (this.#cache.size >= MAX_CACHED) this.#cache.clear();
      this.#cache.set(name, { answer, until: now + CACHE_SECONDS });
    }
    return answer;
  }

  async #ask(name: string): Promise<NameAnswer> {
    let reply: unknown;
    try {
      reply = JSON.parse(await this.#post(JSON.stringify({ jsonrpc: '1.0', id: 1, method: 'name_show', params: [name] })));
    } catch (error) {
      return { result: 'unreachable', why: `the Namecoin node did not answer (${(error as Error).message})` };
    }
    return readReply(reply);
  }

  #post(body: string): Promise<string> {
    const { host, port, user, password } = this.options;
    return new Promise((resolve, reject) => {
      const asked = request(
        {
          host,
          port,
          method: 'POST',
          path: '/',
          auth: `${user}:${password}`,
          headers: { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) },
          // For all of it, not for each piece.
          signal: AbortSignal.timeout(TIMEOUT_MS),
        },
        (response) => {
          if (response.statusCode === 401 || response.statusCode === 403) {
            asked.destroy(new Error('it wants another namecoin.user or namecoin.password'));
            return;
          }
          const chunks: Buffer[] = [];
          let length = 0;
          response.on('data', (chunk: Buffer) => {
            chunks.push(chunk);
            length += chunk.length;
            if (length > MAX_ANSWER_BYTES) asked.destroy(new Error(`its answer is longer than ${MAX_ANSWER_BYTES} bytes`));
          });
          response.on('end', () => resolve(Buffer.concat(chunks).toString('utf8')));
          response.on('error', reject);
        },
      );
      asked.on('error', reject);
      asked.end(body);
    });
  }
}

/** Namecoin Core answers an unknown name with HTTP 500 and an error in the body. */
function readReply(reply: unknown): NameAnswer {
  const { result, error } = Object(reply) as { result?: unknown; error?: unknown };
  if (error !== null && error !== undefined) {
    const { message } = Object(error) as { message?: unknown };
    return { result: 'refused', why: 'unknown', said: typeof message === 'string' ? message.slice(0, 100) : '' };
  }
  const { value, expired } = Object(result) as { value?: unknown; expired?: unknown };
  if (expired === true) return { result: 'refused', why: 'expired', said: '' };
  if (typeof value !== 'string' || value === '') return { result: 'refused', why: 'valueless', said: '' };
  return readValue(value);
}

/** JSON with the key "bitmessage", or the address alone. */
function readValue(value: string): NameAnswer {
  let parsed: unknown;
  try {
    parsed = JSON.parse(value);
  } catch {
    return { result: 'found', address: value.trim() };
  }
  const { bitmessage } = Object(parsed) as { bitmessage?: unknown };
  if (typeof bitmessage === 'string') return { result: 'found', address: bitmessage.trim() };
  return { result: 'refused', why: 'without-address', said: '' };
}
