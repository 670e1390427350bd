/** Mails that real and broken programs write, made by hand and put together at random: what FETCH is compared over. */
import { generator } from './random.js';

/** How many mails `oddMails` puts together beside the ones made by hand. */
const COMPOSED = 180;

/** Always the same list, with CRLF line ends as mails are stored. */
export function oddMails(): Buffer[] {
  const texts = [...BY_HAND];
  const { below, pick } = generator(20);
  const header = (): string => {
    let text = '';
    for (const fields of [FROM, TO, SUBJECT, DATE, OTHER]) if (below(4) > 0) text += pick(fields);
    return text;
  };
  const part = (depth: number): string => {
    const kind = depth > 3 ? 0 : below(7);
    if (kind > 3) return `${pick(LEAF_HEADERS)}\n${pick(BODIES)}`;
    if (kind < 2) return `${pick(LEAF_HEADERS)}\n${pick(BODIES)}`;
    if (kind === 2) return `Content-Type: message/rfc822\n\n${header()}${part(depth + 1)}`;
    const boundary = pick(['x', 'xy', '=_b', 'a b', '-', 'b.1']);
    const type = pick(['mixed', 'alternative', 'digest', 'Related', 'signed; micalg=x']);
    let text = `Content-Type: multipart/${type}; boundary="${boundary}"\n\n${pick(['', 'prologue\n'])}`;
    for (let i = below(4); i > 0; i--) text += `--${boundary}${pick(['', '', ' '])}\n${part(depth + 1)}\n`;
    return text + pick([`--${boundary}--\n\nepilogue\n`, `--${boundary}--\n\n`, `--${boundary}--`]);
  };
  for (let i = 0; i < COMPOSED; i++) texts.push(header() + part(0));
  return texts.map((text) => Buffer.from(text.replaceAll('\n', '\r\n'), 'latin1'));
}

const FROM = [
  'From: a@b\n',
  'From: Jo Doe <jo@x.org>\n',
  'From: "Doe, Jo" <jo@x.org>\n',
  'From: jo@x.org (Jo Doe)\n',
  'From: =?utf-8?q?J=C3=B6?= <jo@x.org>\nSender: s@x.org\n',
  'From: J\xc3\xb6 <jo@x.org>\nReply-To: r@x.org, q@x.org\n',
  'From: a@b,\n\tc@d\n',
];
const TO = [
  'To: a@b\n',
  'To: g: a@b, C <c@d>;\nCc: e@f\n',
  'To: undisclosed-recipients:;\nBcc: hidden@x\n',
  'To: <@r:a@b>\n',
  'To: "a\\\\b\\"c" <a@b>\n',
  'To: x\n',
];
const SUBJECT = [
  'Subject: plain\n',
  'Subject:\n',
  'Subject: a "quoted" \\ word\n',
  'Subject: =?iso-8859-1?q?=E4?=\n folded\n',
  'Subject: \xe4\n',
];
const DATE = ['Date: Thu, 1 Jan 2015 00:00:00 +0000\n', 'Date: yesterday\n'];
const OTHER = [
  'Message-ID: <1@x>\n',
  'Message-ID: <2@x>\nIn-Reply-To: <1@x>\n',
  'In-Reply-To: your mail\n',
  'Junk without colon\n',
  'X-Folded: a\n b\n\tc\n',
];
const LEAF_HEADERS = [
  '',
  'Content-Type: text/plain\n',
  'Content-Type: text/html; charset=utf-8\nContent-Transfer-Encoding: quoted-printable\n',
  'Content-Type: Text/Plain; CHARSET="iso-8859-1"; format=flowed\nContent-Transfer-Encoding: 8bit\n',
  'Content-Type: image/png; name="a b.png"\nContent-Transfer-Encoding: base64\nContent-Disposition: attachment; filename="a b.png"; size=3\n',
  "Content-Type: application/pdf;\n\tname*=utf-8''%c3%a4.pdf\nContent-Disposition: inline;\n\tfilename*0=long;\n\tfilename*1=name\n",
  'Content-ID: <id@x>\nContent-Description: what it is\nContent-Language: en, de\nContent-Location: http://x/y\nContent-MD5: Q2hlY2s=\n',
  'Content-Type: message/delivery-status\n',
];
const BODIES = [
  '',
  'text',
  'text\n',
  'two\nlines',
  '\n\nblank lines\n\n',
  'a=3Db=\nc',
  'AAECAw==\n',
  '--\nsignature\n',
  '-- dashes\n--unknown\n',
];

const BY_HAND: readonly string[] = [
  '\n',
  'no headers here',
  'Subject: a\n',
  'Subject: \n\nbody\n',
  'Subject:\n\n',
  'Subject: a\n b\n\tc  d\nSubject: second\nFrom: a@b\nFrom: c@d\nTo: \nDate: x\nDate: y\nMessage-ID: <1>\nMessage-Id: <2>\nIn-Reply-To: <a> <b>\n\n',
  'From: foo\n\n',
  'From: <foo>\n\n',
  'From: foo bar <foo@bar.com>, "x, y" <z@q> (comm), (pre) a@b (John Doe), grp: a@b, c@d;, un: ;\n\n',
  'From: <@r1,@r2:foo@bar>\nSender: \nReply-To: x@\nTo: @x\nCc: undisclosed-recipients:;\nBcc: a b c\n\n',
  'From: foo <bar\nTo: foo@bar <baz@qux>\nCc: foo@bar, , baz\nBcc: "unterminated <a@b>\n\n',
  'From: =?utf-8?Q?J=C3=B6rg?= <a@b>\nSubject: =?utf-8?Q?J=C3=B6rg?=\n\n',
  'From: J\xc3\xb6rg <a@b>\nSubject: J\xc3\xb6rg "q" \\b\n\n',
  'From: "a \\"q\\" b" <a@b>\nSubject: \x01\x02\x7f\n\n',
  'Content-Type: text/html; charset="UTF-8"; Format=flowed (comment); x="a b\\"c"\nContent-Transfer-Encoding: BASE64 (x)\nContent-ID: <abc>\nContent-Description: hey (c)\nContent-Disposition: attachment; filename="a b.txt"; size=3\nContent-Language: en, de\nContent-Location: http://x/ y\nContent-MD5: abc==\n\nline1\nline2',
  'Content-Type: text\n\nx\n',
  'Content-Type: /plain\n\nx\n',
  'Content-Type: TEXT/PLAIN; charset\n\nx\n',
  'Content-Type: text/plain; charset=us ascii; name=foo bar.txt\n\nx\n',
  'Content-Type: application/octet-stream; name*=utf-8\'\'%e2%82%ac.txt\nContent-Disposition: attachment; filename*0="a"; filename*1="b"; other*0*=utf-8\'\'x%20; other*1=y\n\nx\n',
  'Content-Type: multipart/mixed; boundary=x\n\npre\n--x\n\na\n--x\nContent-Type: image/png\n\nb\n--x--\nepi\n',
  'Content-Type: multipart/mixed; boundary=x\n\n--x\n\na\n--x',
  'Content-Type: multipart/mixed; boundary=x\n\n--x\nContent-Type: text/html\n--x\n\nb\n--x--',
  'Content-Type: multipart/mixed\n\n--x\n\na\n--x--\n',
  'Content-Type: multipart/mixed; boundary=""\n\n--\n\na\n----\n',
  'Content-Type: multipart/mixed; boundary=x\n\nnothing\n',
  'Content-Type: multipart/digest; boundary=x\n\n--x\n\nSubject: in\n\nbody\n--x\nContent-Type: text/plain\n\nzz\n--x--\n',
  'Content-Type: multipart/mixed; boundary=x\n\n--x\nContent-Type: multipart/alternative; boundary=xy\n\n--xy\n\na\n--xy--\n--x\n\nb\n--x--\n',
  'Content-Type: multipart/mixed; boundary=x\n\n--x\nContent-Type: multipart/alternative; boundary=xy\n\n--xy\n\na\n--x\n\nb\n--x--\n',
  'Content-Type: multipart/mixed; boundary=x\n\n--x\nContent-Type: multipart/alternative; boundary=x\n\n--x\n\na\n--x--\n--x\n\nb\n--x--\n',
  'Content-Type: message/rfc822\n\nSubject: inner\nFrom: a@b\nContent-Type: multipart/mixed; boundary=y\n\n--y\n\nhello\n--y--\n',
  'Content-Type: message/rfc822\nContent-Transfer-Encoding: base64\n\nU3ViamVjdDogeA0KDQo=\n',
  'Content-Type: message/rfc822\n\n',
  'Content-Type: message/global\n\nSubject: x\n\ny\n',
  'Content-Type: message/delivery-status\n\nSubject: x\n\ny\n',
  'Content-Type: message/partial; id=1\n\nSubject: x\n\ny\n',
  'Content-Type: multipart/mixed; boundary=x\n\n--x  \n\na\n--x \t\n\nb\n--xzz\n\nc\n--x--junk\n\nd\n',
  'Content-Type: multipart/mixed; boundary=x\n\n--x\n\n\n--x\n\n--x\n--x--\n',
  'Content-Type: multipart/mixed; boundary=x\n\n--x\nA: b\n--x--\n',
  'garbage line\nSubject: after garbage\n: empty name\n Foo: folded\nTo : a@b\n\nbody',
  'Content-Type: text/plain\nContent-Type: text/html\n\nx',
  'Content-Type: multipart/signed; boundary="b b"; micalg=pgp; protocol="application/x"\nContent-Disposition: inline\nContent-Language: de\nContent-Location: loc\n\n--b b\n\na\n--b b--\n',
  'MIME-Version: 1.0\nContent-Type: text/plain; charset=x; charset=y\nContent-Disposition: ;\nContent-Language: \nContent-ID: \nContent-Description:\nContent-Transfer-Encoding:\n\nx\n',
  'Content-Type: text/plain;\n\tcharset="us\n ascii"\nContent-Disposition: attach ment; a\nContent-Language: en; q\nContent-Description: a\n\tb "c"\n\nx\n',
  'From: a@b (c1) (c2)\nTo: "" <a@b>\nCc: a.b.c <x@y>, a b@c d, <a@b> trailing, a@[127.0.0.1], a@b.c.\nBcc: <>, <a b@c>, "a b"@c, a..b@c\nReply-To: g: "n" <x@y>, z\n\n',
  'Subject: a\n b\n\tc  d  \nFrom: "a\n b" <x@y>\nDate: Mon,\n 1 Jan\nMessage-ID: \n <x>\nIn-Reply-To: <a>\n\t<b> (c)\n\n',
  "Content-Type: text/plain; x*0=b; a=1; y*1=d; y*0=c; z*1=q; x*1=e; a*=us'en'f; w*0*=us''1; w*1=%202; v*x=1\n\nx\n",
  'Content-Type: Text/PLAIN; CHARSET=Utf-8\nContent-Transfer-Encoding: 8BIT\nContent-Disposition: ATTACHMENT; FileName=X\n\nx\n',
  'Content-Type: text/plain charset=x\n\nx\n',
  'Content-Type: text / plain ; charset = x ; y\n\nx\n',
  'Content-Type: "text"/plain; charset=a/b; name=a@b.c; q=[x](y)z\n\nx\n',
  'Content-Type: text/plain; charset="unterminated; name=x\n\nx\n',
  'Content-Type: text/plain;;; charset=x;; =y; z=\n\nx\n',
  'Content-Type: text/plain; charset=""\nContent-Language: "en", (c) de-DE x, ,fr\n\nx\n',
  'Content-Type:\n\nx\n',
  'Content-Type: text/x-\xc3\xa9; name="\xc3\xa9"\nContent-ID:  <a> (c) \nContent-Description: \xc3\xa9\nContent-Location:  a\n b  \nContent-MD5: a b\nContent-Transfer-Encoding: x-foo bar\n\nx\n',
  'Content-Type: multipart/MIXED; Boundary="x "\n\n--x \n\na\n--x --\n',
  'Content-Type: multipart/mixed; boundary=x\n\n--x\nContent-Type: message/rfc822\n\nSubject: q\nContent-Type: multipart/mixed; boundary=z\n\n--z\n\nl1\nl2\n\n--z--\n\n--x--\n',
  'Content-Type: multipart/mixed; boundary=x\nContent-Transfer-Encoding: base64\n\n--x\n\na\n--x--\n',
  'Content-Type: multipart/mixed; boundary=x\n\n --x\n\na\n--x\nContent-Type: text/plain; name="a\n--x\n\nb\n--x--\n--x\n\nc\n',
  'Content-Type: multipart/mixed; boundary=x\n\n--x\n\na\n\n--x\n\n\n\n--x--\n',
  'From: a@b, c@d\nSender: e@f\nReply-To: \nTo: a@b; c@d\nCc: a.b @ c . d, a(x)@(y)b, "a".b@c, a@b@c, x:y@z\nBcc: Gr: ;, Gr2:a@b;c@d\n\n',
  'From: "a\\\\b" <x@y>\nTo: a\\b <c@d>\nCc: "a\\@b"@c, (com(nes)ted) x@y, =?a?q?b?= =?a?q?c?= <e@f>\nSubject: a\\b\nBcc: <@a:>, <@a>, <:>, a <>\n\n',
  'From: a <b@c>d <e@f>\nTo: a,b,c@d\nCc: John Doe john@x.org, <a@b> <c@d>, x@y z@w\nBcc: .a@b, a.@b, a@.b, a@b., a..b@c\n\n',
  'From: a\xe9 <b@c>\nSubject: caf\xe9\n\n',
  'Subject: a\x00b\nFrom: a@b\n\nx\x00y',
  'Date: Fri, 1 Jan 2021 00:00:00 +0000 (UTC)\nMessage-ID: <a@b> junk\nSubject:  lead\n\n',
  'Content-Type: text/plain; a=(c)b; c=d(e)\nContent-Disposition: (c) inline; x\n\nx',
  'Content-Type: text/plain\nContent-Disposition: "inline"; x="a\n\tb"\n\nx',
  'Content-Type: application\n\nx',
  'Content-Type: multipart\n\nx',
  'Content-Type: message/rfc822\n\nno header here\n\nbody',
  'Content-Type: multipart/mixed; boundary=x\n\n--x\nno header\n--x--\n',
  'From: a@b\nSubject: x\n y\nsubject : z\nJunk\nX: 1\n\nbody\nbody2\n',
  'From: a@b\n\n',
  'From: a@b',
  'From: a@b\nSubject: outer\nContent-Type: multipart/mixed; boundary=x\n\npre\n--x\nContent-Type: text/plain\nContent-Transfer-Encoding: quoted-printable\n\na=41=\nb\n--x\nContent-Type: message/rfc822\nX-Part: 2\n\nSubject: inner\nFrom: i@n\nContent-Type: multipart/alternative; boundary=y\n\n--y\nX-A: 1\n\nalt1\n--y\nX-A: 2\nContent-Type: text/html\n\nalt2\n--y--\n--x\nContent-Type: image/png\nContent-Transfer-Encoding: base64\n\nAAECAw==\n--x--\nepi\n',
  'Subject: o\nContent-Type: message/rfc822\n\nSubject: inner\nFrom: q@r\n\nhello\n',
  'Subject: o\nContent-Type: message/rfc822\n\nSubject: inner\nFrom: q@r\nContent-Type: message/rfc822\n\nSubject: i2\n\ndeep',
  'Subject: o\nContent-Type: message/rfc822\n\nSubject: inner\nContent-Type: multipart/mixed; boundary=x\n\n--x\n\np1\n--x\nContent-Type: message/rfc822\n\nSubject: i2\n\ndeep\n--x--\n',
  'Subject: o\nContent-Type: multipart/mixed; boundary=x\n\nno parts',
  'Subject: o\nContent-Type: multipart/mixed; boundary=x\n\n--x\nContent-Type: multipart/mixed; boundary=y\n\n--y\n\np11\n--y\n\np12\n--y--\n--x\nContent-Transfer-Encoding: x-unknown\n\nzz\n--x--',
  'Subject: o\nContent-Transfer-Encoding: base64\n\naGVs\nbG8=\n',
  'Subject: o\nContent-Transfer-Encoding: base64\n\naGVsbG8=aGVsbG8=!!junk',
  'Subject: o\nContent-Transfer-Encoding: quoted-printable\n\na=3db=\n c=\n=zz=4\ntrail  \n=C3=A4=00x=',
];
