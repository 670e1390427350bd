import assert from 'node:assert/strict';
import { htmlToText } from '../../src/mime/html-to-text.js';
import { processorMs } from '../support/processor-time.js';

describe('HTML as text', () => {
  for (const [html, text] of [
    ['plain', 'plain'],
    ['<p>one</p><p>two</p>', 'one\n\ntwo'],
    ['<div>one</div><div>two</div>', 'one\ntwo'],
    ['<div>one</div><div><br></div><div>two</div>', 'one\n\ntwo'],
    ['a  \r\n  b', 'a b'],
    ['a<br>b<br/>c', 'a\nb\nc'],
    ['<b>a</b>b <i>c</i>', 'ab c'],
    ['&lt;tag&gt; &amp; &quot;x&quot; &#8364; &#x20AC; &nbsp;&euro;', '<tag> & "x" € € \u00a0€'.replace('\u00a0', ' ').replace('  ', ' ')],
    ['&unknown; &copy', '&unknown; ©'],
    ['<script>alert(1)</script><style>p{}</style><title>t</title>seen', 'seen'],
    ['<!-- no --><!DOCTYPE html>yes<!-- open', 'yes'],
    ['<a href="https://a.example/">link</a>', 'link <https://a.example/>'],
    ['<a href="https://a.example/">https://a.example/</a>', 'https://a.example/'],
    ['<a href="mailto:x@y">x@y</a>', 'x@y'],
    ['<a href="javascript:alert(1)">x</a>', 'x'],
    ['<img src="https://tracker.example/1.gif" alt="A cat">', 'A cat'],
    ['<ul><li>a<li>b</ul>', '* a\n* b'],
    ['<ol><li>a</li><li>b<ul><li>c</li></ul></li></ol>', '1. a\n2. b\n  * c'],
    ['<blockquote>q<blockquote>r</blockquote></blockquote>s', '> q\n>\n>> r\n\ns'],
    ['<pre>a  b\n  c</pre>', 'a  b\n  c'],
    ['<table><tr><td>a</td><td>b</td></tr><tr><td>c</td></tr></table>', 'a b\nc'],
    ['a<hr>b', `a\n\n${'-'.repeat(20)}\n\nb`],
    ['3 < 4 and <3', '3 < 4 and <3'],
    ['<', '<'],
    ['', ''],
  ] as const)
    it(`of ${JSON.stringify(html)}`, () => assert.equal(htmlToText(html), text));

  it('takes time that grows with the length alone', () => {
    const started = processorMs();
    for (const piece of ['<', '<div', '<!--', '<blockquote>', '<a href="', '&', '<ul><li>', '<pre>\n'])
      htmlToText(piece.repeat(1_000_000 / piece.length));
    assert.ok(processorMs() - started < 8000);
  });
});
