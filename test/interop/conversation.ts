/** A conversation as people have it: plain mails, answers, images, HTML, a list, each way; and what PyBitmessage says that it got. */
import { simpleParser } from 'mailparser';
import { expectEqual, inboxOf, isRefusal, mailWith, send, textOf } from './checks.js';
import type { Gateway, Lab, PyBitmessage } from './lab.js';
import type { InboxMessage } from './pybitmessage-api.js';
import type { Report } from './report.js';

const PIXEL = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';
/** What PyBitmessage's Reply button sets above the message that is answered. */
const QUOTE_LINE = '-'.repeat(54);
const PNG = { filename: 'Punkt.png', content: Buffer.from(PIXEL, 'base64'), contentType: 'image/png' };

export async function conversation(report: Report, lab: Lab): Promise<void> {
  const gateway = await lab.gateway('postern');
  const peer = await lab.pybitmessage('pybitmessage', [gateway.at]);
  const scene = new Scene(report, gateway, peer, await peer.api.createRandomAddress('peer'));
  await scene.plainMails();
  await scene.answers();
  await scene.images();
  await scene.html();
  await scene.chanAndBroadcast();
  await scene.ourList();
  await theirList(report, lab, gateway, peer);
}

class Scene {
  constructor(
    private readonly report: Report,
    private readonly gateway: Gateway,
    private readonly peer: PyBitmessage,
    readonly theirs: string,
  ) {}

  get #ours(): string {
    return this.gateway.process.address;
  }

  async plainMails(): Promise<void> {
    await this.report.step('a plain mail with umlauts reaches PyBitmessage', async () => {
      await send(this.gateway, { to: this.theirs, subject: 'Schöne Grüße: äöü ß €', text: 'Über allen Gipfeln\nist Ruh.\n\n-- \nA.\n' });
      const got = await this.#theyGot('A plain mail with umlauts', 'Schöne Grüße: äöü ß €');
      expectEqual('body', got.message, 'Über allen Gipfeln\nist Ruh.\n\n-- \nA.');
    });
    await this.report.step('a plain message with umlauts arrives as a mail', async () => {
      await this.peer.api.sendMessage(this.theirs, this.#ours, 'Ça va? Übung', 'Naïve façade: 日本語 😀\n\n> not a quote of ours');
      expectEqual(
        'text',
        await this.#weGot('A plain message with umlauts', 'INBOX', 'Ça va? Übung'),
        'Naïve façade: 日本語 😀\n\n> not a quote of ours',
      );
    });
  }

  async answers(): Promise<void> {
    const { api } = this.peer;
    await this.report.step('a chain of answers: each shows the one before as a quote, and hangs below it', async () => {
      await send(this.gateway, { to: this.theirs, subject: 'Plan', text: 'Shall we?\n', messageId: '<plan@client>' });
      const first = await inboxOf(this.report, this.peer, ({ subject }) => subject === 'Plan');
      await api.sendMessage(this.theirs, this.#ours, `Re: ${first.subject}`, `Yes.\n\n${QUOTE_LINE}\n${first.message}`);
      const answer = await mailWith(this.gateway.imap, 'INBOX', 'Re: Plan');
      expectEqual('text', await this.#weGot('An answer by the Reply button', 'INBOX', 'Re: Plan'), 'Yes.\n\n> Shall we?');
      const { messageId, inReplyTo } = await simpleParser(answer.source);
      expectEqual('In-Reply-To', String(inReplyTo), '<plan@client>');
      const text = 'B. wrote:\n> Yes.\n>\n>> Shall we?\n\nFine.\n';
      await send(this.gateway, {
        to: this.theirs,
        subject: 'Re: Plan',
        text,
        inReplyTo: messageId,
        references: ['<plan@client>', String(messageId)],
      });
      expectEqual('body', (await this.#theyGot('Our answer to it', 'Re: Plan')).message, text.trim());
    });
  }

  /** After its quote line PyBitmessage is known to read plain text only. */
  async images(): Promise<void> {
    await this.report.step('an image reaches PyBitmessage in the text, as it shows them', async () => {
      await send(this.gateway, { to: this.theirs, subject: 'Bild', text: 'Siehe:\n', attachments: [PNG] });
      const got = await this.#theyGot('An image', 'Bild');
      expectEqual('encoding', String(got.encodingType), '2');
      expectEqual('body', got.message, `Siehe:\n\n<img alt="Punkt.png" src="data:image/png;base64,${PIXEL}" />`);
      const view = await this.peer.view(got.message);
      expectEqual('the HTML of its view', view.html, `Siehe:\n\n<img alt="Punkt.png" src="data:image/png;base64,${PIXEL}"/>`);
      this.report.shows('The image in its message view, after "HTML detected, click here to display"', cut(view.html));
    });
    await this.report.step('another file is refused with a sentence, not lost', async () => {
      const refused = await send(this.gateway, {
        to: this.theirs,
        subject: 'Akte',
        text: 'x',
        attachments: [{ filename: 'a.pdf', content: 'x' }],
      }).then(
        () => 'taken',
        (error: unknown) => (isRefusal(error) ? error.response : Promise.reject(error)),
      );
      if (!/^554 5\.6\.1 .*reads plain messages only: "a\.pdf"/.test(refused)) throw new Error(`the answer was: ${refused}`);
      this.report.shows('A PDF, refused by SMTP', refused);
    });
    await this.report.step('an image in a message becomes a part of the mail', async () => {
      const body = `Look: <img alt="dot" src="data:image/png;base64,${PIXEL}" />`;
      await this.peer.api.sendMessage(this.theirs, this.#ours, 'Picture', body);
      await this.#weGot('An image in a message', 'INBOX', 'Picture');
      const { attachments } = await simpleParser((await mailWith(this.gateway.imap, 'INBOX', 'Picture')).source);
      expectEqual(
        'image',
        attachments.map(({ content, filename }) => `${filename} ${content.toString('base64')}`).join(),
        `dot.png ${PIXEL}`,
      );
    });
  }

  async html(): Promise<void> {
    const stranger = await this.peer.api.createRandomAddress('stranger');
    await this.report.step('HTML to a stranger travels in encoding 3, of which PyBitmessage shows the text', async () => {
      await send(this.gateway, {
        to: stranger,
        subject: 'Formatiert',
        text: 'Das ist *wichtig*.\n',
        html: '<p>Das ist <b>wichtig</b>.</p>',
      });
      const got = await this.#theyGot('HTML, to a stranger', 'Formatiert');
      expectEqual('encoding', String(got.encodingType), '3');
      expectEqual('body', got.message, 'Das ist *wichtig*.');
    });
    await this.report.step('HTML in a message becomes a clean form beside its text', async () => {
      const body = '<h1>News</h1><p onclick="x()">This is <b>it</b>.<script>alert(1)</script><img src="https://tracker.example/1.gif"></p>';
      await this.peer.api.sendMessage(stranger, this.#ours, 'Newsletter', body);
      expectEqual('text', await this.#weGot('HTML in a message', 'INBOX', 'Newsletter'), 'News\n\nThis is it.');
      const { html } = await simpleParser((await mailWith(this.gateway.imap, 'INBOX', 'Newsletter')).source);
      if (!String(html).includes('<h1>News</h1><p>This is <b>it</b>.</p>')) throw new Error(`the HTML is ${String(html)}`);
    });
  }

  async chanAndBroadcast(): Promise<void> {
    const { api } = this.peer;
    await this.report.step('a post in a chan, each way', async () => {
      const passphrase = `Gespräch ${Date.now()}`;
      const { address } = (await this.gateway.process.ask('chan join', { passphrase })) as { address: string };
      expectEqual('joinChan', await api.joinChan(passphrase, address), 'success');
      await api.sendMessage(this.theirs, address, 'Frage', 'Wer weiß es?');
      await this.#weGot('A post in a chan', `Chans/${passphrase}`, 'Frage');
      await send(this.gateway, { to: address, subject: 'Re: Frage', text: '> Wer weiß es?\n\nIch.\n' });
      expectEqual('to', (await this.#theyGot('Our post in a chan', 'Re: Frage')).toAddress, address);
    });
    await this.report.step('a broadcast, each way', async () => {
      await api.addSubscription(this.#ours, 'postern');
      await send(this.gateway, { to: 'broadcast', subject: 'Rundruf für alle', text: 'Hört!\n' });
      await this.#theyGot('Our broadcast', 'Rundruf für alle');
      await this.gateway.imap.mailboxCreate(`Subscriptions/${this.theirs}`);
      await api.sendBroadcast(this.theirs, 'To everybody', 'Hear ye.');
      await this.#weGot('A broadcast', `Subscriptions/${this.theirs}`, 'To everybody');
    });
  }

  async ourList(): Promise<void> {
    await this.report.step('a mailing list of ours: a post by PyBitmessage comes back to it as a broadcast', async () => {
      const { address } = (await this.gateway.process.ask('identity new', { label: 'list' })) as { address: string };
      await this.gateway.process.ask('list make', { address, name: 'Freunde' });
      await this.peer.api.addSubscription(address, 'Freunde');
      await this.peer.api.sendMessage(this.theirs, address, 'Treffen', 'Am Samstag?');
      const got = await this.#theyGot('A post of a mailing list of ours', '[Freunde] Treffen');
      if (!got.message.endsWith(` UTC   Message ostensibly from ${this.theirs}:\n\nAm Samstag?`))
        throw new Error(`body is ${JSON.stringify(got.message)}`);
    });
  }

  /** Also writes down what PyBitmessage's interface tells of it. */
  async #theyGot(what: string, subject: string): Promise<InboxMessage> {
    const got = await inboxOf(this.report, this.peer, (message) => message.subject === subject);
    const { fromAddress, toAddress, encodingType, message } = got;
    this.report.shows(
      `${what}, by getAllInboxMessages`,
      JSON.stringify({ fromAddress, toAddress, encodingType, subject, message: cut(message) }, null, 2),
    );
    return got;
  }

  #weGot(what: string, folder: string, subject: string): Promise<string> {
    return showMail(this.report, this.gateway, what, folder, subject);
  }
}

/** PyBitmessage's mailing lists are made in its keys.dat alone. */
async function theirList(report: Report, lab: Lab, gateway: Gateway, peer: PyBitmessage): Promise<void> {
  const list = await peer.api.createRandomAddress('list');
  await peer.stop();
  const again = await lab.pybitmessage('pybitmessage', [gateway.at], {
    set: [`${list}.mailinglist=true`, `${list}.mailinglistname=Friends`],
  });
  await report.step('a mailing list of PyBitmessage: our post comes back as a list post with its writer', async () => {
    await gateway.imap.mailboxCreate(`Subscriptions/${list}`);
    await send(gateway, { to: list, subject: 'Hello list', text: 'From a mail program.\n' });
    const folder = `Subscriptions/${list}`;
    await showMail(report, gateway, 'A post of a mailing list of PyBitmessage', folder, '[Friends] Hello list');
    const { source } = await mailWith(gateway.imap, folder, '[Friends] Hello list');
    const writer = /^X-Bitmessage-Original-From:\s+(.*)$/m.exec(source)?.[1].trim();
    expectEqual('its writer', String(writer), `${gateway.process.address}@bitmessage`);
    expectEqual('the list', (await inboxOf(report, again, ({ subject }) => subject === 'Hello list')).toAddress, list);
  });
}

/** Answers the text of a mail that came; writes down what a mail program reads of it. */
async function showMail(report: Report, gateway: Gateway, what: string, folder: string, subject: string): Promise<string> {
  const mail = await mailWith(gateway.imap, folder, subject);
  const { headerLines, attachments, html } = await simpleParser(mail.source);
  const fields = headerLines.filter(({ key }) => SHOWN_FIELDS.includes(key)).map(({ line }) => line.replace(/\s*\r?\n\s+/g, ' '));
  const type = /^Content-Type: ([^;\s]+)/im.exec(mail.source)?.[1] ?? 'text/plain';
  const parts = attachments.map(({ filename, contentType, size }) => `${filename} (${contentType}, ${size} bytes)`);
  const text = await textOf(mail);
  report.shows(
    `${what}, by FETCH`,
    [
      `Folder: ${folder}`,
      ...fields,
      `Content-Type: ${type}`,
      '',
      cut(text),
      ...(html === false ? [] : ['', `[HTML] ${cut(html.replace(/\s*\n/g, ''))}`]),
      ...parts.map((part) => `[part] ${part}`),
    ].join('\n'),
  );
  return text;
}

const SHOWN_FIELDS = ['from', 'to', 'reply-to', 'subject', 'in-reply-to', 'list-id', 'x-bitmessage-original-from', 'x-bitmessage-encoding'];

/** The bytes of an image say nothing to a reader. */
function cut(text: string): string {
  return text.replace(/(base64,.{20})[A-Za-z0-9+/=]{20,}/g, '$1…');
}
