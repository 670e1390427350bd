/** The certificates of the mail ports: an authority of our own for ten years, and a server certificate that it signs. */
import { createPrivateKey, generateKeyPair, randomBytes, X509Certificate } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { isIP } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { pki } from 'node-forge';
import { readIfThere, writePrivateFile } from './private-file.js';

export interface ServerCertificate {
  /** PEM. */
  readonly key: string;
  /** PEM: the server's certificate, then the authority's. */
  readonly cert: string;
  /** PEM: the authority's certificate, which a mail program may be told to trust. */
  readonly ca: string;
  /** Where `ca` lies. */
  readonly caPath: string;
  /** SHA-256 of the server's certificate, as mail programs show it. */
  readonly fingerprint: string;
}

interface Pair {
  readonly key: string;
  readonly cert: string;
}

const DAY_MS = 86_400_000;
const CA_DAYS = 3650;
/** Apple's systems refuse a server certificate that is good for more than 825 days. */
const LEAF_DAYS = 800;
/** Renewed at a start that finds less than this left: so it never runs out if Postern is started once a year. */
const RENEW_BEFORE_DAYS = 400;
/** A mail program whose clock is a little behind must not find the certificate not yet valid. */
const BACKDATE_DAYS = 1;
/** What every mail program can verify, old ones too. */
const RSA_BITS = 2048;

/** Reads the certificates in `directory`, and makes or renews what is missing, damaged, too old or for other names. */
export async function ensureCertificate(directory: string, extraNames: readonly string[], now = new Date()): Promise<ServerCertificate> {
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  // Many mail programs look at DNS names alone: localhost comes first.
  const names = [...new Set(['localhost', '127.0.0.1', '::1', ...extraNames])];
  const ca = readPair(directory, 'ca') ?? (await makeCa(now));
  const isCaLasting = daysLeft(ca.cert, now) > LEAF_DAYS;
  const authority = isCaLasting ? ca : await makeCa(now);
  writePair(directory, 'ca', authority);
  const old = readPair(directory, 'server');
  const leaf = old !== undefined && isGoodLeaf(old.cert, authority.cert, names, now) ? old : await makeLeaf(authority, names, now);
  writePair(directory, 'server', leaf);
  return {
    key: leaf.key,
    cert: leaf.cert + authority.cert,
    ca: authority.cert,
    caPath: join(directory, 'ca.pem'),
    fingerprint: new X509Certificate(leaf.cert).fingerprint256,
  };
}

function isGoodLeaf(leafPem: string, caPem: string, names: readonly string[], now: Date): boolean {
  const leaf = new X509Certificate(leafPem);
  const isNamed = (name: string): boolean => (isIP(name) !== 0 ? leaf.checkIP(name) : leaf.checkHost(name)) !== undefined;
  return leaf.verify(new X509Certificate(caPem).publicKey) && names.every(isNamed) && daysLeft(leafPem, now) > RENEW_BEFORE_DAYS;
}

function daysLeft(pem: string, now: Date): number {
  return (Date.parse(new X509Certificate(pem).validTo) - now.getTime()) / DAY_MS;
}

/** Undefined when a file is missing, is not what it should be, or the two do not belong together (a crash between the writes). */
function readPair(directory: string, name: string): Pair | undefined {
  const key = readIfThere(join(directory, `${name}-key.pem`));
  const cert = readIfThere(join(directory, `${name}.pem`));
  if (key === undefined || cert === undefined) return undefined;
  try {
    return new X509Certificate(cert).checkPrivateKey(createPrivateKey(key)) ? { key, cert } : undefined;
  } catch {
    return undefined; // damaged: made anew
  }
}

function writePair(directory: string, name: string, pair: Pair): void {
  for (const [path, text] of [
    [join(directory, `${name}-key.pem`), pair.key],
    [join(directory, `${name}.pem`), pair.cert],
  ]) {
    if (readIfThere(path) !== text) writePrivateFile(path, text);
  }
}

async function makeCa(now: Date): Promise<Pair> {
  const { forge, keys, certificate, key } = await blank(now, CA_DAYS);
  const subject = [{ name: 'commonName', value: `Postern on this machine ${randomBytes(4).toString('hex')}` }];
  certificate.setSubject(subject);
  certificate.setIssuer(subject);
  certificate.setExtensions([
    { name: 'basicConstraints', critical: true, cA: true, pathLenConstraint: 0 },
    { name: 'keyUsage', critical: true, keyCertSign: true, cRLSign: true },
    { name: 'subjectKeyIdentifier' },
  ]);
  certificate.sign(keys.privateKey, forge.md.sha256.create());
  return { key, cert: unixLines(forge.pki.certificateToPem(certificate)) };
}

async function makeLeaf(ca: Pair, names: readonly string[], now: Date): Promise<Pair> {
  const { forge, certificate, key } = await blank(now, LEAF_DAYS);
  const issuer = forge.pki.certificateFromPem(ca.cert);
  certificate.setSubject([{ name: 'commonName', value: 'localhost' }]);
  certificate.setIssuer(issuer.subject.attributes);
  certificate.setExtensions([
    { name: 'basicConstraints', critical: true, cA: false },
    { name: 'keyUsage', critical: true, digitalSignature: true, keyEncipherment: true },
    { name: 'extKeyUsage', serverAuth: true },
    { name: 'subjectAltName', altNames: names.map((name) => (isIP(name) !== 0 ? { type: 7, ip: name } : { type: 2, value: name })) },
    { name: 'subjectKeyIdentifier' },
    { name: 'authorityKeyIdentifier', keyIdentifier: issuer.generateSubjectKeyIdentifier().getBytes() },
  ]);
  certificate.sign(forge.pki.privateKeyFromPem(ca.key), forge.md.sha256.create());
  return { key, cert: unixLines(forge.pki.certificateToPem(certificate)) };
}

/** A certificate with a fresh key, a random serial number and its dates. The library is loaded here: most starts need none of it. */
async function blank(now: Date, days: number) {
  const { default: forge } = await import('node-forge');
  const { privateKey } = await promisify(generateKeyPair)('rsa', { modulusLength: RSA_BITS });
  const key = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  const forgeKey = forge.pki.privateKeyFromPem(key);
  const keys = { privateKey: forgeKey, publicKey: forge.pki.setRsaPublicKey(forgeKey.n, forgeKey.e) };
  const certificate: pki.Certificate = forge.pki.createCertificate();
  certificate.publicKey = keys.publicKey;
  // RFC 5280 §4.1.2.2: positive, so the first byte is 01 … 7f, and unpredictable.
  certificate.serialNumber = `4${randomBytes(16).toString('hex').slice(1)}`;
  certificate.validity.notBefore = new Date(now.getTime() - BACKDATE_DAYS * DAY_MS);
  certificate.validity.notAfter = new Date(now.getTime() + days * DAY_MS);
  return { forge, keys, certificate, key };
}

function unixLines(pem: string): string {
  return pem.replace(/\r\n/g, '\n');
}
