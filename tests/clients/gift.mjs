// Reads GIFT files with gift-pegjs. Standard input: a file's name in each line. Standard output: {name: questions}.
import { readFileSync } from 'node:fs'
import gift from 'gift-pegjs'

const files = readFileSync(0, 'utf8').split('\n').filter(Boolean)
process.stdout.write(JSON.stringify(Object.fromEntries(files.map((file) => [file, gift.parse(readFileSync(file, 'utf8'))]))))
