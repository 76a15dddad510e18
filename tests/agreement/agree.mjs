// Answers questions of AgreementTests.cs with viem: one JSON object a line in, one a line out.
import { createInterface } from 'node:readline'
import {
  decodeAbiParameters, encodeAbiParameters, encodePacked, hashTypedData, keccak256, parseTransaction, recoverAddress,
  serializeTransaction, toHex,
} from 'viem'
import { privateKeyToAccount, sign } from 'viem/accounts'

// Values travel as in C#'s AgreementJson: integers as decimal text, bytes as hex, lists as arrays.
const revive = (type, value) => {
  const array = type.type.match(/^(.*)\[\d*\]$/)
  if (array) return value.map((item) => revive({ ...type, type: array[1] }, item))
  if (type.type === 'tuple') return type.components.map((component, i) => revive(component, value[i]))
  // viem takes and gives integers up to 48 bits as numbers.
  return /^u?int/.test(type.type) ? BigInt(value) : value
}
const flatten = (type, value) => {
  const array = type.type.match(/^(.*)\[\d*\]$/)
  if (array) return value.map((item) => flatten({ ...type, type: array[1] }, item))
  if (type.type === 'tuple') return type.components.map((component, i) => flatten(component, value[component.name ?? i]))
  return /^u?int/.test(type.type) ? value.toString() : value
}

const answers = {
  keccak: ({ data }) => keccak256(data),
  abi: ({ types, values }) => {
    const encoded = encodeAbiParameters(types, types.map((type, i) => revive(type, values[i])))
    return { encoded, decoded: decodeAbiParameters(types, encoded).map((value, i) => flatten(types[i], value)) }
  },
  packed: ({ types, values }) => encodePacked(types.map((type) => type.type), types.map((type, i) => revive(type, values[i]))),
  typedData: ({ json }) => hashTypedData(JSON.parse(json)),
  sign: async ({ secret, digest }) => ({
    address: privateKeyToAccount(secret).address, signature: await sign({ hash: digest, privateKey: secret, to: 'hex' }),
  }),
  recover: ({ digest, signature }) => recoverAddress({ hash: digest, signature }),
  transaction: async ({ secret, transaction: t }) => {
    const fields = {
      type: 'eip1559', chainId: Number(t.chainId), nonce: Number(t.nonce), maxPriorityFeePerGas: BigInt(t.tip), maxFeePerGas: BigInt(t.fee),
      gas: BigInt(t.gas), value: BigInt(t.value), data: t.data, accessList: t.accessList, ...(t.to ? { to: t.to } : {}),
    }
    const raw = await privateKeyToAccount(secret).signTransaction(fields)
    return { raw, unsigned: keccak256(serializeTransaction(fields)), readBack: toHex(parseTransaction(t.raw).nonce ?? 0) }
  },
}

for await (const line of createInterface({ input: process.stdin })) {
  const question = JSON.parse(line)
  let answer
  try {
    answer = await answers[question.kind](question)
  } catch (error) {
    answer = { failed: String(error?.message ?? error) }
  }
  process.stdout.write(JSON.stringify(answer) + '\n')
}
