// Reads the catalogue's documents as strangers' programs do, for LinkedDataTests.cs: {kind, base, document} a line of standard input, the faults that were
// found on a line of standard output. JSON-LD is expanded in safe mode, where whatever would be dropped is an error; the graph is held against the
// shapes beside this file. Nothing is fetched: a context that is only named is refused.
import { readFileSync } from 'node:fs'
import { createInterface } from 'node:readline'
import jsonld from 'jsonld'
import { Parser, Store } from 'n3'
import Validator from 'rdf-validate-shacl'

const near = (name) => readFileSync(new URL(name, import.meta.url), 'utf8')
const shapes = (name) => new Validator(new Store(new Parser().parse(near(name))))
const validators = { croissant: shapes('croissant-1.1.ttl'), dcat: shapes('dcat-3.ttl') }
const published = JSON.parse(near('croissant-1.1-context.json'))
const documentLoader = (url) => { throw new Error(`${url} was to be fetched`) }

const graphOf = (document, base) => jsonld.toRDF(document, { base, documentLoader, safe: true, format: 'application/n-quads' })
const canonical = (document, base) => jsonld.canonize(document, { algorithm: 'RDFC-1.0', base, documentLoader, safe: true })
const list = (value) => (value === undefined ? [] : Array.isArray(value) ? value : [value])

// What shapes cannot say: JSON inside the graph, a part of one property in another, and the same name given twice.
function * beside (document) {
  const ids = new Set()
  const recordSets = list(document.recordSet)
  for (const part of [...list(document.distribution), ...recordSets, ...recordSets.flatMap((set) => list(set.field))]) {
    if (part['@id'] === undefined) yield 'ID and reference mechanism: every part that others may name has an @id'
    else if (ids.has(part['@id'])) yield `ID and reference mechanism: IDs are unique; ${part['@id']} stands twice`
    ids.add(part['@id'])
  }
  for (const set of recordSets) {
    const fields = new Set(list(set.field).map((field) => field['@id']))
    for (const key of list(set.key)) if (!fields.has(key['@id'])) yield `RecordSet, key: ${key['@id']} is a field of another record set`
    for (const record of [...list(set.examples), ...list(set.data)])
      if (Object.keys(record).some((name) => !fields.has(name))) yield `RecordSet, examples: a record of ${set['@id']} has what is no field of it`
    for (const record of list(set.data)) if (Object.keys(record).length !== fields.size) yield `RecordSet, data: a record of ${set['@id']} lacks a field`
    // The official program asks for a declared join where the fields of one record set come from two resources.
    const sources = new Set(list(set.field).flatMap(({ source }) => [source?.fileSet, source?.fileObject]).filter(Boolean).map((reference) => reference['@id']))
    if (sources.size > 1 && !list(set.field).some((field) => field.references)) yield `Joins: ${set['@id']} reads two resources and joins them nowhere`
  }
}

async function faults ({ kind, base, document }) {
  const found = []
  let quads
  try {
    quads = new Parser().parse(await graphOf(document, base))
    if (kind === 'croissant' && await canonical(document, base) !== await canonical({ ...document, '@context': published }, base))
      found.push('Appendix 1: by the published context the document says something else')
  } catch (problem) {
    const { event } = problem.details ?? {}
    return [`JSON-LD: ${event?.message ?? problem.message} ${JSON.stringify(event?.details ?? {})}`]
  }
  const graph = new Store(quads)
  const report = await validators[kind].validate(graph)
  for (const { message, path, focusNode, value } of report.results)
    found.push(`${message.map((text) => text.value).join('; ')} [${focusNode?.value} ${path?.value ?? ''} ${value?.value ?? ''}]`)
  const [type, count] = kind === 'croissant' ? ['http://schema.org/Dataset', 1] : ['http://www.w3.org/ns/dcat#Catalog', 1]
  if (graph.match(null, 'http://www.w3.org/1999/02/22-rdf-syntax-ns#type', type).size !== count) found.push(`There is not one ${type}`)
  if (kind === 'croissant') found.push(...beside(document))
  return found
}

for await (const line of createInterface({ input: process.stdin })) process.stdout.write(JSON.stringify(await faults(JSON.parse(line))) + '\n')
