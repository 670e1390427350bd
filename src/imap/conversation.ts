/** One client's conversation: reads its commands in order, runs each and answers it, until one side has had enough. */
import { tellChanges, tellHeardTo, tellNews } from './announcements.js';
import type { Command, Completion } from './command.js';
import { findCommand } from './commands/table.js';
import { ConnectionClosed, type Input } from './connection.js';
import { answerError } from './error-answer.js';
import { ImapNo } from './folder-rules.js';
import type { Session } from './session.js';
import { LARGE_COMMAND_BYTES, type RawCommand, type Refusal, readTag } from './wire/command-reader.js';
import { ImapBad } from './wire/imap-bad.js';
import { Lexer } from './wire/lexer.js';

/** A web page that posts to our port, or a lost client, talks nonsense in every line: we hang up (Dovecot: 20). */
const MAX_BAD_IN_A_ROW = 20;

/** A large message comes in over a slow line (1 Mbit/s) in five minutes; others may be waiting for its place. */
const UPLOAD_TIMEOUT_MS = 10 * 60_000;

export class Conversation {
  #badInARow = 0;
  /** Whether the command has a place for what is large (see LargeMessagePlaces). */
  #uploads = false;

  constructor(private readonly session: Session) {}

  /** Resolves when it is over and the connection closed. */
  async run(): Promise<void> {
    const { session } = this;
    const { connection } = session;
    try {
      session.send(`* OK [CAPABILITY ${session.capabilities()}] Postern ready\r\n`);
      while (!session.over) await this.#answerNext();
      await connection.flush();
    } catch (error) {
      if (!(error instanceof ConnectionClosed)) session.rooms.log.error('session ended by an error', error);
    } finally {
      this.#endUpload();
      session.end();
    }
  }

  async #answerNext(): Promise<void> {
    const { session } = this;
    const input = await this.#receive();
    if (input === null) return;
    switch (input.kind) {
      case 'closed':
        throw new ConnectionClosed();
      case 'timed-out':
        session.hangUp(session.state === 'not-authenticated' ? 'No login for too long' : 'Idle for too long');
        return;
      case 'literal':
        if (input.commandBytes >= LARGE_COMMAND_BYTES) await this.#beginUpload();
        if (input.synchronizing) session.send('+ Go on\r\n');
        return;
      case 'refused':
        this.#endUpload();
        session.send(this.#refuse(input.tag, input.because));
        return;
      case 'endless':
        session.send(`${input.tag} BAD No end in sight\r\n`);
        session.hangUp('A command without end');
        return;
      case 'command':
        await this.#execute(input);
        this.#endUpload();
        await session.breathe();
    }
  }

  /** The next command; what a client wants to hear at any time (NOTIFY) it hears while it is waited for. Null: the end. */
  async #receive(): Promise<Input | null> {
    const { session } = this;
    const { connection } = session;
    const received = connection.received();
    if (received !== null) {
      connection.flushSoon();
      return received;
    }
    await connection.flush();
    const input = connection.receive(this.#uploads ? UPLOAD_TIMEOUT_MS : session.patienceMs);
    if (session.notifications === null) return input;
    let ended = false;
    const end = input.finally(() => {
      ended = true;
    });
    while (!ended) {
      await Promise.race([end, session.news()]);
      if (ended) break;
      await tellNews(session);
      await connection.flush();
      if (session.over) return null;
    }
    return end;
  }

  async #beginUpload(): Promise<void> {
    if (this.#uploads) return;
    await this.session.rooms.uploads.enter();
    this.#uploads = true;
  }

  #endUpload(): void {
    if (this.#uploads) this.session.rooms.uploads.leave();
    this.#uploads = false;
  }

  async #execute(raw: RawCommand): Promise<void> {
    const { session } = this;
    const tag = readTag(raw.text);
    session.pace.begin(tag);
    let completion: Completion | undefined;
    let answer: string;
    let mayExpunge = true;
    let expunges = false;
    try {
      const args = new Lexer(raw, session.utf8);
      args.tag();
      args.space();
      const { name, command } = findCommand(args);
      mayExpunge = command.holdsNumbers !== true;
      expunges = command.expunges === true;
      completion = await this.#run(command, name, args);
      const code = completion?.code === undefined ? '' : `[${completion.code}] `;
      answer = `${tag} OK ${code}${completion?.text ?? `${name} completed`}\r\n`;
      this.#badInARow = 0;
    } catch (error) {
      if (error instanceof ConnectionClosed) throw error;
      if (error instanceof ImapBad) this.#noteBad();
      answer = answerError(tag, error, session);
    }
    await tellChanges(session, mayExpunge, expunges);
    await session.notifications?.tell();
    tellHeardTo(session);
    session.send(answer);
    if (completion?.afterwards !== undefined) {
      await session.connection.flush();
      await completion.afterwards();
    }
  }

  async #run<T>(command: Command<T>, name: string, args: Lexer): Promise<Completion | undefined> {
    const { session } = this;
    if (!command.states.includes(session.state)) throw new ImapBad(`${name} is not possible now (${session.state.replace('-', ' ')})`);
    if (session.uidOnly && command.byNumber === true) throw new ImapBad('Message numbers are not in use', 'UIDREQUIRED');
    const input = command.parse(args);
    args.end();
    return command.run(input, session);
  }

  #refuse(tag: string, because: Refusal): string {
    const { session } = this;
    if (because === 'folder') return `${tag} NO [TRYCREATE] No such folder\r\n`;
    if (because === 'message' && session.state !== 'not-authenticated') {
      return answerError(tag, new ImapNo('TOOBIG', ({ folders }) => folders.tooLargeForFolder), session);
    }
    this.#noteBad();
    return `${tag} BAD ${because === 'line' ? 'Command line' : 'Literal'} too long\r\n`;
  }

  #noteBad(): void {
    this.#badInARow++;
    if (this.#badInARow >= MAX_BAD_IN_A_ROW) this.session.hangUp('Too many errors');
  }
}
