// Reads files with citation-js. Standard input: a file's name in each line. Standard output: {name: items as CSL-JSON}.
import { readFileSync } from 'node:fs'
import { Cite } from '@citation-js/core'
import '@citation-js/plugin-bibtex'
import '@citation-js/plugin-ris'

const FORMATS = { 'biblatex.bib': '@biblatex/text', bib: '@bibtex/text', ris: '@ris/file', json: '@else/json' }

const read = (file) => {
  const [suffix] = Object.keys(FORMATS).filter((suffix) => file.endsWith(`.${suffix}`))
  return new Cite(readFileSync(file, 'utf8'), { forceType: FORMATS[suffix] }).data
}

const files = readFileSync(0, 'utf8').split('\n').filter(Boolean)
process.stdout.write(JSON.stringify(Object.fromEntries(files.map((file) => [file, read(file)]))))
