import { X509Certificate } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { tlsOf } from "./tls.ts";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "tapedeck-tls-"));
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

const NONE = { tlsCert: undefined, tlsKey: undefined, tlsSelfSigned: false, host: "127.0.0.1" };
const OWN = { ...NONE, tlsSelfSigned: true };

const file = (name: string, text: string): string => {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
};

describe("a certificate of the server's own", () => {
  it("is for loopback and the host, kept, and readable by its owner alone", () => {
    const dataDir = join(folder, "own");
    const first = tlsOf({ ...OWN, host: "tape.example.org" }, dataDir);
    const certificate = new X509Certificate(first?.cert ?? "");
    expect(certificate.checkHost("localhost")).toBe("localhost");
    expect(certificate.checkHost("tape.example.org")).toBe("tape.example.org");
    expect([certificate.checkIP("127.0.0.1"), certificate.checkIP("::1")]).toEqual(["127.0.0.1", "::1"]);
    expect(first?.caPath).toBe(join(dataDir, "tls", "cert.pem"));
    expect(statSync(join(dataDir, "tls", "key.pem")).mode & 0o777).toBe(0o600);
    expect(tlsOf({ ...OWN, host: "tape.example.org" }, dataDir)).toEqual(first);
    expect(tlsOf({ ...OWN, host: "0.0.0.0" }, dataDir)).toEqual(first);
  });

  it("is made anew for another host, and where it is damaged", () => {
    const dataDir = join(folder, "anew");
    const first = tlsOf(OWN, dataDir);
    const second = tlsOf({ ...OWN, host: "192.168.7.7" }, dataDir);
    expect(second?.cert).not.toBe(first?.cert);
    expect(new X509Certificate(second?.cert ?? "").checkIP("192.168.7.7")).toBe("192.168.7.7");
    writeFileSync(join(dataDir, "tls", "cert.pem"), "damaged");
    expect(tlsOf(OWN, dataDir)?.cert).toContain("BEGIN CERTIFICATE");
  });
});

describe("a certificate that is given", () => {
  const pair = (): { readonly tlsCert: string; readonly tlsKey: string } => {
    const own = tlsOf(OWN, join(folder, "given"));
    return { tlsCert: file("cert.pem", own?.cert ?? ""), tlsKey: file("key.pem", own?.key ?? "") };
  };

  it("is taken as it is", () => {
    const { tlsCert, tlsKey } = pair();
    expect(tlsOf({ ...NONE, tlsCert, tlsKey }, folder)).toEqual({
      cert: readFileSync(tlsCert, "utf8"),
      key: readFileSync(tlsKey, "utf8"),
      caPath: undefined,
    });
  });

  it.each([
    ["without its key", () => ({ tlsCert: pair().tlsCert }), "--tls-key is missing"],
    ["without a certificate", () => ({ tlsKey: pair().tlsKey }), "--tls-cert is missing"],
    ["beside one of the server's own", () => ({ ...pair(), tlsSelfSigned: true }), "--tls-self-signed"],
    ["from a file that is not there", () => ({ ...pair(), tlsCert: join(folder, "nope") }), "cannot be read"],
    ["that is none", () => ({ ...pair(), tlsCert: file("x.pem", "hello") }), "is not a certificate"],
    ["with a key that is none", () => ({ ...pair(), tlsKey: file("y.pem", "hello") }), "is not a private key"],
    [
      "with another's key",
      () => ({ ...pair(), tlsKey: file("z.pem", tlsOf(OWN, join(folder, "other"))?.key ?? "") }),
      "is not the key of",
    ],
  ])("is refused %s", (_name, given, words) => {
    expect(() => tlsOf({ ...NONE, ...given() }, folder)).toThrow(words);
  });

  it("is none where nothing is said", () => {
    expect(tlsOf(NONE, folder)).toBeUndefined();
  });
});
