/** The one shape of every error: an eight-digit code, a message, and Alpaca's extra fields where it has them. */
import type { FastifyReply } from "fastify";
import { REFUSALS, type Refusal, type RefusalReason } from "../../kernel/index.ts";

export interface ErrorBody {
  readonly [extra: string]: string | number;
  readonly code: number;
  readonly message: string;
}

/** Codes for what is nobody's fault but the server's: a bug, and a disk that says no. */
export const INTERNAL_ERROR: ErrorBody = { code: 50010000, message: "internal server error" };
export const UNAVAILABLE_CODE = 50310000;

export function errorBody(refusal: Refusal): ErrorBody {
  return { code: REFUSALS[refusal.reason].code, message: refusal.message, ...refusal.details };
}

export const statusOf = (reason: RefusalReason): number => REFUSALS[reason].status;

/** Answers with a refusal; a missing or wrong credential also says which scheme is wanted. */
export function sendRefusal(reply: FastifyReply, refusal: Refusal): FastifyReply {
  const status = statusOf(refusal.reason);
  if (status === 401) void reply.header("www-authenticate", 'Basic realm="tapedeck", charset="UTF-8"');
  return reply.code(status).send(errorBody(refusal));
}
