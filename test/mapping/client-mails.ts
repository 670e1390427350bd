/** Mails with the headers and the structure that common mail programs give them, and what of them may leave this machine. */
import { ALICE, BOB } from './house.js';

export interface ClientMail {
  readonly program: string;
  /** Lines ended by LF; each character is a byte (latin1), so that any charset can stand here. */
  readonly mail: string;
  readonly subject: string;
  readonly body: string;
  /** Empty: the message travels in encoding 2. */
  readonly files: readonly { readonly name: string; readonly type: string; readonly disposition: string; readonly content: string }[];
}

/** Text as its UTF-8 bytes, a character for each. */
export const utf8 = (text: string): string => Buffer.from(text).toString('latin1');
export const base64 = (text: string): string => Buffer.from(text).toString('base64');

export const CLIENT_MAILS: readonly ClientMail[] = [
  {
    program: 'Thunderbird, an answer in format=flowed',
    mail: utf8(`Message-ID: <5c2b1e0c-6b5d-4c0e-9a40-0d8e1f1f9f0a@laptop.home.example>
Date: Sun, 22 Nov 2026 10:11:12 +0530
MIME-Version: 1.0
User-Agent: Mozilla Thunderbird 153.0
Subject: =?UTF-8?Q?Re=3A_Gr=C3=BC=C3=9Fe_aus_K=C3=B6ln?=
To: Bob <${BOB}@bitmessage>
References: <0123456789abcdef@bitmessage>
Content-Language: de-DE
From: Alice Liddell <${ALICE}@bitmessage>
Organization: Wonderland Ltd
Autocrypt: addr=alice@wonderland.example; keydata=
 xsDNBGQ4
X-Mozilla-Status: 0801
In-Reply-To: <0123456789abcdef@bitmessage>
Content-Type: text/plain; charset=UTF-8; format=flowed
Content-Transfer-Encoding: 8bit

Bob schrieb:
> Diese Zeile hat das Programm umbrochen, und sie geht 
> hier weiter.
>> Ältere Zeile
 > kein Zitat

Hallo Bob, 
danke für alles!

-- 
A.
`),
    subject: 'Re: Grüße aus Köln',
    body: 'Bob schrieb:\n> Diese Zeile hat das Programm umbrochen, und sie geht hier weiter.\n>> Ältere Zeile\n> kein Zitat\n\nHallo Bob, danke für alles!\n\n-- \nA.',
    files: [],
  },
  {
    program: 'Thunderbird, HTML with a text beside it, an image in it and a file',
    mail: utf8(`Content-Type: multipart/mixed; boundary="------------9XTn0O00iLhjVUTFRX3o0u0p"
Message-ID: <8a1c2d3e-0001-4c0e-9a40-0d8e1f1f9f0a@laptop.home.example>
Date: Sun, 22 Nov 2026 10:11:12 +0530
MIME-Version: 1.0
User-Agent: Mozilla Thunderbird 153.0
Content-Language: en-US
To: ${BOB}@bitmessage
From: Alice Liddell <${ALICE}@bitmessage>
Subject: pictures

This is a multi-part message in MIME format.
--------------9XTn0O00iLhjVUTFRX3o0u0p
Content-Type: multipart/alternative;
 boundary="------------CEmbTn3bKVt0OIwIBLyOmu0W"

--------------CEmbTn3bKVt0OIwIBLyOmu0W
Content-Type: text/plain; charset=UTF-8; format=flowed
Content-Transfer-Encoding: 7bit

See *this*

--------------CEmbTn3bKVt0OIwIBLyOmu0W
Content-Type: multipart/related;
 boundary="------------0mGfJMzX5kGqJPsQnVQ5cT3y"

--------------0mGfJMzX5kGqJPsQnVQ5cT3y
Content-Type: text/html; charset=UTF-8
Content-Transfer-Encoding: 7bit

<!DOCTYPE html><html><head><title>x</title></head><body><p>See <b>this</b></p><img src="cid:part1.abc@laptop.home.example"></body></html>

--------------0mGfJMzX5kGqJPsQnVQ5cT3y
Content-Type: image/png; name="pic.png"
Content-Disposition: inline; filename="pic.png"
Content-Id: <part1.abc@laptop.home.example>
Content-Transfer-Encoding: base64

${base64('PNG')}

--------------0mGfJMzX5kGqJPsQnVQ5cT3y--

--------------CEmbTn3bKVt0OIwIBLyOmu0W--

--------------9XTn0O00iLhjVUTFRX3o0u0p
Content-Type: text/csv; charset=UTF-8; name="=?UTF-8?Q?=C3=9Cbersicht=2Ecsv?="
Content-Disposition: attachment; filename*=UTF-8''%C3%9C%62%65%72%73%69%63%68%74%2E%63%73%76
Content-Transfer-Encoding: base64

${base64('a;b\r\n')}

--------------9XTn0O00iLhjVUTFRX3o0u0p--
`),
    subject: 'pictures',
    body: 'See *this*',
    files: [
      { name: 'pic.png', type: 'image/png', disposition: 'inline', content: 'PNG' },
      { name: 'Übersicht.csv', type: 'text/csv', disposition: 'attachment', content: 'a;b\r\n' },
      { name: 'message.html', type: 'text/html', disposition: 'inline', content: '<p>See <b>this</b></p><img src="cid:pic.png">' },
    ],
  },
  {
    program: 'mutt, in ISO-8859-1',
    mail: `Date: Sun, 22 Nov 2026 10:11:12 +0530
From: Alice Liddell <${ALICE}@bitmessage>
To: ${BOB}@bitmessage
Subject: =?iso-8859-1?Q?=DCbung_f=FCr?= morgen
Message-ID: <ZzQ0NjE1MDEz@laptop.home.example>
MIME-Version: 1.0
Content-Type: text/plain; charset=iso-8859-1
Content-Disposition: inline
Content-Transfer-Encoding: 8bit
User-Agent: Mutt/2.2.9 (2022-11-12)
X-Operating-System: Linux laptop 6.1.0
X-URL: https://alice.example/

Gr\xfc\xdfe!

From here on no stuffing.
.
-- 
Alice
`,
    subject: 'Übung für morgen',
    body: 'Grüße!\n\nFrom here on no stuffing.\n.\n-- \nAlice',
    files: [],
  },
  {
    program: 'mutt, with a patch',
    mail: `Date: Sun, 22 Nov 2026 10:11:12 +0530
From: Alice Liddell <${ALICE}@bitmessage>
To: ${BOB}@bitmessage
Bcc: Carol <carol@secret.example>
Subject: [PATCH] fix
Message-ID: <ZzQ0NjE1MDEz@laptop.home.example>
MIME-Version: 1.0
Content-Type: multipart/mixed; boundary="KsGdsel6WgEHnImy"
Content-Disposition: inline
User-Agent: Mutt/2.2.9 (2022-11-12)


--KsGdsel6WgEHnImy
Content-Type: text/plain; charset=us-ascii
Content-Disposition: inline

See there.

--KsGdsel6WgEHnImy
Content-Type: text/x-diff; charset=us-ascii
Content-Disposition: attachment; filename="fix.patch"
Content-Transfer-Encoding: quoted-printable

-a=20
+b=3Dc

--KsGdsel6WgEHnImy--
`,
    subject: '[PATCH] fix',
    body: 'See there.',
    files: [{ name: 'fix.patch', type: 'text/x-diff', disposition: 'attachment', content: '-a \r\n+b=c\r\n' }],
  },
  {
    program: 'Apple Mail, text around a picture',
    mail: `From: Alice Liddell <${ALICE}@bitmessage>
Content-Type: multipart/alternative;
\tboundary="Apple-Mail=_6F0C2B3B-8E0D-4C34-9F0B-8C9E4B0E0B1F"
Mime-Version: 1.0 (Mac OS X Mail 16.0 \\(3826.200.121\\))
Subject: =?utf-8?Q?Caf=C3=A9_=E2=98=95?=
X-Universally-Unique-Identifier: 7D5E2F4C-0E5B-4C5E-9B53-0F6F1B1A2C3D
Message-Id: <B1F6E9C2-2A57-4B0C-9F0E-1C2D3E4F5A6B@alices-macbook.local>
Date: Sun, 22 Nov 2026 10:11:12 +0530
To: Bob <${BOB}@bitmessage>
X-Mailer: Apple Mail (2.3826.200.121)
X-Apple-Base-Url: x-msg://1/


--Apple-Mail=_6F0C2B3B-8E0D-4C34-9F0B-8C9E4B0E0B1F
Content-Transfer-Encoding: quoted-printable
Content-Type: text/plain;
\tcharset=utf-8

Look =E2=80=94 a cup of coffee, and a line that is long enough for the prog=
ram to break it:

Bye
--Apple-Mail=_6F0C2B3B-8E0D-4C34-9F0B-8C9E4B0E0B1F
Content-Type: multipart/mixed;
\tboundary="Apple-Mail=_11111111-8E0D-4C34-9F0B-8C9E4B0E0B1F"


--Apple-Mail=_11111111-8E0D-4C34-9F0B-8C9E4B0E0B1F
Content-Transfer-Encoding: 7bit
Content-Type: text/html;
\tcharset=us-ascii

<html><body style="overflow-wrap: break-word;">Look</body></html>
--Apple-Mail=_11111111-8E0D-4C34-9F0B-8C9E4B0E0B1F
Content-Disposition: inline;
\tfilename*=utf-8''Caf%C3%A9%20noir.jpeg
Content-Type: image/jpeg;
\tx-mac-hide-extension=yes;
\tx-unix-mode=0644;
\tname="=?utf-8?Q?Caf=C3=A9_noir=2Ejpeg?="
Content-Transfer-Encoding: base64

${base64('JPEG')}
--Apple-Mail=_11111111-8E0D-4C34-9F0B-8C9E4B0E0B1F
Content-Transfer-Encoding: 7bit
Content-Type: text/html;
\tcharset=us-ascii

<html><body>Bye</body></html>
--Apple-Mail=_11111111-8E0D-4C34-9F0B-8C9E4B0E0B1F--

--Apple-Mail=_6F0C2B3B-8E0D-4C34-9F0B-8C9E4B0E0B1F--
`,
    subject: 'Café ☕',
    body: 'Look — a cup of coffee, and a line that is long enough for the program to break it:\n\nBye',
    files: [{ name: 'Café noir.jpeg', type: 'image/jpeg', disposition: 'inline', content: 'JPEG' }],
  },
  {
    program: 'Outlook, in Windows-1252',
    mail: `From: "Liddell, Alice" <${ALICE}@bitmessage>
To: "'Bob'" <${BOB}@bitmessage>
Subject: =?iso-8859-1?Q?Angebot_=FCber_5_Gl=E4ser?=
Date: Sun, 22 Nov 2026 10:11:12 +0530
Message-ID: <000001db3cc1$5b1f0c60$115d2520$@wonderland.example>
MIME-Version: 1.0
Content-Type: multipart/alternative;
\tboundary="----=_NextPart_000_0001_01DB3CD2.1E9A2B10"
X-Mailer: Microsoft Outlook 16.0
Thread-Index: Ads8wVsVbq2hHYQxTfCEoJXm0mvGyw==
Content-Language: de
X-Originating-IP: [192.0.2.17]

This is a multipart message in MIME format.

------=_NextPart_000_0001_01DB3CD2.1E9A2B10
Content-Type: text/plain;
\tcharset="Windows-1252"
Content-Transfer-Encoding: quoted-printable

Guten Tag,

f=FCnf Gl=E4ser kosten 20 =80 =96 =84wie besprochen=93.

=20

Gru=DF


------=_NextPart_000_0001_01DB3CD2.1E9A2B10
Content-Type: text/html;
\tcharset="Windows-1252"
Content-Transfer-Encoding: quoted-printable

<html xmlns:o=3D"urn:schemas-microsoft-com:office:office"><head><meta =
name=3DGenerator content=3D"Microsoft Word 15 (filtered medium)"></head><body =
lang=3DDE><p class=3DMsoNormal>Guten Tag,<o:p></o:p></p></body></html>
------=_NextPart_000_0001_01DB3CD2.1E9A2B10--
`,
    subject: 'Angebot über 5 Gläser',
    body: 'Guten Tag,\n\nfünf Gläser kosten 20 € – „wie besprochen“.\n\n \n\nGruß',
    files: [],
  },
  {
    program: 'Outlook on a phone, nothing but HTML',
    mail: `From: Alice Liddell <${ALICE}@bitmessage>
To: Bob <${BOB}@bitmessage>
Subject: Re: lunch
Thread-Topic: lunch
Thread-Index: AQHbPMFbFW6toR2EMU3whKCV5tJrxg==
X-MS-Has-Attach: no
X-MS-TNEF-Correlator:
Date: Sun, 22 Nov 2026 10:11:12 +0530
Message-ID: <AM0PR01MB1234@AM0PR01MB1234.eurprd01.prod.exchangelabs.com>
In-Reply-To: <0123456789abcdef@bitmessage>
Content-Type: text/html; charset="utf-8"
Content-Transfer-Encoding: base64
MIME-Version: 1.0

${Buffer.from(
  '<html>\r\n<head>\r\n<style>p{margin:0}</style></head>\r\n<body>\r\n<div>Twelve&nbsp;o’clock &amp; <a href="https://example.org/m">the usual</a> place?</div>\r\n<div><br></div><ul><li>soup</li><li>bread</li></ul>\r\n<hr><blockquote><div>When?</div></blockquote>\r\n</body>\r\n</html>\r\n',
).toString('base64')}
`,
    subject: 'Re: lunch',
    body: 'Twelve o’clock & the usual <https://example.org/m> place?\n\n* soup\n* bread\n\n--------------------\n\n> When?',
    files: [],
  },
  {
    program: 'K-9, with text and HTML',
    mail: utf8(`Date: Sun, 22 Nov 2026 10:11:12 +0530
From: Alice Liddell <${ALICE}@bitmessage>
To: ${BOB}@bitmessage
Subject: =?UTF-8?B?0J/RgNC40LLQtdGC?=
User-Agent: K-9 Mail for Android
In-Reply-To: <0123456789abcdef@bitmessage>
References: <0123456789abcdef@bitmessage>
Message-ID: <E5C2B8B1-1F4E-4F0B-8C0A-5D6E7F8A9B0C@pixel-7.example>
MIME-Version: 1.0
Content-Type: multipart/alternative;boundary=----D4T8N1H5KQ6Z0F7B3W2V
Content-Transfer-Encoding: 7bit
Autocrypt: addr=alice@wonderland.example; keydata=mQGNBGQ4

------D4T8N1H5KQ6Z0F7B3W2V
Content-Type: text/plain;
 charset=utf-8
Content-Transfer-Encoding: quoted-printable

=D0=94=D0=B0=2E
--=20
=F0=9F=93=B1
------D4T8N1H5KQ6Z0F7B3W2V
Content-Type: text/html;
 charset=utf-8
Content-Transfer-Encoding: quoted-printable

<!DOCTYPE html><html><body><div dir=3D"auto">=D0=94=D0=B0=2E</div></body></html>
------D4T8N1H5KQ6Z0F7B3W2V--
`),
    subject: 'Привет',
    body: 'Да.\n-- \n📱',
    files: [],
  },
  {
    program: 'a program that says nothing, in raw UTF-8',
    mail: utf8(`From: ${ALICE}@bitmessage\nSubject: ñ\n\nñandú\n`),
    subject: 'ñ',
    body: 'ñandú',
    files: [],
  },
];

/** What stands in the mails above, or in any mail, and is nobody's business. */
export const IDENTIFYING = [
  /laptop|macbook|pixel|wonderland|exchangelabs|home\.example/i,
  /liddell|alice@|autocrypt|keydata/i,
  /thunderbird|mozilla|mutt|apple|outlook|microsoft|k-9|android|mac os|linux/i,
  /\+0530|10:11:12|Nov 2026/,
  /message-id|in-reply-to|references|received|user-agent|x-mailer|mime-version|^(x|content)-[\w-]+:/im,
  /192\.0\.2\.17|127\.0\.0\.1/,
  /carol|secret\.example/i,
];
