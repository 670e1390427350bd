import assert from 'node:assert/strict';
import { htmlTokens } from '../../src/mime/html-tokens.js';
import { sanitiseHtml } from '../../src/mime/sanitise-html.js';
import { processorMs } from '../support/processor-time.js';
import { generator } from '../support/random.js';

const onlyCid = (src: string): string | null => (src.startsWith('cid:') ? src : null);
const clean = (html: string): string => sanitiseHtml(html, onlyCid);

/** What an attacker tries, and what common programs write; after it what is left. */
const PAGES: readonly (readonly [html: string, clean: string, why: string])[] = [
  ['plain', 'plain', 'text'],
  ['a < b & c > d &copy; &bogus', 'a &lt; b &amp; c &gt; d &copy; &amp;bogus', 'marks in text'],
  ['<p>Hello <b>Bob</b><br/>bye</p>', '<p>Hello <b>Bob</b><br>bye</p>', 'what people write'],
  ['<P CLASS="x" ID=y ONCLICK="z">a</P>', '<p>a</p>', 'capitals, classes, handlers'],
  ['<script>alert(1)</script>a', 'a', 'a script'],
  ['<scr<script>ipt>alert(1)</scr</script>ipt>', 'ipt&gt;alert(1)ipt&gt;', 'a script within a script'],
  ['<script>alert(1)', '', 'a script that does not end'],
  ['<style>p{background:url(//x)}</style><p style="background:url(//x);color:red">a', '<p style="color: red">a</p>', 'styles that load'],
  ['<p style="color:expression(alert(1));font-weight:bold">a</p>', '<p style="font-weight: bold">a</p>', 'an expression'],
  ['<p style="color:\\75rl(//x)">a</p>', '<p>a</p>', 'an escape in a style'],
  ['<p style="position:fixed;top:0;width:100%">a</p>', '<p>a</p>', 'a place over everything'],
  ['<img src="https://t.example/1.gif" alt="cat">', 'cat', 'a remote image'],
  ['<img src="cid:x@y" onerror=alert(1) width=3>', '<img src="cid:x@y" width="3">', 'an image that came along'],
  ['<img src="//t.example/1.gif" srcset="https://t.example 2x">', '', 'more ways to load one'],
  ['<image src=x onerror=alert(1)>', '', 'an old name'],
  ['<a href="javascript:alert(1)">x</a>', '<a>x</a>', 'a script as a link'],
  ['<a href="jav&#x09;ascript:alert(1)">x</a>', '<a>x</a>', 'with a reference in it'],
  ['<a href="javascript&colon;alert(1)">x</a>', '<a>x</a>', 'with a reference that this table does not know'],
  ['<a href=" \u0001javascript:alert(1)">x</a>', '<a>x</a>', 'behind a control'],
  ['<a href="data:text/html,<script>alert(1)</script>">x</a>', '<a>x</a>', 'a page as a link'],
  ['<a href="https://a.example/?a=1&amp;b=2" target=_blank>x</a>', '<a href="https://a.example/?a=1&amp;b=2">x</a>', 'a link'],
  ['<a href="https://a.example/&quot;onclick=&quot;x">x</a>', '<a href="https://a.example/&quot;onclick=&quot;x">x</a>', 'quotes in a link'],
  ['<a href="mailto:a@b?subject=x">x</a><a href="mailto:a@b?attach=/etc/passwd">y</a>', '<a href="mailto:a@b?subject=x">x</a><a>y</a>', 'a mail with a file of ours'],
  ['<form action=//x><input name=a value=b><button>go</button></form>', 'go', 'a form'],
  ['<iframe src="//x"><p>a</p></iframe>b', 'b', 'a frame'],
  ['<object data="//x"><embed src="//x">a</object><video src="//x" poster="//x"></video>', 'a', 'things that load'],
  ['<meta http-equiv=refresh content="0;url=//x"><base href="//x"><link rel=stylesheet href="//x">a', 'a', 'a head'],
  ['<svg><a xlink:href="javascript:alert(1)"><text>x</text></a></svg>', '<a>x</a>', 'SVG'],
  ['<svg><style><img src=x onerror=alert(1)></style></svg>', '', 'a style that is none in SVG'],
  ['<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=1 onerror=alert(1)&gt;">', '<table></table>', 'mXSS by MathML'],
  ['<noscript><p title="</noscript><img src=x onerror=alert(1)>">a</p>', '<p>a</p>', 'mXSS by noscript'],
  ['<textarea><p title="</textarea><img src=x onerror=alert(1)>">', '&lt;p title=""&gt;', 'mXSS by textarea'],
  ['<xmp><b></xmp>&lt;img src=x onerror=alert(1)&gt;', '&lt;b&gt;&lt;img src=x onerror=alert(1)&gt;', 'raw text that stays text'],
  ['<plaintext><b>x</b>', '&lt;b&gt;x&lt;/b&gt;', 'text for ever'],
  ['<!--><img src=x onerror=alert(1)>-->a', '--&gt;a', 'a comment that ends at once'],
  ['<!--a--!><b>x</b>', '<b>x</b>', 'a comment that ends in another way'],
  ['<![CDATA[<b>x</b>]]>y', 'x]]&gt;y', 'CDATA is a comment in HTML'],
  ['<b title="a>b">x</b>', '<b>x</b>', 'a mark within a value'],
  ["<b title='\"><script>alert(1)</script>'>x</b>", '<b>x</b>', 'quotes within quotes'],
  ['<b<i>x</b<i>', 'x', 'a tag in a tag'],
  ['<b/onclick=alert(1)/>x', '<b>x</b>', 'slashes for blanks'],
  ['<b "onclick="x">y', '<b>y</b>', 'a quote for a name'],
  ['<b onclick="x', '', 'a tag that does not end'],
  ['a</b></p>b', 'ab', 'ends without a start'],
  ['<b><i>x</b>y</i>', '<b><i>x</i></b>y', 'ends in the wrong order'],
  ['<ul><li>a<li>b</ul>', '<ul><li>a</li><li>b</li></ul>', 'ends that are left out'],
  ['<p>a<p>b<div>c', '<p>a</p><p>b</p><div>c</div>', 'and more of them'],
  ['<table><tr><td>a<td>b<tr><td colspan=2>c</table>', '<table><tr><td>a</td><td>b</td></tr><tr><td colspan="2">c</td></tr></table>', 'of a table'],
  ['<blockquote type="cite" cite="mid:a@laptop.example">q</blockquote>', '<blockquote type="cite">q</blockquote>', "Thunderbird's quote"],
  ['<div dir="rtl" lang="he">\u05d0</div>', '<div dir="rtl">\u05d0</div>', 'another direction'],
  ['<p class=MsoNormal><o:p></o:p><span style=\'mso-fareast-language:EN-US\'>a</span></p>', '<p><span>a</span></p>', "Outlook's"],
]; // biome-ignore format: a table

describe('sanitised HTML', () => {
  for (const [html, left, why] of PAGES) it(`of ${why}: ${html}`, () => assert.equal(clean(html), left));

  it('is nothing but tags, attributes and text of this list, and does not change when it is sanitised again, whatever came', () => {
    const { seed, below, pick } = generator();
    const pieces = [
      ...PAGES.flatMap(([html]) => html.split(/(?=[<>"'= ])/)),
      ...[
        '<',
        '>',
        '"',
        "'",
        '=',
        '/',
        '&',
        ';',
        '\0',
        '\u2028',
        '-->',
        '<!--',
        '</',
        '<svg>',
        '<math>',
        '<style>',
        '</style>',
        '<table>',
        '<a ',
        ' href=',
      ],
    ];
    for (let round = 0; round < 3000; round++) {
      const html = Array.from({ length: below(25) }, () => pick(pieces)).join('');
      const left = clean(html);
      const explain = `POSTERN_SEED=${seed}: ${JSON.stringify(html)}`;
      assert.match(left, /^(?:[^<>]|<\/[a-z0-9]+>|<[a-z0-9]+(?: [a-z]+="[^"<>]*")*>)*$/, explain);
      for (const token of htmlTokens(left)) {
        if (token.kind === 'text') continue;
        assert.doesNotMatch(
          token.name,
          /script|style|svg|math|iframe|form|input|textarea|xmp|plaintext|template|select|object|embed|base|meta|link/,
          explain,
        );
        if (token.kind !== 'start') continue;
        for (const [name, value] of token.attributes) {
          assert.doesNotMatch(name, /^on|background|srcset|poster|action|xlink|id|class/, explain);
          if (name === 'src') assert.match(value, /^cid:/, explain);
          if (name === 'href') assert.match(value, /^(https?:\/\/|mailto:|bitmessage:)/i, explain);
          if (name === 'style') assert.doesNotMatch(value, /url|expression|[\\"'@]/i, explain);
        }
      }
      assert.equal(clean(left), left, explain);
    }
  });

  it('takes time that grows with the length alone, and nests no deeper than 64', () => {
    const started = processorMs();
    for (const piece of [
      '<',
      '<div>',
      '<!--',
      '<p>',
      '<a href="',
      '<b ',
      '</',
      '<script>',
      '<li><ul>',
      '<i></b>',
      '<div style="color:red;',
      '&',
      '<style></style>',
      ' =',
      '<svg><math>',
    ])
      clean(piece.repeat(2_000_000 / piece.length));
    clean('<div>'.repeat(2_000_000));
    assert.ok(processorMs() - started < 30_000, `${processorMs() - started} ms`);
    assert.equal(clean('<div>'.repeat(1000)).match(/<div>/g)?.length, 64);
  }).timeout(60_000);
});
