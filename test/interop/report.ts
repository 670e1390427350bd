/** Runs the steps of the interoperability run, prints each, and writes the table of all for docs/INTEROP.md. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';

interface Row {
  readonly network: string;
  readonly step: string;
  readonly seconds: number;
  /** Undefined: passed. */
  readonly failure: string | undefined;
}

export class Report {
  readonly #rows: Row[] = [];
  /** What other programs said, word for word. */
  readonly #words: { readonly network: string; readonly title: string; readonly text: string }[] = [];
  readonly #agents = new Set<string>();
  #network = '';
  /** For one step. */
  #timeoutMs = 0;

  /** What follows happens in another network of peers. */
  beginNetwork(name: string, timeoutMs: number): void {
    this.#network = name;
    this.#timeoutMs = timeoutMs;
    console.log(`\n${name}`);
  }

  get timeoutMs(): number {
    return this.#timeoutMs;
  }

  get failures(): number {
    return this.#rows.filter(({ failure }) => failure !== undefined).length;
  }

  /** How a peer calls itself in its version message. */
  saw(userAgent: string): void {
    this.#agents.add(userAgent);
  }

  /** Stands below the table of the network. */
  shows(title: string, text: string): void {
    this.#words.push({ network: this.#network, title, text });
  }

  async step(step: string, work: () => Promise<void>): Promise<void> {
    const started = performance.now();
    const failure = await limited(work(), this.#timeoutMs).then(
      () => undefined,
      (error: unknown) => (error instanceof Error ? error.message : String(error)),
    );
    const seconds = (performance.now() - started) / 1000;
    this.#rows.push({ network: this.#network, step, seconds, failure });
    console.log(
      `${failure === undefined ? 'pass' : 'FAIL'}  ${step.padEnd(66)} ${seconds.toFixed(1)} s${failure === undefined ? '' : `  ${failure}`}`,
    );
  }

  /** A network that could not even be built. */
  broke(error: unknown): void {
    const failure = error instanceof Error ? error.message : String(error);
    this.#rows.push({ network: this.#network, step: 'the peers start', seconds: 0, failure });
    console.log(`FAIL  ${failure}`);
  }

  /** Writes a section for each network that was tried; those of other networks stay as they are in the file. */
  write(file: string, conditions: string): void {
    const sections = existsSync(file) ? readSections(readFileSync(file, 'utf8')) : new Map<string, string>();
    for (const network of new Set(this.#rows.map((row) => row.network))) sections.set(network, this.#section(network, conditions));
    writeFileSync(file, [HEAD, ...[...sections].map(([network, text]) => `## ${network}\n\n${text.trim()}\n`)].join('\n'));
  }

  #section(network: string, conditions: string): string {
    const rows = this.#rows.filter((row) => row.network === network);
    const passed = rows.filter(({ failure }) => failure === undefined).length;
    const lines = rows.map(
      ({ step, seconds, failure }) => `| ${step} | ${failure === undefined ? 'pass' : `**fail**: ${failure}`} | ${seconds.toFixed(1)} |`,
    );
    const agents = [...this.#agents].sort().join(', ');
    const facts = `${new Date().toISOString().slice(0, 10)}, Node.js ${process.version}, ${cpus().length} processors shared with other work, ${conditions}.`;
    const met = agents === '' ? '' : ` Peers of the gateway: ${agents}.`;
    const words = this.#words
      .filter((said) => said.network === network)
      .flatMap(({ title, text }) => ['', `### ${title}`, '', '```', text, '```']);
    return [
      `${passed} of ${rows.length} steps passed. ${facts}${met}`,
      '',
      '| Step | Result | Seconds |',
      '|---|---|---|',
      ...lines,
      ...words,
    ].join('\n');
  }
}

const HEAD = `# Interoperability

Written by \`npm run interop -- --report docs/INTEROP.md\`: Postern as people run it against other programs, all on loopback.
PyBitmessage is 0.6.3.2 (Python 2.7), notbit 0.7, both with the drivers in \`test/interop/peers\`.
There are no pictures of PyBitmessage: its window needs PyQt4 for Python 2.7, which Debian 12 does not have; what its interface for programs
prints stands below instead.
`;

function readSections(text: string): Map<string, string> {
  const parts = text.split(/^## /m).slice(1);
  return new Map(parts.map((part) => [part.slice(0, part.indexOf('\n')), part.slice(part.indexOf('\n') + 1)]));
}

/** Asks again and again, for the programs that tell nothing by themselves. */
export async function until<T>(ask: () => Promise<T | undefined | false>, timeoutMs: number): Promise<T> {
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    const answer = await ask();
    if (answer !== undefined && answer !== false) return answer;
    if (Date.now() > deadline) throw new Error('took too long');
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
}

async function limited<T>(work: Promise<T>, timeoutMs: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const tooLong = new Promise<never>((_, reject) => (timer = setTimeout(() => reject(new Error('took too long')), timeoutMs)));
  return Promise.race([work, tooLong]).finally(() => clearTimeout(timer));
}
