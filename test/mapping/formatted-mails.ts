/** Mails whose HTML, names and parts tell of their maker, as common programs write them, and what of them may leave this machine. */
import { base64, type ClientMail, utf8 } from './client-mails.js';
import { ALICE, BOB } from './house.js';

/** The file in which HTML travels. */
const form = (content: string): ClientMail['files'][number] => ({
  name: 'message.html',
  type: 'text/html',
  disposition: 'inline',
  content,
});

export const FORMATTED_MAILS: readonly ClientMail[] = [
  {
    program: 'Thunderbird, an answer in HTML with its own marks',
    mail: utf8(`Content-Type: multipart/alternative; boundary="------------nXx1PzVnm0pCVwZ7sVJ5s0Aq"
Message-ID: <8a1c2d3e-0002-4c0e-9a40-0d8e1f1f9f0a@laptop.home.example>
Date: Sun, 22 Nov 2026 10:11:12 +0530
MIME-Version: 1.0
User-Agent: Mozilla Thunderbird 153.0
Subject: Re: tea
Content-Language: en-US
To: Bob <${BOB}@bitmessage>
References: <0123456789abcdef@bitmessage>
From: Alice Liddell <${ALICE}@bitmessage>
In-Reply-To: <0123456789abcdef@bitmessage>

This is a multi-part message in MIME format.
--------------nXx1PzVnm0pCVwZ7sVJ5s0Aq
Content-Type: text/plain; charset=UTF-8; format=flowed
Content-Transfer-Encoding: 7bit

Bob wrote:
> Tea?
*Yes!*

-- 
A.
--------------nXx1PzVnm0pCVwZ7sVJ5s0Aq
Content-Type: text/html; charset=UTF-8
Content-Transfer-Encoding: 7bit

<!DOCTYPE html>
<html><head><meta http-equiv="Content-Type" content="text/html; charset=UTF-8"><meta name="generator" content="Mozilla Thunderbird"></head>
<body text="#000000" bgcolor="#f9f9fa"><!-- on laptop.home.example -->
<div class="moz-cite-prefix">Bob wrote:<br></div>
<blockquote type="cite" cite="mid:0123456789abcdef@laptop.home.example"><p>Tea?</p></blockquote>
<p><b class="moz-txt-star"><span class="moz-txt-tag">*</span>Yes!<span class="moz-txt-tag">*</span></b></p>
<div class="moz-signature">-- <br>A.</div></body></html>
--------------nXx1PzVnm0pCVwZ7sVJ5s0Aq--
`),
    subject: 'Re: tea',
    body: 'Bob wrote:\n> Tea?\n*Yes!*\n\n-- \nA.',
    files: [
      form(
        '<div>Bob wrote:<br></div>\n<blockquote type="cite"><p>Tea?</p></blockquote>\n<p><b><span>*</span>Yes!<span>*</span></b></p>\n<div>-- <br>A.</div>',
      ),
    ],
  },
  {
    program: 'Thunderbird, signed with OpenPGP',
    mail: utf8(`Content-Type: multipart/signed; micalg=pgp-sha256; protocol="application/pgp-signature"; boundary="------------sgn"
Message-ID: <8a1c2d3e-0003-4c0e-9a40-0d8e1f1f9f0a@laptop.home.example>
User-Agent: Mozilla Thunderbird 153.0
Subject: signed
To: ${BOB}@bitmessage
From: Alice Liddell <${ALICE}@bitmessage>

--------------sgn
Content-Type: multipart/mixed; boundary="------------mix"; protected-headers="v1"
Subject: signed
From: Alice Liddell <${ALICE}@bitmessage>
Message-ID: <8a1c2d3e-0003-4c0e-9a40-0d8e1f1f9f0a@laptop.home.example>

--------------mix
Content-Type: text/plain; charset=UTF-8; format=flowed

Words.

--------------mix--

--------------sgn
Content-Type: application/pgp-signature; name="OpenPGP_signature.asc"
Content-Description: OpenPGP digital signature
Content-Disposition: attachment; filename="OpenPGP_signature.asc"

-----BEGIN PGP SIGNATURE-----
wsD5BAABCAAjFiEE alice@wonderland.example
-----END PGP SIGNATURE-----
--------------sgn--
`),
    subject: 'signed',
    body: 'Words.',
    files: [],
  },
  {
    program: 'Outlook, with a picture in what Word made of it',
    mail: `From: "Liddell, Alice" <${ALICE}@bitmessage>
To: "'Bob'" <${BOB}@bitmessage>
Subject: logo
Date: Sun, 22 Nov 2026 10:11:12 +0530
Message-ID: <000001db3cc1$5b1f0c60$115d2520$@wonderland.example>
MIME-Version: 1.0
Content-Type: multipart/related; boundary="----=_NextPart_000_0010_01DB3CD2"; type="multipart/alternative"
X-Mailer: Microsoft Outlook 16.0
Thread-Index: Ads8wVsVbq2hHYQxTfCEoJXm0mvGyw==

------=_NextPart_000_0010_01DB3CD2
Content-Type: multipart/alternative; boundary="----=_NextPart_001_0011_01DB3CD2"

------=_NextPart_001_0011_01DB3CD2
Content-Type: text/plain; charset="us-ascii"

Our logo:

------=_NextPart_001_0011_01DB3CD2
Content-Type: text/html; charset="us-ascii"
Content-Transfer-Encoding: quoted-printable

<html xmlns:v=3D"urn:schemas-microsoft-com:vml" xmlns:o=3D"urn:schemas-microsoft-com:office:office">
<head><meta name=3DGenerator content=3D"Microsoft Word 15 (filtered medium)"><!--[if !mso]><style>v\\:* {behavior:url(#default#VML);}</style><![endif]-->
<style><!-- /* Font Definitions */ @font-face {font-family:Calibri;} --></style>
<!--[if gte mso 9]><xml><o:shapedefaults v:ext=3D"edit" spidmax=3D"1026" /></xml><![endif]--></head>
<body lang=3DDE link=3D"#0563C1"><div class=3DWordSection1><p class=3DMsoNormal>Our logo:<o:p></o:p></p>
<p class=3DMsoNormal><img width=3D64 height=3D64 id=3D"Picture_x0020_1" src=3D"cid:image001.png@01DB3CC1.5B1F0C60" alt=3D"C:\\Users\\alice.liddell\\Pictures\\logo.png"></p></div>
<img src=3D"https://track.wonderland.example/open.gif?u=3Dalice@wonderland.example" width=3D1 height=3D1></body></html>
------=_NextPart_001_0011_01DB3CD2--

------=_NextPart_000_0010_01DB3CD2
Content-Type: image/png; name="image001.png"
Content-Transfer-Encoding: base64
Content-ID: <image001.png@01DB3CC1.5B1F0C60>

${base64('PNG')}
------=_NextPart_000_0010_01DB3CD2--
`,
    subject: 'logo',
    body: 'Our logo:',
    files: [
      { name: 'image001.png', type: 'image/png', disposition: 'inline', content: 'PNG' },
      form('<div><p>Our logo:</p>\n<p><img src="cid:image001.png" alt="logo.png" width="64" height="64"></p></div>'),
    ],
  },
  {
    program: 'Apple Mail, nothing but formatted HTML, and a file with its path',
    mail: `From: Alice Liddell <${ALICE}@bitmessage>
Content-Type: multipart/mixed; boundary="Apple-Mail=_A"
Mime-Version: 1.0 (Mac OS X Mail 16.0 \\(3826.200.121\\))
Subject: list
X-Universally-Unique-Identifier: 7D5E2F4C-0E5B-4C5E-9B53-0F6F1B1A2C3D
Message-Id: <B1F6E9C2-2A57-4B0C-9F0E-1C2D3E4F5A6B@alices-macbook.local>
To: Bob <${BOB}@bitmessage>
X-Mailer: Apple Mail (2.3826.200.121)

--Apple-Mail=_A
Content-Type: text/html; charset=us-ascii

<html aria-label="message body"><head><meta http-equiv="content-type" content="text/html; charset=us-ascii"></head><body style="overflow-wrap: break-word; -webkit-nbsp-mode: space;"><h2 id="AppleMailSignature">Shopping</h2><div dir="auto">Milk<br class="Apple-interchange-newline"></div></body></html>
--Apple-Mail=_A
Content-Disposition: attachment; filename="/Users/alice.liddell/Documents/prices.txt"
Content-Type: text/plain; x-unix-mode=0644; name="/Users/alice.liddell/Documents/prices.txt"
Content-Transfer-Encoding: 7bit

1 EUR
--Apple-Mail=_A--
`,
    subject: 'list',
    body: 'Shopping\n\nMilk',
    files: [
      { name: 'prices.txt', type: 'text/plain', disposition: 'attachment', content: '1 EUR' },
      form('<h2>Shopping</h2><div dir="auto">Milk<br></div>'),
    ],
  },
  {
    program: 'Apple Mail, formatted text around a picture',
    mail: `From: Alice Liddell <${ALICE}@bitmessage>
Content-Type: multipart/alternative; boundary="Apple-Mail=_B"
Mime-Version: 1.0 (Mac OS X Mail 16.0 \\(3826.200.121\\))
Subject: cup
Message-Id: <B1F6E9C2-2A57-4B0C-9F0E-1C2D3E4F5A6C@alices-macbook.local>
To: Bob <${BOB}@bitmessage>
X-Mailer: Apple Mail (2.3826.200.121)

--Apple-Mail=_B
Content-Type: text/plain; charset=us-ascii

Look:

Bye
--Apple-Mail=_B
Content-Type: multipart/mixed; boundary="Apple-Mail=_C"

--Apple-Mail=_C
Content-Type: text/html; charset=us-ascii

<html><body>Look:<div><br></div></body></html>
--Apple-Mail=_C
Content-Disposition: inline; filename=cup.jpeg
Content-Type: image/jpeg; x-unix-mode=0644; name="cup.jpeg"
Content-Transfer-Encoding: base64

${base64('JPEG')}
--Apple-Mail=_C
Content-Type: text/html; charset=us-ascii

<html><body><b>Bye</b></body></html>
--Apple-Mail=_C--

--Apple-Mail=_B--
`,
    subject: 'cup',
    body: 'Look:\n\nBye',
    files: [{ name: 'cup.jpeg', type: 'image/jpeg', disposition: 'inline', content: 'JPEG' }, form('Look:<div><br></div>\n<b>Bye</b>')],
  },
  {
    program: 'K-9, formatted, with a photo as the camera made it',
    mail: utf8(`Date: Sun, 22 Nov 2026 10:11:12 +0530
From: Alice Liddell <${ALICE}@bitmessage>
To: ${BOB}@bitmessage
Subject: photo
User-Agent: K-9 Mail for Android
Message-ID: <E5C2B8B1-1F4E-4F0B-8C0A-5D6E7F8A9B0C@pixel-7.example>
MIME-Version: 1.0
Content-Type: multipart/mixed; boundary=----K9

------K9
Content-Type: multipart/alternative;boundary=----K9a

------K9a
Content-Type: text/plain; charset=utf-8

On Sunday, Bob wrote:
> Where?
There.
------K9a
Content-Type: text/html; charset=utf-8

<html><head></head><body><div class="k9mail"><u>There</u>.<div class="gmail_quote">On Sunday, Bob wrote:<blockquote class="gmail_quote" style="margin: 0pt 0pt 0pt 0.8ex; border-left: 1px solid rgb(204, 204, 204);">Where?</blockquote></div></div></body></html>
------K9a--

------K9
Content-Type: image/jpeg; name=IMG_0001.jpg
Content-Disposition: attachment; filename=IMG_0001.jpg; size=31
Content-Transfer-Encoding: base64

${base64('JPEG with what the camera wrote')}
------K9--
`),
    subject: 'photo',
    body: 'On Sunday, Bob wrote:\n> Where?\nThere.',
    files: [
      { name: 'IMG_0001.jpg', type: 'image/jpeg', disposition: 'attachment', content: 'JPEG with what the camera wrote' },
      form('<div><u>There</u>.<div>On Sunday, Bob wrote:<blockquote>Where?</blockquote></div></div>'),
    ],
  },
];
