/** The certificate that a server shows: a given one, or one of its own that clients have to be told to trust. */
import { createPrivateKey, generateKeyPairSync, randomBytes, X509Certificate } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { isIP } from "node:net";
import { join } from "node:path";
import forge from "node-forge";
import { AppError } from "../kernel/index.ts";
import type { ServerSettings } from "./settings.ts";

export interface Tls {
  /** PEM. */
  readonly cert: string;
  readonly key: string;
  /** The certificate that clients have to trust, where it is the server's own. */
  readonly caPath: string | undefined;
}

type TlsSettings = Pick<ServerSettings, "tlsCert" | "tlsKey" | "tlsSelfSigned" | "host">;

const DAY_MS = 86_400_000;

/** Browsers and Apple's systems take no certificate for longer. */
const VALID_DAYS = 825;

/** A certificate of one's own is renewed when it has this long left. */
const LEFT_DAYS_MIN = 30;

/** Names that every server of one's own answers to. */
const NAMES = ["localhost", "127.0.0.1", "::1"];

/** Undefined where the server speaks plain HTTP. Throws AppError "bad_argument" naming the setting. */
export function tlsOf(settings: TlsSettings, dataDir: string): Tls | undefined {
  const { tlsCert, tlsKey, tlsSelfSigned, host } = settings;
  if ((tlsCert === undefined) !== (tlsKey === undefined)) {
    throw bad(
      `--tls-cert and --tls-key belong together; ${tlsCert === undefined ? "--tls-cert" : "--tls-key"} is missing.`,
    );
  }
  if (tlsCert === undefined || tlsKey === undefined) {
    return tlsSelfSigned ? ownCertificate(join(dataDir, "tls"), host) : undefined;
  }
  if (tlsSelfSigned) throw bad("--tls-self-signed: a certificate is given by --tls-cert; leave one of them out.");
  const [cert, key] = [readPem("--tls-cert", tlsCert), readPem("--tls-key", tlsKey)];
  checkPair({ cert, key }, { certName: `--tls-cert ${tlsCert}`, keyName: `--tls-key ${tlsKey}` });
  return { cert, key, caPath: undefined };
}

const bad = (message: string, cause?: unknown): AppError => new AppError("bad_argument", message, cause);

function readPem(flag: string, path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    throw bad(`${flag}: ${path} cannot be read: ${error instanceof Error ? error.message : String(error)}.`, error);
  }
}

function checkPair(
  { cert, key }: Pick<Tls, "cert" | "key">,
  { certName, keyName }: { readonly certName: string; readonly keyName: string },
): void {
  const certificate = parsed(certName, "a certificate", () => new X509Certificate(cert));
  const privateKey = parsed(keyName, "a private key without a passphrase", () => createPrivateKey(key));
  if (!certificate.checkPrivateKey(privateKey)) throw bad(`${keyName} is not the key of ${certName}.`);
}

/** Causes are left out: they may quote the file. */
function parsed<T>(name: string, wanted: string, parse: () => T): T {
  try {
    return parse();
  } catch {
    throw bad(`${name} is not ${wanted} in PEM.`);
  }
}

/** Kept in the data directory, so that clients have to be told once. */
function ownCertificate(directory: string, host: string): Tls {
  const [certPath, keyPath] = [join(directory, "cert.pem"), join(directory, "key.pem")];
  const kept = existsSync(certPath) && existsSync(keyPath) ? readPair(certPath, keyPath) : undefined;
  if (kept !== undefined && isGood(kept.cert, host)) return { ...kept, caPath: certPath };
  const made = makeCertificate([...new Set([...NAMES, ...(isWildcard(host) ? [] : [host])])]);
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  writeFileSync(keyPath, made.key, { mode: 0o600 });
  writeFileSync(certPath, made.cert);
  return { ...made, caPath: certPath };
}

const readPair = (certPath: string, keyPath: string): Pick<Tls, "cert" | "key"> => ({
  cert: readFileSync(certPath, "utf8"),
  key: readFileSync(keyPath, "utf8"),
});

const isWildcard = (host: string): boolean => host === "0.0.0.0" || host === "::";

/** A damaged one is made anew. */
function isGood(pem: string, host: string): boolean {
  try {
    const certificate = new X509Certificate(pem);
    const isForHost =
      isWildcard(host) || (isIP(host) === 0 ? certificate.checkHost(host) : certificate.checkIP(host)) !== undefined;
    return isForHost && Date.parse(certificate.validTo) - Date.now() > LEFT_DAYS_MIN * DAY_MS;
  } catch {
    return false;
  }
}

function makeCertificate(names: readonly string[]): Pick<Tls, "cert" | "key"> {
  // The library's own keys take seconds; Node's take none.
  const { privateKey, publicKey } = generateKeyPairSync("rsa", {
    modulusLength: 2048,
    privateKeyEncoding: { type: "pkcs8", format: "pem" },
    publicKeyEncoding: { type: "spki", format: "pem" },
  });
  const certificate = forge.pki.createCertificate();
  certificate.publicKey = forge.pki.publicKeyFromPem(publicKey);
  certificate.serialNumber = `00${randomBytes(15).toString("hex")}`;
  certificate.validity.notBefore = new Date(Date.now() - DAY_MS);
  certificate.validity.notAfter = new Date(Date.now() + VALID_DAYS * DAY_MS);
  const subject = [{ name: "commonName", value: "Tapedeck" }];
  certificate.setSubject(subject);
  certificate.setIssuer(subject);
  certificate.setExtensions([
    { name: "basicConstraints", cA: true, critical: true },
    { name: "keyUsage", digitalSignature: true, keyCertSign: true, keyEncipherment: true, critical: true },
    { name: "extKeyUsage", serverAuth: true },
    {
      name: "subjectAltName",
      altNames: names.map((name) => (isIP(name) === 0 ? { type: 2, value: name } : { type: 7, ip: name })),
    },
    { name: "subjectKeyIdentifier" },
  ]);
  certificate.sign(forge.pki.privateKeyFromPem(privateKey), forge.md.sha256.create());
  return { cert: forge.pki.certificateToPem(certificate), key: privateKey };
}
