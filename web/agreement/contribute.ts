// Contributes with the code of the browser, for BrowserContributionTests.cs: a line of JSON for each question on standard input, and a
// line for each answer. Nothing but this file is Node's own.
import { openAsBlob } from "node:fs";
import { open, readFile } from "node:fs/promises";
import { createInterface } from "node:readline";
import {
  accountCode, checkReceipt, codeChallenge, checkedLink, completeDraft, contributionToSign, digestToSign, estimate, evidenceDigest, hasValidRecipient, leafHash, makeEvidence, offersOf,
  openSmall, parsePolicy, postOf, readSignIn, rootOf, sealExport, sealSignIn, signInUrl, submissionOf, upload, verdictToSign, withdrawalToSign,
} from "../contribute/index.ts";
import { read } from "../exports/index.ts";

process.removeAllListeners("warning"); // openAsBlob is announced as experimental in Node 20
process.on("warning", () => {});

const fileAt = async (path, name) => Object.assign(await openAsBlob(path), { name });
const base64 = (bytes) => Buffer.from(bytes).toString("base64");
const exists = (value) => value !== null && value !== undefined;

const answers = {
  seal: async ({ path, name, schema, to, ciphertext, email, proof, of }) => {
    const output = await open(ciphertext, "w");
    const file = await fileAt(path, name);
    const { reading, ...sealed } = await sealExport(file, to, async (chunk) => void (await output.write(chunk)), { schema });
    await output.close();
    const chosen = exists(email) ? { type: "email", message: await openAsBlob(email) } : proof;
    const { evidence, code } = exists(chosen) ? await makeEvidence(chosen, file, { ...of, ciphertextDigest: sealed.ciphertextDigest }, to) : {};
    return {
      ...sealed, ticket: base64(sealed.ticket), evidence: evidence && base64(evidence), evidenceDigest: evidenceDigest(evidence), rows: reading.summary.rows,
      code: code && { ...code, draft: code.draft && base64(code.draft) },
    };
  },
  upload: async ({ path, digest, base }) => {
    const sent = [];
    await upload(await openAsBlob(path), digest, { base, progress: (bytes) => sent.push(bytes) });
    return { sent };
  },
  submission: ({ signed, registry, validator, ticket, evidence }) =>
    submissionOf(signed, registry, validator, Buffer.from(ticket, "base64"), exists(evidence) ? Buffer.from(evidence, "base64") : undefined),
  estimate: async ({ path, name, schema, policy, digest }) =>
    estimate(await read(await fileAt(path, name), { schema }), parsePolicy(await readFile(policy), digest), "structure"),
  code: ({ registry, owner, ciphertextDigest, salt }) => ({ code: accountCode({ registry, owner, ciphertextDigest, salt: Buffer.from(salt.slice(2), "hex") }) }),
  draft: async ({ draft, identity, post, template, validator }) => {
    const evidence = await completeDraft(await openSmall(Buffer.from(draft, "base64"), identity), postOf(post, template), validator);
    return { evidence: base64(evidence), evidenceDigest: evidenceDigest(evidence) };
  },
  post: ({ pasted, template }) => ({ post: postOf(pasted, template) }),
  link: ({ pasted }) => ({ link: checkedLink(pasted) }),
  offers: ({ policy, account, origin }) => offersOf(policy, account, origin),
  signIn: ({ source, of, redirectUri, state, salt }) => ({
    challenge: codeChallenge(of, Buffer.from(salt.slice(2), "hex")), url: signInUrl(source, of, redirectUri, state, Buffer.from(salt.slice(2), "hex")),
  }),
  answer: ({ query, state, source }) => readSignIn(query, { state, source }),
  signedIn: async ({ source, of, redirectUri, salt, answer, validator }) => {
    const evidence = await sealSignIn({ source, redirectUri, salt: Buffer.from(salt.slice(2), "hex") }, answer, of, validator);
    return { evidence: base64(evidence), evidenceDigest: evidenceDigest(evidence), ciphertextDigest: of.ciphertextDigest };
  },
  open: async ({ file, identity }) => ({ text: await openSmall(Buffer.from(file, "base64"), identity) }),
  contribution: ({ terms, registry }) => ({ digest: digestToSign(contributionToSign(terms, registry)) }),
  verdict: ({ verdict, registry }) => ({ digest: digestToSign(verdictToSign(verdict, registry)) }),
  withdrawal: ({ withdrawal, registry }) => ({ digest: digestToSign(withdrawalToSign(withdrawal, registry)) }),
  leaf: ({ leaf, proof }) => ({ hash: leafHash(leaf), root: rootOf(leaf, proof) }),
  validator: async ({ validator, registry }) => ({ isValid: await hasValidRecipient(validator, registry) }),
  receipt: async ({ receipt, validators, roots }) => ({
    checks: await checkReceipt(receipt, {
      isValidator: async (account) => validators.some((known) => known.toLowerCase() === account.toLowerCase()),
      batchRoot: async (batchId) => roots[batchId],
    }),
  }),
  policy: async ({ json, digest }) => parsePolicy(Buffer.from(json, "base64"), digest),
};

for await (const line of createInterface({ input: process.stdin })) {
  const question = JSON.parse(line);
  let answer;
  try {
    answer = await answers[question.kind](question);
  } catch ({ code, detail, message }) {
    answer = { refusal: { code: code ?? "failed", detail: detail ?? message } };
  }
  process.stdout.write(JSON.stringify(answer) + "\n");
}
