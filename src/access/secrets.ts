/** Making and checking the ids and secrets of keys. */
import { hash, randomBytes, timingSafeEqual } from "node:crypto";

const BASE32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/** 18 characters of 5 bits. */
const ID_LENGTH = 18;

/** 52 characters of 5 bits: 260 bits. */
const SECRET_LENGTH = 52;

export interface SecretHash {
  /** 128 random bits, hexadecimal. */
  readonly salt: string;
  /** SHA-256 of salt and secret, hexadecimal. */
  readonly hash: string;
}

/** "TK" and 18 characters of base32. */
export const newKeyId = (): string => `TK${randomText(ID_LENGTH)}`;

export const newSecret = (): string => randomText(SECRET_LENGTH);

/**
 * One SHA-256, not scrypt: a slow hash makes up for secrets that people choose. These are 256 random bits, which no
 * amount of guessing reaches, and a slow hash would only slow the server down.
 */
export function hashSecret(secret: string): SecretHash {
  const salt = randomBytes(16).toString("hex");
  return { salt, hash: digest(salt, secret) };
}

/** Takes the same time wherever the first difference lies. */
export function isSecret(secret: string, expected: SecretHash): boolean {
  return timingSafeEqual(Buffer.from(digest(expected.salt, secret)), Buffer.from(expected.hash));
}

const digest = (salt: string, secret: string): string => hash("sha256", `${salt}:${secret}`, "hex");

/** A byte's low five bits are as random as the byte: 256 is a multiple of 32. */
function randomText(length: number): string {
  return Array.from(randomBytes(length), (byte) => BASE32[byte & 31]).join("");
}
