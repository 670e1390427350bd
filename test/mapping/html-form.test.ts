import assert from 'node:assert/strict';
import { simpleParser } from 'mailparser';
import { decodeContent, encodeContent } from '../../src/bitmessage/wire/content.js';
import { isHtml } from '../../src/mapping/html-form.js';
import type { Part } from '../../src/mime/part-tree.js';
import { parsePartTree } from '../../src/mime/part-tree.js';
import { generator } from '../support/random.js';
import { ALICE, BOB, CAROL, House } from './house.js';

const PIXEL = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';
const PAGE = `<h1>News</h1><p>See <b onclick="x()">this</b>:<br><img src="data:image/png;base64,${PIXEL}" alt="dot">
<img src="https://tracker.example/1.gif" alt="beacon"></p><script>alert(1)</script>`;
const TEXT_AND_HTML = (html: string, more = ''): string =>
  `From: ${ALICE}@bitmessage\nSubject: form\nContent-Type: multipart/alternative; boundary=b\n\n--b\n\nthe text\n--b\nContent-Type: text/html\n\n${html}\n${more}--b--\n`;

/** "multipart/mixed(text/plain image/png)" */
function shape(part: Part): string {
  const type = `${part.type}/${part.subtype}`;
  return part.children.length === 0 ? type : `${type}(${part.children.map(shape).join(' ')})`;
}

describe('the HTML form of a text', () => {
  for (const [body, expected, why] of [
    ['<html><body>Hello', true, 'a page that was cut off'],
    ['<!DOCTYPE html>\n<!-- x --><HTML>Hello</HTML>\n', true, 'a page'],
    ['<p>Hello</p>\n<p>Bob', false, 'a piece that is not closed by a tag'],
    ['<p>Hello<p>Bob</p>\n', true, 'paragraphs, not all closed'],
    ['<b>Hello</b> Bob', false, 'a text that begins with an element'],
    ['<div>Hello <i>Bob</i></div>', true, 'a piece of HTML'],
    ['<div>Hello <i>Bob</div></i>', false, 'a piece with ends in the wrong order'],
    ['Use <p>…</p> for a paragraph', false, 'a text about HTML'],
    ['<alice@example.org> wrote:\n<b>x</b>', false, 'an address'],
    ['<3 you <b>all</b>', false, 'a heart'],
    ['<xml><a></a></xml>', false, 'another language'],
    ['<script>alert(1)</script>', false, 'a script'],
    ['<br>', false, 'nothing'],
    [`<img src="data:image/png;base64,${PIXEL}">`, false, "bmwrapper's image"],
    [`<div>${'<b></b>'.repeat(2000)}</div>`, false, 'more tags than a person writes'],
    [`<div>${'<img src="data:image/png;base64,AAAA">'.repeat(65)}</div>`, false, 'more images than a message holds'],
    [`<div>${'x'.repeat(300_000)}</div>`, false, 'more than a message holds'],
  ] as const)
    it(`${expected ? 'is' : 'is not'} seen in ${why}`, () => assert.equal(isHtml(body), expected));

  describe('in a mail that comes', () => {
    let house: House;
    beforeEach(async () => {
      house = await House.open();
    });
    afterEach(() => house.close());
    const received = async (message: Parameters<House['deliver']>[0]) => {
      await house.deliver(message);
      const [source] = house.mails('INBOX');
      return { source, tree: shape(parsePartTree(Buffer.from(source))), mail: await simpleParser(source) };
    };

    it('is made of a body that is HTML: clean, with the words as text, and images as parts', async () => {
      const { source, tree, mail } = await received({ body: PAGE });
      assert.equal(tree, 'multipart/alternative(text/plain multipart/related(text/html image/png))');
      assert.equal(mail.text?.trim(), 'News\n\nSee this:\ndot beacon');
      assert.doesNotMatch(source, /script|alert|onclick|tracker/);
      const [image] = mail.attachments;
      assert.deepEqual([image.content.toString('base64'), image.filename, image.related], [PIXEL, 'dot.png', true]);
      assert.match(
        String(mail.html),
        /<h1>News<\/h1><p>See <b>this<\/b>:<br><img src="data:image\/png;base64,/,
        'the parser found the image by its id',
      );
    });

    it('is not made of a text with tags in it: that stays as it was sent', async () => {
      const body = 'Use <b>bold</b> & <script>alert(1)</script>';
      const { source, mail, tree } = await received({ body });
      assert.deepEqual([tree, mail.text?.trim(), mail.html], ['text/plain', body, false]);
      assert.match(source, /^Content-Type: text\/plain/m);
    });

    it('is read from the files of encoding 3, and other pages among them are files to save', async () => {
      const data = (text: string): Uint8Array => Buffer.from(text);
      const content = encodeContent(3, {
        subject: 'x',
        body: 'words',
        parents: [],
        files: [
          { name: 'a b.png', type: 'image/png', disposition: 'inline', data: Buffer.from(PIXEL, 'base64') },
          {
            name: 'message.html',
            type: 'text/html',
            disposition: 'inline',
            data: data('<b>words</b> <img src="cid:a%20b.png"><img src="cid:c.svg">'),
          },
          { name: 'page.html', type: 'text/html', disposition: 'attachment', data: data('<script>alert(1)</script>') },
          { name: 'c.svg', type: 'image/svg+xml', disposition: 'inline', data: data('<svg onload="alert(1)"/>') },
        ],
      });
      const { tree, mail, source } = await received({ encoding: 3, content });
      assert.equal(
        tree,
        'multipart/mixed(multipart/alternative(text/plain multipart/related(text/html image/png)) text/html image/svg+xml)',
      );
      assert.equal(mail.text?.trim(), 'words');
      assert.deepEqual(
        mail.attachments.map(({ filename, contentDisposition }) => [filename, contentDisposition]),
        [
          ['a b.png', 'inline'],
          ['page.html', 'attachment'],
          ['c.svg', 'attachment'],
        ],
      );
      assert.equal(/alert/.test(source), false, 'files are in base64');
    });

    it('keeps what it cannot show as a file', async () => {
      const svg = Buffer.from('<svg/>').toString('base64');
      const { tree, mail } = await received({ body: `<p>see <img alt="x" src="data:image/svg+xml;base64,${svg}"></p>` });
      assert.equal(tree, 'multipart/mixed(multipart/alternative(text/plain text/html) image/svg+xml)');
      assert.deepEqual([mail.text?.trim(), mail.attachments[0].filename], ['see x', 'x.svg']);
    });
  });

  describe('of a mail that goes', () => {
    let house: House;
    beforeEach(async () => {
      house = await House.open();
    });
    afterEach(() => house.close());
    const sent = (index = 0) => {
      const { encoding, content } = house.node.sent[index];
      const decoded = decodeContent(encoding, content);
      assert.ok(decoded.kind === 'message');
      const files = decoded.content.files.map(({ name, data }) => [name, Buffer.from(data).toString()]);
      return { encoding, body: decoded.content.body, files };
    };

    for (const [html, form, why] of [
      ['<p>the text</p>', null, 'nothing more than the text'],
      [
        '<div style="color:#111">the <span>text</span></div><ul><li>a</li></ul><a href="https://a.example">a</a>',
        null,
        'lists, links, a colour',
      ],
      ['<p>the <b>text</b></p>', '<p>the <b>text</b></p>', 'bold letters'],
      ['<p>\n    <b>the</b> <i>text</i>\n  </p>', '<p>\n<b>the</b> <i>text</i>\n</p>', 'without how its tags were indented'],
      [
        '<html><head><meta name="generator" content="X"><title>t</title></head><body class=y><!-- c --><h1>the text</h1>',
        '<h1>the text</h1>',
        'a heading',
      ],
      ['<table><tr><td>the<td>text</table>', '<table><tr><td>the</td><td>text</td></tr></table>', 'a table'],
      ['<p>the text<img src="https://tracker.example/1.gif?to=bob" width=1></p>', null, 'nothing but a beacon'],
    ] as const)
      it(`travels where it says more: ${why}`, async () => {
        await house.submit(BOB, TEXT_AND_HTML(html));
        assert.deepEqual(
          sent(),
          form === null ? { encoding: 2, body: 'the text', files: [] } : { encoding: 3, body: 'the text', files: [['message.html', form]] },
        );
      });

    it('does not go to who reads plain text only, whom an image in it reaches all the same', async () => {
      house.mapping.readings.see(BOB, 'plain');
      await house.submit([BOB, CAROL], TEXT_AND_HTML(`<b>the text</b> <img src="data:image/png;base64,${PIXEL}" alt="dot">`));
      assert.deepEqual(sent(), { encoding: 2, body: `the text\n\n<img alt="dot.png" src="data:image/png;base64,${PIXEL}" />`, files: [] });
      assert.deepEqual(
        [sent(1).encoding, sent(1).body, sent(1).files.map(([name, text]) => (name.endsWith('html') ? text : name))],
        [3, 'the text\n\n[Attached: dot.png (70 bytes)]', ['dot.png', '<b>the text</b> <img src="cid:dot.png" alt="dot">']],
      );
    });

    it('stays behind where there is no room for both', async () => {
      const { bytes } = generator(1);
      const noise = Buffer.from(bytes(270_000))
        .toString('base64')
        .replace(/.{900}/g, '$&\n');
      await house.submit(BOB, TEXT_AND_HTML(`<b>the text</b> ${noise}`));
      assert.deepEqual([sent().encoding, sent().body, sent().files.length], [2, 'the text', 0]);
    });

    it('names each of two images of one name', async () => {
      const image = (id: string, bytes: string): string =>
        `--r\nContent-Type: image/png; name=image.png\nContent-ID: <${id}@laptop.example>\nContent-Disposition: inline\nContent-Transfer-Encoding: base64\n\n${bytes}\n`;
      await house.submit(
        BOB,
        `From: ${ALICE}@bitmessage\nSubject: two\nContent-Type: multipart/related; boundary=r\n\n--r\nContent-Type: text/html\n\n<img src="cid:2@laptop.example"><img src="cid:1@laptop.example">\n${image('1', 'AAAA')}${image('2', 'BBBB')}--r--\n`,
      );
      assert.deepEqual(sent().files, [
        ['image.png', '\0\0\0'],
        ['image-2.png', Buffer.from('BBBB', 'base64').toString()],
        ['message.html', '<img src="cid:image-2.png"><img src="cid:image.png">'],
      ]);
    });

    it('comes out at another gateway as it went in', async () => {
      await house.submit(BOB, TEXT_AND_HTML(`<p>the <i>text</i> <img src="data:image/png;base64,${PIXEL}" alt="dot"></p>`));
      const { encoding, content } = house.node.sent[0];
      await house.deliver({ encoding, content });
      const [source] = house.mails('INBOX');
      assert.equal(shape(parsePartTree(Buffer.from(source))), 'multipart/alternative(text/plain multipart/related(text/html image/png))');
      const mail = await simpleParser(source);
      assert.equal(mail.text?.trim(), 'the text');
      assert.match(String(mail.html), /<p>the <i>text<\/i> <img src="data:image\/png;base64,/);
    });
  });
});
