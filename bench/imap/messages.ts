/** The mails of the benchmark of IMAP: plain ones of about 1.3 KB, each with words of its own. */

/** Of 1000 messages one holds it, or every third. */
export const RARE = 'quagmire';
export const COMMON = 'meeting';

export function message(index: number): Buffer {
  const words = Array.from({ length: 150 }, (_, word) => `word${(index * 31 + word * 17) % 5000}`);
  if (index % 1000 === 7) words.splice(75, 0, RARE);
  if (index % 3 === 0) words.splice(50, 0, COMMON);
  const lines = words.join(' ').replace(/(.{60,70}) /g, '$1\r\n');
  return Buffer.from(
    [
      `From: "Person ${index % 97}" <person${index % 97}@example.org>`,
      `To: me@example.org, "Somebody Else" <else${index % 13}@example.org>`,
      `Subject: Re: subject ${index % 700}`,
      `Date: Thu, 1 Jan 2026 10:${String(index % 60).padStart(2, '0')}:00 +0000`,
      `Message-ID: <${index}@example.org>`,
      `In-Reply-To: <${Math.max(index - 700, 0)}@example.org>`,
      'MIME-Version: 1.0',
      'Content-Type: text/plain; charset=utf-8',
      '',
      lines,
      '',
    ].join('\r\n'),
  );
}
