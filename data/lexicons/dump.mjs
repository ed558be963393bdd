// Writes the word list inside npm compromise 14.17.0 as compromise.json: { tag: [words] }.
//     npm pack compromise@14.17.0, unpack, then: node dump.mjs PACKAGE > compromise.json
import path from 'node:path'
import { pathToFileURL } from 'node:url'

const build = path.resolve(process.argv[2], 'builds/two/compromise-two.mjs')
const { default: nlp } = await import(pathToFileURL(build))
const byTag = {}
for (const [word, tags] of Object.entries(nlp.world().model.one.lexicon)) {
  for (const tag of [].concat(tags)) (byTag[tag] ||= []).push(word)
}
console.log(JSON.stringify(byTag))
